import { createHash } from 'node:crypto'
import { ACCOUNT_ID } from '../account/account-id.ts'
import { type Change, SKIP_REASONS } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import type { LineProblem } from '../account/line-problem.ts'
import { escapeMarkdown } from '../text/escape.ts'
import { clip, count, thousands } from '../text/words.ts'
import { licenceRows, licenceTitle } from './live-words.ts'
import type { RunReport } from './report.ts'
import { wayOn } from './way-on.ts'

/** One account in a comment. Personal data is already masked where privacy asks for it. */
export interface AccountLine {
  readonly id: string
  readonly email: string
  readonly name: string
  /** Left out where nobody told. */
  readonly lastActive?: string
}

/** What a pull request changes against the list and the rules of its base branch: the computed sets. */
export interface PlanChanges {
  readonly newlyTargeted: readonly AccountLine[]
  readonly noLongerTargeted: readonly AccountLine[]
  /** Skipped for a reason now, and targets before. */
  readonly newlyProtected: readonly AccountLine[]
}

/** What makes a comment this action's own: another job, or another list, has a comment of its own. */
export interface CommentPlace {
  readonly workflow: string
  readonly job: string
  /** Path of the list. */
  readonly list: string
}

/** GitHub's limit. */
const MOST_CHARACTERS = 65_536
/** Rows of each table and lines of each list, from what is tried first to what always fits. */
const LENGTHS = [200, 50, 10, 0]
const MOST_TEXT = 600

/**
 * The hidden first line by which a comment is found again. The names are hashed: as they stand, they could end the
 * HTML comment.
 */
export function commentMarker({ workflow, job, list }: CommentPlace): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([workflow, job, list]))
    .digest('hex')
  return `<!-- deactivate-atlassian-users ${hash} -->`
}

/**
 * Builds the comment that a pull request shows of its plan, as GitHub-flavoured Markdown of at most 65,536 characters:
 * tables and lists are shortened until it fits.
 *
 * @param changes null where nothing can be compared.
 * @param lineProblems what is wrong with which lines of the list.
 */
export function buildComment(
  report: RunReport,
  changes: PlanChanges | null,
  place: CommentPlace,
  lineProblems: readonly LineProblem[] = [],
): string {
  for (const most of LENGTHS) {
    const parts = [
      commentMarker(place),
      heading(report),
      `${shorten(report.headline)}${report.outcome === 'refused' ? ` ${shorten(report.changed)}` : ''}`,
      figures(report),
      licences(report),
      ...(changes === null || report.outcome === 'refused' ? [] : [compared(report.change, changes, most)]),
      problems(report, most),
      badLines(lineProblems, most),
      toApply(report),
      footer(report),
    ]
    const text = parts.filter((part) => part !== '').join('\n\n')
    if (text.length <= MOST_CHARACTERS) return text
  }
  return `${commentMarker(place)}\n\n${heading(report)}\n\nThe plan is too long for a comment: see the job summary.`
}

function heading({ outcome, counts, change }: RunReport): string {
  if (outcome === 'planned') return `### 📋 Plan: ${count(counts.planned, 'account')} would be ${done(change)}`
  if (outcome === 'nothing-to-do') return '### 💤 Plan: nothing to do'
  if (outcome === 'refused') return '### ⛔ Plan refused'
  return '### ⚠️ The plan could not be made'
}

function figures(report: RunReport): string {
  if (report.outcome === 'refused' && report.counts.listed === 0) return ''
  const rows: [string, number][] = [
    [`accounts in ${shorten(report.source)}`, report.counts.listed],
    [`would be ${done(report.change)}`, report.counts.planned],
  ]
  for (const reason of SKIP_REASONS) {
    const skipped = report.accounts.filter((account) => account.decision === 'skip' && account.reason === reason)
    if (skipped.length > 0) rows.push([`skipped: \`${reason}\``, skipped.length])
  }
  if (report.change === 'deactivate') rows.push(['people whom Atlassian will e-mail', report.emailed])
  if (report.activity !== null) {
    const { last7Days, last30Days } = report.activity
    rows.push(['of them active in the last 7 days', last7Days], ['of them active in the last 30 days', last30Days])
  }
  const offline = report.live
    ? ''
    : '\n\nMade without reading anything from Atlassian: live facts can only shrink this.'
  return (
    table(
      ['', 'count'],
      rows.map(([name, number]) => [name, thousands(number)]),
    ) + offline
  )
}

function licences(report: RunReport): string {
  const rows = licenceRows(report).map(([what, people]) => [
    shorten(what, 100),
    people === null ? '' : thousands(people),
  ])
  return rows.length === 0 ? '' : `#### ${licenceTitle(report)}\n\n${table(['product', 'people'], rows)}`
}

