import { changes, pastOf, plans } from '../account/decision.ts'
import type { AccountResult } from '../account/result.ts'
import type { Log } from '../log.ts'
import type { Learned } from '../notes.ts'
import { causeText, kindOf } from '../report/cause-words.ts'
import { isGreen } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { sift } from '../report/sift.ts'
import { OUTCOMES, tellsChange, wayOn } from '../report/words.ts'
import { count, duration, joinFilled, thousands } from '../text/words.ts'

/** Accounts that need attention, of those the log names so many. */
const MOST_NAMED = 20
/** GitHub shows ten errors of a step: the one that sums them up, and so many. */
const MOST_ANNOTATIONS = 9

type LineProblems = Learned['lineProblems']

/** The last words of a run: who needs attention, what happened with how to go on, and the figures in one line. */
export function tellEnding(log: Log, report: RunReport, lines: LineProblems): void {
  tellAttention(log, report)
  if (isGreen(report.outcome)) log.info(endingText(report))
  else log.error(endingText(report), { title: OUTCOMES[report.outcome].words })
  tellLines(log, lines)
  if (report.outcome !== 'refused') log.info(figuresLine(report))
}

/** What happened, what was changed so far, and what to do next; a line for each guard that refused. */
export function endingText(report: RunReport): string {
  const { outcome, reason, headline, changed, guards } = report
  const head = `${OUTCOMES[outcome].words}${reason === '' ? '' : ` (${reason})`}`
  const refusals = outcome === 'refused' ? guards.filter(({ verdict }) => verdict === 'refused') : []
  if (refusals.length > 0) {
    return [`${head}: ${changed}`, ...refusals.map(({ message, fix }) => `${message} ${fix}`.trim())].join('\n')
  }
  // The headline of a plan says by itself that it is one.
  const news = outcome === 'planned' ? headline : `${head}: ${headline}`
  return joinFilled([news, tellsChange(report) ? '' : changed, wayOn(report).next], ' ')
}

/** `Apply complete: 40 deactivated, 4 failed, 0 unknown, 0 not attempted · 40 read back · 14 s` */
export function figuresLine({ mode, change, outcome, counts, startedAt, finishedAt }: RunReport): string {
  const ended = outcome === 'partial' ? 'stopped early' : outcome === 'halted' ? 'halted' : 'complete'
  const told = (state: keyof typeof counts): string => thousands(counts[state])
  const left = thousands(counts.listed - counts.planned - counts.failed)
  const done = thousands(counts.deactivated + counts.restored)
  const figures =
    mode === 'verify'
      ? `${told('already-inactive')} still inactive, ${told('already-active')} came back, ${told('unknown')} unread`
      : plans(mode)
        ? `${told('planned')} to ${change}, ${left} left alone, ${told('failed')} unread`
        : `${done} ${pastOf(change)}, ${told('failed')} failed, ${told('unknown')} unknown, ${told('not-attempted')} not attempted`
  const read = changes(mode) ? ` · ${told('verified')} read back` : ''
  const took = Date.parse(finishedAt) - Date.parse(startedAt)
  return `${mode.charAt(0).toUpperCase()}${mode.slice(1)} ${ended}: ${figures}${read}${Number.isFinite(took) ? ` · ${duration(took)}` : ''}`
}

/** Failures by name, cause and link: nobody should have to open a file to know them. */
function tellAttention(log: Log, report: RunReport): void {
  const { failures, cameBack } = sift(report)
  const all = [...failures, ...cameBack]
  if (all.length === 0) return
  log.info(`${count(all.length, 'account needs', 'accounts need')} attention:`)
  for (const account of all.slice(0, MOST_NAMED)) log.info(`  ✗ ${attentionLine(account, report)}`)
  if (all.length > MOST_NAMED) log.info(`  … and ${thousands(all.length - MOST_NAMED)} more, all in results.csv`)
}

function attentionLine(account: AccountResult, { organizationId, mode }: RunReport): string {
  const { id, email, name, cause } = account
  const { words, key } = kindOf(account)
  const why = mode === 'verify' && account.state === 'already-active' ? `came back ${causeText(cause)}`.trim() : words
  const link =
    organizationId === '' ? '' : ` https://admin.atlassian.com/o/${organizationId}/users/${encodeURIComponent(id)}`
  return `${joinFilled([name, email, id], ' ')}: ${why}${key === '' ? '' : ` (${key})`}${link}`
}

/** What is wrong with which lines of the list: the first on the lines themselves, the others in the log. */
function tellLines(log: Log, { file, problems }: LineProblems): void {
  for (const { line, text } of problems.slice(0, MOST_ANNOTATIONS)) {
    if (file !== '') log.error(text, { title: line === 0 ? 'User list' : `User list, line ${line}`, file, line })
    else log.error(line === 0 ? text : `Line ${line}: ${text}`, { title: 'User list' })
  }
  const rest = problems.slice(MOST_ANNOTATIONS).map(({ line, text }) => `Line ${line}: ${text}`)
  if (rest.length > 0) log.group(`${count(rest.length, 'more problem')} of the list`, rest)
}
