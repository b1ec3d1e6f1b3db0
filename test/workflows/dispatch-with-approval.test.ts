import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { ADMIN, approved, openRepository, type Repository, withInputs } from './act.ts'

const PEOPLE = crowd(12)
const WORKFLOW = 'examples/dispatch-with-approval.yml'

function open(): Promise<Repository> {
  const adapt = (workflow: string) => withInputs(workflow, { 'max-percent': '100' })
  return openRepository({ people: [ADMIN, ...PEOPLE], workflow: WORKFLOW, adapt })
}

const dispatch = (mode: string) => ({ payload: { inputs: { mode, 'users-file': 'users.csv' } } })

describe('dispatch with approval', () => {
  test('plans without the key, and asks nobody for approval', async () => {
    await using repository = await open()
    const run = await repository.run('workflow_dispatch', dispatch('plan'))
    expect(run.exitCode).toBe(0)
    expect(run.job('Plan')).toBe('succeeded')
    expect(run.job('Attempt 1')).toBeNull()
    expect(repository.organization.calls).toEqual([])
    expect(repository.standIn.artifacts.named('atlassian-users-plan-1')).toBeDefined()
  })

  test('applies what was planned once the environment is approved', async () => {
    await using repository = await open()
    repository.standIn.github.approvals['1000'] = [approved('atlassian')]
    const run = await repository.run('workflow_dispatch', dispatch('apply'))
    expect(run.exitCode).toBe(0)
    const changed = repository.organization.changes.map(({ accountId }) => accountId)
    expect(changed.toSorted()).toEqual(PEOPLE.map(({ id }) => id).toSorted())
    expect(run.job('Attempt 1')).toBe('succeeded')
    expect(run.job('Attempt 2')).toBeNull()
    expect(run.log).toContain('Outcome: completed')
  })

  test('plans with a key that can only read, if there is one, and holds to the same digest', async () => {
    await using repository = await open()
    const { standIn, organization } = repository
    const digestOf = (runId: string): string => {
      const files = standIn.artifacts.filesOf('atlassian-users-plan-1', runId)
      return (JSON.parse(String(files['plan.json'])) as { planDigest: string; live: boolean }).planDigest
    }
    await repository.run('workflow_dispatch', { ...dispatch('plan'), runId: '1001' })
    expect(organization.calls).toEqual([])

    standIn.github.approvals['1002'] = [approved('atlassian')]
    const calls = { plan: 0 }
    const onLog = (text: string): void => {
      if (/Plan\].*Job succeeded/.test(text)) calls.plan = organization.calls.length
    }
    const secrets = { ATLASSIAN_READ_KEY: organization.key }
    const run = await repository.run('workflow_dispatch', { ...dispatch('apply'), runId: '1002', secrets, onLog })
    expect(run.job('Attempt 1')).toBe('succeeded')
    expect(calls.plan).toBeGreaterThan(0)
    expect(organization.calls.slice(0, calls.plan).filter(({ route }) => /disable|enable/.test(route))).toEqual([])
    expect(digestOf('1002')).toBe(digestOf('1001'))
    expect(organization.changes).toHaveLength(PEOPLE.length)
  })

  test('changes nobody where nobody approved, though the engine let the job start', async () => {
    await using repository = await open()
    const run = await repository.run('workflow_dispatch', dispatch('apply'))
    expect(run.exitCode).not.toBe(0)
    expect(run.job('Attempt 1')).toBe('failed')
    expect(run.log).toContain('not-approved')
    expect(repository.organization.calls).toEqual([])
  })

  test('refuses another list than the planned one', async () => {
    await using repository = await open()
    repository.standIn.github.approvals['1000'] = [approved('atlassian')]
    const onLog = (text: string): void => {
      if (!/Plan\].*Job succeeded/.test(text)) return
      writeFileSync(join(repository.folder, 'users.csv'), toDirectoryCsv([ADMIN, ...crowd(13)]))
    }
    const run = await repository.run('workflow_dispatch', { ...dispatch('apply'), onLog })
    expect(run.job('Plan')).toBe('succeeded')
    expect(run.job('Attempt 1')).toBe('failed')
    expect(run.log).toContain('plan-mismatch')
    expect(repository.organization.changes).toEqual([])
  })

  test.each([
    ['mode', 'verify', 'plan, apply or restore'],
    ['attempts', '6', 'from 1 to 5'],
    ['attempts', '1.5', 'from 1 to 5'],
  ])('refuses %s %s of the reusable workflow before anything is planned', async (input, value, told) => {
    const adapt = (workflow: string) =>
      input === 'mode' ? workflow.replace(/mode: \$.*/, `mode: ${value}`) : withInputs(workflow, { [input]: value })
    await using repository = await openRepository({ people: [ADMIN, ...PEOPLE], workflow: WORKFLOW, adapt })
    const run = await repository.run('workflow_dispatch', dispatch('apply'))
    expect(run.job('Plan')).toBe('failed')
    expect(run.log).toContain(told)
    expect(repository.organization.calls).toEqual([])
  })
})
