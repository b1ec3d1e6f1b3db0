import { count, duration, sentenceList } from '../text.ts'
import { explainDetail } from './atlassian-reasons.ts'
import { escapeMarkdown } from './escape.ts'
import { type AccountResult, type Outcome, type RunReport, STATES } from './report.ts'

/** GitHub drops a summary of more than 1 MiB whole. Bytes. */
const BUDGET = 900 * 1024
/** Rows of each table: what is tried first, down to what always fits. */
const ROWS = [500, 100, 20, 0]

const SYMBOLS: Readonly<Record<Outcome, string>> = {
  planned: '📋',
  'nothing-to-do': '✅',
  completed: '✅',
  partial: '⏸️',
  halted: '🛑',
  refused: '⛔',
  failed: '❌',
}

/**
 * The job summary: what a manager understands at a glance, then what an administrator needs. Tables are shortened
 * until it fits; counts never are.
 *
 * @param options.uses the action as a workflow names it, `owner/name@v1`
 */
export function summaryMarkdown(report: RunReport, options: { readonly uses: string }): string {
  let text = ''
  for (const rows of ROWS) {
    text = build(report, options.uses, rows)
    if (Buffer.byteLength(text) <= BUDGET) return text
  }
  return text.slice(0, BUDGET / 4)
}

