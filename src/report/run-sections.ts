import type { Approver } from '../account/approver.ts'
import { plans } from '../account/decision.ts'
import { count, duration, people, thousands } from '../text/words.ts'
import { type Fact, isTold, type Section, table } from './model.ts'
import type { RunReport } from './report.ts'
import { GUARD_WORDS, lacksOrganization, shortDigests, VERDICTS, wayOn } from './words.ts'

/** Who, what, when, and where the results are. */
export function facts(report: RunReport): Section {
  const { settings, sha256, commit, runUrl, artifact, today, privacy, mode, emailed, startedBy, runAttempt } = report
  const { activeBefore, activeAfter, activeAfterCanary, pauses } = report
  const again = runAttempt !== 1 && startedBy !== ''
  const emails = emailed === 0 || mode === 'verify' ? '' : `${people(emailed)}${plans(mode) ? ' will be' : ''}`
  const active = activeBefore === null ? [] : [activeBefore, activeAfter ?? activeAfterCanary ?? []].flat()
  const waited = pauses.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0)
  const paused = pauses.length === 0 ? '' : `${thousands(pauses.length)}, ${duration(waited)} in all`
  // Nobody must take it for that of an apply.
  const digest = report.outcome === 'refused' || lacksOrganization(report) ? '' : report.planDigest
  const rows: readonly Fact[] = [
    ['Started by', again ? `${startedBy}; attempt ${runAttempt} by ${report.attemptStartedBy}` : startedBy],
    ['Approved by', report.approvedBy.map(approver).join(', ')],
    ['List', sha256.list === '' ? report.source : [report.source, 'SHA-256', { code: shortDigests(sha256.list) }]],
    ['Commit', { code: commit.slice(0, 12) }],
    ['Message', String(settings.message ?? '')],
    ['Duration', pace(report)],
    ['Active managed accounts', active.map(thousands).join(' → ')],
    ['E-mailed by Atlassian', emails],
    ['Run', { link: 'Workflow run', url: runUrl }],
    ['Results', artifact === null ? '' : [{ link: 'Results artifact', url: artifact.url }, { code: artifact.name }]],
    ['Organization', { code: report.organizationId }],
    ['Columns', report.columns],
    ['Plan digest', { code: shortDigests(digest) }],
    ['Date used as today', today === '' ? '' : `${today} (UTC)`],
    ['Pauses that Atlassian asked for', paused],
    ['Personal data', privacy === 'masked' ? 'Masked' : 'Shown'],
  ]
  return { id: 'facts', title: 'Facts', blocks: [{ facts: rows.filter(([, value]) => isTold(value)) }] }
}

/** The inputs in force. */
export function inputs({ settings }: RunReport): Section {
  const rows = Object.entries(settings).map(([name, value]) => [name, String(value)] as const)
  return { id: 'inputs', title: 'Settings in force', folded: true, blocks: rows.length === 0 ? [] : [{ facts: rows }] }
}

const approver = ({ login, through }: Approver): string =>
  `${login} (${through.kind === 'environment' ? `environment ${through.name}` : `pull request ${through.number}`})`

function pace({ startedAt, finishedAt, counts }: RunReport): string {
  const took = Date.parse(finishedAt) - Date.parse(startedAt)
  if (!Number.isFinite(took)) return ''
  const perSecond = took > 0 ? ((counts.deactivated + counts.restored) / (took / 1000)).toFixed(1) : '0.0'
  return `${duration(took)}${perSecond === '0.0' ? '' : `, ${perSecond} accounts per second`}`
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

/** How a GitHub expression begins. */
const OPEN = '$' + '{{'

const NOT_UPLOADED =
  'The results artifact was not uploaded, so there is nothing yet that a restore could read. Keep results.csv: it names every account that was deactivated.'

/** A workflow step that undoes exactly this run; nothing where nothing was deactivated. */
export function undo({ counts, artifact, runId, organizationId, uses }: RunReport): Section {
  const undoing = { id: 'undo', title: 'How to undo this run' }
  if (counts.deactivated === 0) return { ...undoing, blocks: [] }
  if (artifact === null) return { ...undoing, blocks: [{ text: NOT_UPLOADED }] }
  const words = [
    `This step restores the ${people(counts.deactivated)} that this run deactivated, and nobody else. Its job needs`,
    { code: 'permissions: actions: read' },
    'and, with',
    { code: 'mode: verify' },
    'instead, it reports who came back.',
  ]
  const step = [
    `- uses: ${uses.replaceAll(/\s+/g, ' ')}`,
    '  with:',
    '    mode: restore',
    `    results-artifact: ${yaml(artifact.name)}`,
    `    results-run-id: ${yaml(runId)}`,
    ...(organizationId === '' ? [] : [`    organization-id: ${yaml(organizationId)}`]),
    `    max-users: ${counts.deactivated}`,
    `    api-key: ${OPEN} secrets.ATLASSIAN_API_KEY }}`,
  ]
  return { ...undoing, folded: true, blocks: [{ text: words }, { yaml: step.join('\n') }] }
}

/** How to carry out exactly this plan; nothing where there is no digest to approve. @param how where that is done */
export function apply(report: RunReport, how = 'run the same step'): Section {
  const { digest, blockers } = wayOn(report)
  const mode = `mode: ${report.change === 'restore' ? 'restore' : 'apply'}`
  const when = `${blockers > 0 ? 'Once the guards above pass, ' : ''}${how}`
  const text = `${when.charAt(0).toUpperCase()}${when.slice(1)} with these two inputs; any other plan is then refused:`
  const blocks = digest === '' ? [] : [{ text }, { yaml: `${mode}\napproved-plan: ${digest}` }]
  return { id: 'apply', title: 'To carry out exactly this plan', blocks }
}

/** A YAML text that is no expression to GitHub. */
function yaml(text: string): string {
  const quoted = JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, '')
  return quoted.replaceAll(OPEN, () => `${OPEN} '${OPEN}' }}`)
}
