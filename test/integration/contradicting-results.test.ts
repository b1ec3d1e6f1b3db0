import { beforeAll, describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createArtifacts } from '../stand-in/artifacts.ts'
import { createOrganization, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { type Ran, runMain } from './run-main.ts'
import { admin, DIRECTORY, openScene, TARGETS, VICTIM } from './scene.ts'

type Cells = Record<string, string>
type Files = Record<string, Buffer>

/** Changes the row of one account; the file stays as it is otherwise, counts and all. */
function edit(files: Files, change: (cells: Cells) => Cells): Record<string, string | Uint8Array> {
  const [header = '', ...lines] = String(files['results.csv']).split('\r\n')
  const names = header.replace('\ufeff', '').split(',')
  const rows = lines.map((line) => {
    if (!line.startsWith(VICTIM)) return line
    const cells = line.split(',')
    const changed = change(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])))
    return names.map((name) => changed[name]).join(',')
  })
  return { ...files, 'results.csv': [header, ...rows].join('\r\n') }
}

/** Changes the plan beside the results. */
function editPlan(
  files: Files,
  change: (plan: Record<string, unknown>) => object,
): Record<string, string | Uint8Array> {
  const plan = JSON.parse(String(files['plan.json'])) as Record<string, unknown>
  return { ...files, 'plan.json': JSON.stringify(change(plan)) }
}

let files: Files

beforeAll(async () => {
  await using standIn = await openScene({ [VICTIM]: { manageRefusal: '' } })
  const env = artifactEnvironment(standIn.url, '1000')
  const ran = await runMain(standIn, { env, inputs: DIRECTORY })
  files = standIn.artifacts.filesOf(ran.outputs['artifact-name'] ?? '')
  expect(Object.keys(files)).toContain('plan.json')
})

/** Restores from an artifact with these files, in an organization in which all four are inactive. */
async function restoreFrom(
  made: Record<string, string | Uint8Array>,
  mode: 'restore' | 'verify' = 'restore',
): Promise<{ ran: Ran; standIn: StandIn }> {
  const artifacts = createArtifacts()
  artifacts.addFiles('1000', 'earlier', made)
  const people = TARGETS.map((id) => person({ id, email: `${id}@example.com`, accountStatus: 'inactive' }))
  const standIn = await startStandIn({ organization: createOrganization({ people: [admin(), ...people] }), artifacts })
  const inputs = { ...DIRECTORY, mode, 'users-file': '', 'results-artifact': 'earlier' }
  const ran = await runMain(standIn, { inputs, env: artifactEnvironment(standIn.url, '1000') })
  return { ran, standIn }
}

test('results as they were written are restored', async () => {
  const { ran, standIn } = await restoreFrom(files)
  await using _open = standIn
  expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '4' })
})

describe('results that contradict themselves restore nobody:', () => {
  const CONTRADICTIONS: readonly (readonly [string, (cells: Cells) => Cells])[] = [
    ['skipped, and deactivated', (cells) => ({ ...cells, decision: 'skip', reason: 'org-admin' })],
    [
      'deactivated by no request',
      (cells) => ({ ...cells, attempts: '0', started_at: '', finished_at: '', http_status: '' }),
    ],
    ['to be restored, and deactivated', (cells) => ({ ...cells, decision: 'restore' })],
    ['deactivated with a reason to skip', (cells) => ({ ...cells, reason: 'excluded' })],
  ]
  test.each(CONTRADICTIONS)('%s', async (_, change) => {
    const { ran, standIn } = await restoreFrom(edit(files, change))
    await using _open = standIn
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'results-unreadable' })
    expect(ran.log).toMatch(/results-unreadable.*(line 4|account-3)/)
    expect(standIn.organization.callsTo('enable')).toEqual([])
  })

  test.each<[string, () => Record<string, string | Uint8Array>]>([
    ['a row more than the plan counts', () => edit(files, (cells) => ({ ...cells, state: 'failed', verified: '' }))],
    [
      'an account that was added by hand',
      () => {
        const line =
          String(files['results.csv'])
            .split('\r\n')[1]
            ?.replace(/^[^,]*/, 'added-by-hand') ?? ''
        return { ...files, 'results.csv': `${String(files['results.csv'])}${line}\r\n` }
      },
    ],
    [
      'a plan of other counts',
      () => editPlan(files, (plan) => ({ ...plan, counts: { ...(plan.counts as object), deactivated: 3 } })),
    ],
    ['a plan that is none', () => ({ ...files, 'plan.json': '[]' })],
  ])('%s', async (_, made) => {
    const { ran, standIn } = await restoreFrom(made())
    await using _open = standIn
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'results-unreadable' })
    expect(standIn.organization.callsTo('enable')).toEqual([])
  })
})
