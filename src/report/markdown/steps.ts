import type { RunReport } from '../report.ts'
import { wayOn } from '../way-on.ts'
import { people } from '../words.ts'
import { fence, folded } from './table.ts'

/** How a GitHub expression begins. */
const OPEN = '$' + '{{'
const KEY = `${OPEN} secrets.ATLASSIAN_API_KEY }}`

/**
 * A workflow step that undoes exactly this run; empty where nothing was deactivated.
 *
 * @param uses the action as a workflow names it
 */
export function undo(report: RunReport, uses: string): string {
  const { counts, artifact, runId, organizationId } = report
  if (counts.deactivated === 0) return ''
  if (artifact === null) {
    return '### How to undo this run\n\nThe results artifact is not uploaded, so there is nothing yet that a restore could read. Keep `results.csv`: it names every account that was deactivated.'
  }
  const step = [
    `- uses: ${uses.replaceAll(/\s+/g, ' ')}`,
    '  with:',
    '    mode: restore',
    `    results-artifact: ${yaml(artifact.name)}`,
    `    results-run-id: ${yaml(runId)}`,
    ...(organizationId === '' ? [] : [`    organization-id: ${yaml(organizationId)}`]),
    `    max-users: ${counts.deactivated}`,
    `    api-key: ${KEY}`,
  ]
  const words = [
    `This step restores the ${people(counts.deactivated)} that this run deactivated, and nobody else.`,
    'Its job needs `permissions: actions: read`. With `mode: verify` the same step reports who came back.',
  ]
  return folded('How to undo this run', `${words.join(' ')}\n\n${fence('yaml', step.join('\n'))}`)
}

/** How to carry out exactly this plan; empty where there is no digest to approve. */
export function apply(report: RunReport): string {
  const { digest } = wayOn(report)
  if (digest === '') return ''
  const lines = [`mode: ${report.change === 'restore' ? 'restore' : 'apply'}`, `approved-plan: ${digest}`]
  return `### To carry out exactly this plan\n\nRun the same step with these two inputs; any other plan is then refused:\n\n${fence('yaml', lines.join('\n'))}`
}

/** A YAML text that is no expression to GitHub. */
function yaml(text: string): string {
  const quoted = JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, '')
  return quoted.replaceAll(OPEN, () => `${OPEN} '${OPEN}' }}`)
}