function build(report: RunReport, uses: string, rows: number): string {
  const sections = [
    verdict(report),
    figures(report),
    guards(report),
    canary(report),
    failures(report, rows),
    cameBack(report, rows),
    skipped(report, rows),
    targets(report, rows),
    notes(report, rows),
    undo(report, uses),
    footer(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function verdict(report: RunReport): string {
  const { outcome, reason } = report
  const title = `## ${SYMBOLS[outcome]} ${titleOf(report)}${reason === '' ? '' : ` (${reason})`}`
  const mail =
    outcome === 'planned' && report.change === 'deactivate'
      ? `Atlassian will e-mail each of the ${count(report.emailed, 'person', 'people')}; nothing can suppress that.`
      : ''
  const offline =
    report.live || outcome === 'refused' ? '' : 'Made offline, from the list alone: nothing was read from Atlassian.'
  const parts = [report.headline, report.changed, mail, offline]
  const next = report.next === '' ? '' : `\n\n**What to do next:** ${paragraph(report.next)}`
  return `${title}\n\n${parts
    .filter((part) => part !== '')
    .map(paragraph)
    .join(' ')}${next}`
}

function titleOf({ mode, outcome, change }: RunReport): string {
  const what =
    mode === 'plan'
      ? change === 'restore'
        ? 'Plan of a restore'
        : 'Plan'
      : { apply: 'Deactivation', restore: 'Restore', verify: 'Verification' }[mode]
  return `${what}: ${outcome}`
}

function figures({ counts }: RunReport): string {
  if (counts.listed === 0) return ''
  const states = STATES.filter((state) => counts[state] > 0)
  const rows = states.map((state) => `| ${state} | ${counts[state].toLocaleString('en-US')} |`)
  const pie = states.map((state) => `    "${state}" : ${counts[state]}`)
  const table = [
    '| State | Accounts |',
    '| --- | ---: |',
    ...rows,
    `| **listed** | **${counts.listed.toLocaleString('en-US')}** |`,
    `| read back in the wanted state | ${counts.verified.toLocaleString('en-US')} |`,
  ]
  return `${table.join('\n')}\n\n\`\`\`mermaid\npie showData\n    title Accounts by state\n${pie.join('\n')}\n\`\`\``
}

function guards(report: RunReport): string {
  const shown = report.guards.filter(({ verdict: found }) => found !== 'passed' || report.mode === 'plan')
  const waived = report.guards.filter(({ verdict: found }) => found === 'waived')
  const loud =
    waived.length === 0
      ? ''
      : `> [!WARNING]\n> Waived on purpose: ${sentenceList(waived.map(({ guard }) => `**${guard}**`))}.\n\n`
  if (shown.length === 0) return loud.trimEnd()
  const rows = shown.map(
    ({ guard, verdict: found, found: figure, limit }) =>
      `| ${guard} | ${found} | ${escapeMarkdown(figure)} | ${escapeMarkdown(limit)} |`,
  )
  return `${loud}### Guards\n\n| Guard | Verdict | Found | Allowed |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
}

function canary({ accounts }: RunReport): string {
  const canaries = accounts.filter((account) => account.canary)
  if (canaries.length === 0) return ''
  const rows = canaries.map(
    (account) =>
      `| ${who(account)} | ${account.state} | ${account.verified || '–'} | ${escapeMarkdown(account.detail)} |`,
  )
  return `### Canary\n\n| Account | State | Read back | Detail |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
}

function failures({ accounts }: RunReport, most: number): string {
  const failed = accounts.filter(
    ({ state, verified }) =>
      state === 'failed' ||
      state === 'unknown' ||
      ((state === 'deactivated' || state === 'restored') && (verified === 'no' || verified === 'unread')),
  )
  if (failed.length === 0) return ''
  const rows = failed.slice(0, most).map((account) => {
    const explained = explainDetail(account.detail)
    const words = explained === null ? '' : `${explained.words}. ${explained.advice}`
    return `| ${who(account)} | ${account.line} | ${account.state} | ${escapeMarkdown(account.detail)} | ${words} |`
  })
  return section(
    `Need attention (${failed.length.toLocaleString('en-US')})`,
    '| Account | Line | State | What Atlassian said | In words, and what to do |\n| --- | ---: | --- | --- | --- |',
    rows,
    failed.length,
  )
}

function cameBack({ mode, accounts }: RunReport, most: number): string {
  const back = mode === 'verify' ? accounts.filter(({ state }) => state === 'already-active') : []
  if (back.length === 0) return ''
  const rows = back
    .slice(0, most)
    .map((account) => `| ${who(account)} | ${escapeMarkdown(account.detail || 'not shown by Atlassian')} |`)
  return section(
    `Came back (${back.length.toLocaleString('en-US')})`,
    '| Account | Likely cause |\n| --- | --- |',
    rows,
    back.length,
  )
}

function skipped({ accounts }: RunReport, most: number): string {
  const reasons = new Map<string, AccountResult[]>()
  for (const account of accounts) {
    if (account.decision !== 'skip' || account.reason === '') continue
    const others = reasons.get(account.reason)
    if (others === undefined) reasons.set(account.reason, [account])
    else others.push(account)
  }
  if (reasons.size === 0) return ''
  const examples = Math.min(3, most)
  const rows = [...reasons].map(
    ([reason, found]) =>
      `| ${reason} | ${found.length.toLocaleString('en-US')} | ${found.slice(0, examples).map(who).join(', ')}${found.length > examples ? ', …' : ''} |`,
  )
  return `### Left alone\n\n| Reason | Accounts | For example |\n| --- | ---: | --- |\n${rows.join('\n')}`
}

function targets({ mode, accounts, change }: RunReport, most: number): string {
  const planned = mode === 'plan' ? accounts.filter(({ state }) => state === 'planned') : []
  if (planned.length === 0) return ''
  const shown = planned.slice(0, Math.min(most, 100))
  const rows = shown.map((account) => `| ${who(account)} | ${account.line} |`)
  const title = `Would be ${change === 'restore' ? 'restored' : 'deactivated'} (${planned.length.toLocaleString('en-US')})`
  return `<details><summary>${title}</summary>\n\n| Account | Line |\n| --- | ---: |\n${rows.join('\n')}${rest(shown.length, planned.length)}\n\n</details>`
}

function notes({ warnings }: RunReport, most: number): string {
  if (warnings.length === 0) return ''
  const shown = warnings.slice(0, Math.min(most, 100))
  return `### Warnings\n\n${shown.map((warning) => `- ${paragraph(warning)}`).join('\n')}${rest(shown.length, warnings.length)}`
}

function undo({ counts, artifact, runId }: RunReport, uses: string): string {
  if (counts.deactivated === 0 || artifact === null) return ''
  const step = [
    `- uses: ${uses}`,
    '  with:',
    '    mode: restore',
    `    results-artifact: ${JSON.stringify(artifact.name)}`,
    `    results-run-id: "${runId}"`,
    '    api-key: ${' + '{ secrets.ATLASSIAN_API_KEY }}',
  ]
  return `<details><summary>How to undo this run</summary>\n\nThis step restores exactly the accounts that this run deactivated; the job needs \`permissions: actions: read\`.\n\n\`\`\`yaml\n${step.join('\n')}\n\`\`\`\n\n</details>`
}

function footer(report: RunReport): string {
  const took = Date.parse(report.finishedAt) - Date.parse(report.startedAt)
  const changed = report.counts.deactivated + report.counts.restored
  const pace = changed > 0 && took > 0 ? `, ${(changed / (took / 1000)).toFixed(1)} accounts a second` : ''
  const active =
    report.activeBefore === null
      ? ''
      : `Active managed accounts: ${report.activeBefore.toLocaleString('en-US')} before${report.activeAfter === null ? '' : `, ${report.activeAfter.toLocaleString('en-US')} after`}.`
  const parts = [
    report.planDigest === '' || report.outcome === 'refused' ? '' : `Plan digest: \`${report.planDigest}\``,
    report.source === '' ? '' : `List: ${escapeMarkdown(report.source)}`,
    active,
    `Took ${duration(took)}${pace}.`,
    report.artifact === null ? '' : `Results: [${escapeMarkdown(report.artifact.name)}](${report.artifact.url})`,
  ]
  return parts.filter((part) => part !== '').join('  \n')
}

function section(title: string, head: string, rows: readonly string[], all: number): string {
  return `### ${title}\n\n${head}\n${rows.join('\n')}${rest(rows.length, all)}`
}

function rest(shown: number, all: number): string {
  return shown === all ? '' : `\n\n… and ${(all - shown).toLocaleString('en-US')} more, all in results.csv.`
}

function who({ id, email, name }: AccountResult): string {
  const parts = [name, email].filter((part) => part !== '').map(escapeMarkdown)
  return parts.length === 0 ? escapeMarkdown(id) : `${parts.join(', ')} (${escapeMarkdown(id)})`
}

/** Our own sentences with outside text in them: escaped as a whole. */
function paragraph(text: string): string {
  return text.split('\n').map(escapeMarkdown).join('<br>')
}