function compared(change: Change, changes: PlanChanges, most: number): string {
  const sets: [string, readonly AccountLine[]][] = [
    [`➕ newly to be ${done(change)}`, changes.newlyTargeted],
    [`➖ no longer to be ${done(change)}`, changes.noLongerTargeted],
    ['🛡️ newly protected', changes.newlyProtected],
  ]
  const title = '#### Against the base branch'
  if (sets.every(([, accounts]) => accounts.length === 0)) return `${title}\n\nThe same accounts as before.`
  const parts = sets
    .filter(([, accounts]) => accounts.length > 0)
    .map(([name, accounts]) => {
      const summary = `<details><summary>${count(accounts.length, 'account')} ${name}</summary>`
      const rows = accounts
        .slice(0, most)
        .map(({ id, email, name, lastActive = '' }) => [
          idCell(id),
          shorten(email, 100),
          shorten(name, 100),
          lastActive,
        ])
      const isTold = rows.some(([, , , lastActive]) => lastActive !== '')
      const head = ['account id', 'e-mail', 'name', ...(isTold ? ['last active'] : [])]
      const cells = rows.map((row) => row.slice(0, head.length))
      const body = rows.length === 0 ? '' : `\n\n${table(head, cells)}`
      return `${summary}${body}${rest(accounts.length - rows.length)}\n\n</details>`
    })
  return [title, ...parts].join('\n\n')
}

function problems({ guards, warnings, outcome }: RunReport, most: number): string {
  const verdicts: Partial<Record<GuardFinding['verdict'], string>> = {
    refused: '⛔',
    reported: '⚠️ would stop `apply`:',
    waived: '⚠️ waived:',
    'not-checked': 'ℹ️ not checked:',
  }
  const known = guards.filter(({ verdict }) => verdicts[verdict] !== undefined)
  // The log's warnings repeat what guards found.
  const others = warnings.filter(
    (warning) => !known.some(({ message }) => message !== '' && warning.startsWith(message)),
  )
  // It names the digest of this plan, which nobody must approve once the plan is refused.
  const found = known.filter(({ guard }) => outcome !== 'refused' || guard !== 'plan-mismatch')
  const total = found.length + others.length
  if (total === 0) return ''
  const lines = [...found, ...others]
    .slice(0, Math.max(most, 5))
    .map((problem) =>
      typeof problem === 'string'
        ? `- ⚠️ ${shorten(problem)}`
        : `- ${verdicts[problem.verdict]} \`${problem.guard}\` ${shorten(`${problem.message} ${problem.fix}`.trim())}`,
    )
  return `#### Problems\n\n${lines.join('\n')}${rest(total - lines.length)}`
}

function badLines(found: readonly LineProblem[], most: number): string {
  if (found.length === 0) return ''
  const rows = found.slice(0, most).map(({ line, text }) => [thousands(line), shorten(text, 300)])
  const body = rows.length === 0 ? '' : `\n\n${table(['line', 'problem'], rows)}`
  return `#### Lines of the list that are wrong${body}${rest(found.length - rows.length, 'the annotations of the run')}`
}

function toApply(report: RunReport): string {
  const { next: todo, digest } = wayOn(report)
  const next = shorten(todo)
  if (digest === '') return next === '' ? '' : `#### What to do\n\n${next}`
  const mode = report.change === 'restore' ? 'restore' : 'apply'
  const lines = [`mode: ${mode}`, `approved-plan: ${digest}`]
  const how = `Merge this, then run it on the default branch with these inputs; another plan than this one is refused:`
  return `#### To apply exactly this plan\n\n${how}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`${next === '' ? '' : `\n\n${next}`}`
}

function footer({ runUrl, artifact, today }: RunReport): string {
  const links = [
    ...(isPlainUrl(runUrl) ? [`[run](${runUrl})`] : []),
    ...(artifact !== null && isPlainUrl(artifact.url) ? [`[all accounts](${artifact.url})`] : []),
  ]
  return `<sub>${[...links, `as of ${escapeMarkdown(today)} (UTC)`].join(' · ')}</sub>`
}

function done(change: Change): string {
  return change === 'restore' ? 'restored' : 'deactivated'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function rest(hidden: number, where = 'the results artifact'): string {
  return hidden > 0 ? `\n\n… and ${thousands(hidden)} more: see ${where}.` : ''
}

/** Outside text for one place in the comment. Shortened first: an escape must not be cut in two. */
function shorten(text: string, most = MOST_TEXT): string {
  return escapeMarkdown(clip(text, most))
}

/** As code: GitHub would take some ids for commits, and what breaks that up would be copied along. */
function idCell(id: string): string {
  return ACCOUNT_ID.test(id) ? `\`${id.replaceAll('|', '\\|')}\`` : shorten(id, 128)
}

function isPlainUrl(url: string): boolean {
  return /^https?:\/\/[\w.:/-]+$/.test(url)
}
