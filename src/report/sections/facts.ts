import type { Approver } from '../../account/approver.ts'
import { plans } from '../../account/mode.ts'
import { count, duration, people, thousands } from '../../text/words.ts'
import { type Fact, isTold, type Section, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import { GUARD_WORDS, shortDigests, shownDigest, VERDICTS } from '../words.ts'

/** Who, what, when, and where the results are. */
export function facts(report: RunReport): Section {
  const { settings, sha256, commit, runUrl, artifact, today, privacy, mode, emailed, startedBy, runAttempt } = report
  const again = runAttempt !== 1 && startedBy !== ''
  const emails = emailed === 0 || mode === 'verify' ? '' : `${people(emailed)}${plans(mode) ? ' will be' : ''}`
  const rows: readonly Fact[] = [
    ['Started by', again ? `${startedBy}; attempt ${runAttempt} by ${report.attemptStartedBy}` : startedBy],
    ['Approved by', report.approvedBy.map(approver).join(', ')],
    ['List', sha256.list === '' ? report.source : [report.source, 'SHA-256', { code: shortDigests(sha256.list) }]],
    ['Commit', { code: commit.slice(0, 12) }],
    ['Message', String(settings.message ?? '')],
    ['Duration', pace(report)],
    ['Active managed accounts', active(report)],
    ['E-mailed by Atlassian', emails],
    ['Run', { link: 'Workflow run', url: runUrl }],
    ['Results', artifact === null ? '' : [{ link: 'Results artifact', url: artifact.url }, { code: artifact.name }]],
    ['Organization', { code: report.organizationId }],
    ['Columns', report.columns],
    ['Plan digest', { code: shortDigests(shownDigest(report)) }],
    ['Date used as today', today === '' ? '' : `${today} (UTC)`],
    ['Pauses that Atlassian asked for', pauses(report)],
    ['Personal data', privacy === 'masked' ? 'Masked' : 'Shown'],
  ]
  return { id: 'facts', title: 'Facts', blocks: [{ kind: 'facts', rows: rows.filter(([, value]) => isTold(value)) }] }
}

/** The inputs in force. */
export function inputs({ settings }: RunReport): Section {
  const rows = Object.entries(settings).map(([name, value]): Fact => [name, String(value)])
  const blocks: Section['blocks'] = rows.length === 0 ? [] : [{ kind: 'facts', rows }]
  return { id: 'inputs', title: 'Settings in force', folded: true, blocks }
}

function approver({ login, through }: Approver): string {
  return `${login} (${through.kind === 'environment' ? `environment ${through.name}` : `pull request ${through.number}`})`
}

function active({ activeBefore, activeAfterCanary, activeAfter }: RunReport): string {
  if (activeBefore === null) return ''
  return [activeBefore, activeAfter ?? activeAfterCanary ?? []].flat().map(thousands).join(' → ')
}

function pace({ startedAt, finishedAt, counts }: RunReport): string {
  const took = Date.parse(finishedAt) - Date.parse(startedAt)
  if (!Number.isFinite(took)) return ''
  const perSecond = took > 0 ? ((counts.deactivated + counts.restored) / (took / 1000)).toFixed(1) : '0.0'
  return `${duration(took)}${perSecond === '0.0' ? '' : `, ${perSecond} accounts per second`}`
}

function pauses({ pauses: all }: RunReport): string {
  const total = all.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0)
  return all.length === 0 ? '' : `${thousands(all.length)}, ${duration(total)} in all`
}

/** What every guard found and allows. Those that did not pass are told first, on their own. */
export function guards({ guards: findings }: RunReport): Section {
  const checked = findings.filter(({ verdict }) => verdict !== 'not-checked')
  const passed = checked.filter(({ verdict }) => verdict === 'passed').length
  const left = findings.length - checked.length
  const blocks = table(findings, findings.length, {
    Guard: ({ guard, verdict }) => [VERDICTS[verdict].mark, GUARD_WORDS[guard], { code: guard }],
    Verdict: ({ verdict }) => VERDICTS[verdict].words,
    Found: ({ verdict, message, found }) => (verdict === 'not-checked' ? message : shortDigests(found)),
    Allowed: ({ limit }) => shortDigests(limit),
  })
  const more = left === 0 ? '' : `; ${thousands(left)} not checked`
  const title = `${thousands(passed)} of ${count(checked.length, 'guard')} passed${more}`
  return { id: 'guards', title, folded: true, blocks }
}
