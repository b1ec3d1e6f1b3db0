import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { crowd, type Organization } from '../stand-in/organization.ts'
import { ADMIN, approved, openRepository, withInputs } from './act.ts'

const PEOPLE = crowd(60)
const dispatch = { payload: { inputs: { mode: 'apply', 'users-file': 'users.csv' } } }
const PACE = { 'requests-per-second': '1', 'deadline-minutes': '1', 'max-percent': '100' }

test('a list that outlives the deadline goes through two attempts, and one restore undoes them both', async () => {
  const people = [ADMIN, ...PEOPLE]
  const adapt = (workflow: string) => withInputs(workflow, { ...PACE, attempts: '3' })
  await using repository = await openRepository({ people, workflow: 'examples/dispatch-with-approval.yml', adapt })
  const { standIn, organization } = repository
  standIn.github.approvals['1000'] = [approved('atlassian')]
  const run = await repository.run('workflow_dispatch', dispatch)

  expect(run.exitCode).toBe(0)
  expect(['Attempt 1', 'Attempt 2', 'Attempt 3'].map(run.job)).toEqual(['succeeded', 'succeeded', null])
  expect(run.log).toMatch(/\| 1 \| partial \| deadline \| \d+ \| 0 \|/)
  expect(run.log).toMatch(/\| 2 \| completed \| {2}\| \d+ \| 0 \|/)
  const names = ['atlassian-users-apply-1', 'atlassian-users-apply-1-2']
  const deactivated = names.map((name) => idsIn(standIn.artifacts.filesOf(name, '1000'), 'deactivated'))
  expect(deactivated.flat().toSorted()).toEqual(PEOPLE.map(({ id }) => id).toSorted())
  expect(organization.changes).toHaveLength(PEOPLE.length)
  for (const ids of deactivated) {
    const [canary = '', second = ''] = changeOrder(organization, ids)
    expect(wasReadBetween(organization, canary, second)).toBe(true)
  }

  await using other = await openRepository({ standIn, workflow: 'examples/undo.yml' })
  const inputs = { 'results-run-id': '1000', 'results-artifact': names.join('\n') }
  standIn.github.approvals['2000'] = [approved('atlassian')]
  const undone = await other.run('workflow_dispatch', { runId: '2000', payload: { inputs } })
  expect(undone.exitCode).toBe(0)
  const restored = organization.changes.slice(PEOPLE.length).map(({ accountId }) => accountId)
  expect(restored.toSorted()).toEqual(PEOPLE.map(({ id }) => id).toSorted())
})

test('an attempt that halts is the last one, however many there might be', async () => {
  const people = [ADMIN, ...PEOPLE]
  const adapt = (workflow: string) => withInputs(workflow, { 'max-percent': '100', attempts: '5' })
  await using repository = await openRepository({ people, workflow: 'examples/dispatch-with-approval.yml', adapt })
  const { standIn, organization } = repository
  standIn.github.approvals['1000'] = [approved('atlassian')]
  standIn.faults.order({ route: 'disable', fault: FAULTS.forbidden })
  const run = await repository.run('workflow_dispatch', dispatch)
  expect(run.exitCode).not.toBe(0)
  expect(['Attempt 1', 'Attempt 2'].map(run.job)).toEqual(['failed', null])
  expect(run.log).toContain('| 1 | halted | canary-failed | 0 | 0 |')
  expect(organization.callsTo('disable')).toHaveLength(1)
  expect(organization.changes).toEqual([])
})

/** These accounts as they were really changed, one after the other. */
function changeOrder({ changes }: Organization, ids: readonly string[]): string[] {
  return changes.map(({ accountId }) => accountId).filter((id) => ids.includes(id))
}

/** Whether the canary's profile was read after its change and before the next one was asked for. */
function wasReadBetween({ calls }: Organization, canary: string, next: string): boolean {
  const change = (id: string) => calls.findIndex(({ route, accountId }) => route === 'disable' && accountId === id)
  return calls
    .slice(change(canary), change(next))
    .some(({ route, accountId }) => route === 'profile' && accountId === canary)
}

function idsIn(files: Readonly<Record<string, Buffer>>, state: string): string[] {
  const rows: Record<string, string>[] = parse(files['results.csv'] ?? '', { bom: true, columns: true })
  return rows.filter((row) => row.state === state).map((row) => row.account_id ?? '')
}
