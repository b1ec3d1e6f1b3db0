import { people } from '../../text/words.ts'
import type { Section, Text } from '../model.ts'
import type { RunReport } from '../report.ts'
import { wayOn } from '../words.ts'

/** How a GitHub expression begins. */
const OPEN = '$' + '{{'

const NOT_UPLOADED =
  'The results artifact was not uploaded, so there is nothing yet that a restore could read. Keep results.csv: it names every account that was deactivated.'

/** Words, and the lines of YAML that they are about. */
function lines(text: Text, ...yaml: readonly string[]): Section['blocks'] {
  return [
    { kind: 'text', text },
    { kind: 'code', text: yaml.join('\n') },
  ]
}

/** A workflow step that undoes exactly this run; nothing where nothing was deactivated. */
export function undo({ counts, artifact, runId, organizationId, uses }: RunReport): Section {
  const undoing = { id: 'undo', title: 'How to undo this run' }
  if (counts.deactivated === 0) return { ...undoing, blocks: [] }
  if (artifact === null) return { ...undoing, blocks: [{ kind: 'text', text: NOT_UPLOADED }] }
  const words = [
    `This step restores the ${people(counts.deactivated)} that this run deactivated, and nobody else. Its job needs`,
    { code: 'permissions: actions: read' },
    'and, with',
    { code: 'mode: verify' },
    'instead, it reports who came back.',
  ]
  const blocks = lines(
    words,
    `- uses: ${uses.replaceAll(/\s+/g, ' ')}`,
    '  with:',
    '    mode: restore',
    `    results-artifact: ${yaml(artifact.name)}`,
    `    results-run-id: ${yaml(runId)}`,
    ...(organizationId === '' ? [] : [`    organization-id: ${yaml(organizationId)}`]),
    `    max-users: ${counts.deactivated}`,
    `    api-key: ${OPEN} secrets.ATLASSIAN_API_KEY }}`,
  )
  return { ...undoing, folded: true, blocks }
}

/** How to carry out exactly this plan; nothing where there is no digest to approve. @param how where that is done */
export function apply(report: RunReport, how = 'run the same step'): Section {
  const { digest, blockers } = wayOn(report)
  const mode = `mode: ${report.change === 'restore' ? 'restore' : 'apply'}`
  const when = `${blockers > 0 ? 'Once the guards above pass, ' : ''}${how}`
  const text = `${when.charAt(0).toUpperCase()}${when.slice(1)} with these two inputs; any other plan is then refused:`
  const blocks = digest === '' ? [] : lines(text, mode, `approved-plan: ${digest}`)
  return { id: 'apply', title: 'To carry out exactly this plan', blocks }
}

/** A YAML text that is no expression to GitHub. */
function yaml(text: string): string {
  const quoted = JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, '')
  return quoted.replaceAll(OPEN, () => `${OPEN} '${OPEN}' }}`)
}
