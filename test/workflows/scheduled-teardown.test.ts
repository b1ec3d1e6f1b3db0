import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { addRun } from '../stand-in/github-handlers.ts'
import { type Person, person } from '../stand-in/organization.ts'
import { ADMIN, openRepository, type Repository, withInputs } from './act.ts'

const TEARDOWN = { payload: { schedule: '17 3 * * *' } }
const LOOK = { payload: { schedule: '47 9 * * *' } }

const DUE = ['a', 'b', 'c'].map((name) => person({ id: `due-${name}`, email: `test-${name}@example.com` }))
const LATER = person({ id: 'later', email: 'test-later@example.com' })
const STRANGER = person({ id: 'stranger', email: 'jane@example.com' })
const LIST = [
  'account_id,email,Deactivate after',
  ...[...DUE, STRANGER].map(({ id, email }) => `${id},${email},2026-01-31`),
  `${LATER.id},${LATER.email},2999-12-31`,
].join('\n')

function open(people: readonly Person[] = [ADMIN, ...DUE, LATER, STRANGER]): Promise<Repository> {
  return openRepository({
    people,
    workflow: 'examples/scheduled-teardown.yml',
    files: { 'test-users.csv': `${LIST}\n` },
    adapt: (workflow) => withInputs(workflow, { 'max-percent': '100' }),
  })
}

describe('a scheduled teardown', () => {
  test('deactivates who is due and on the leash, once', async () => {
    await using repository = await open()
    const { organization, standIn } = repository
    const run = await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    expect([run.job('Deactivate who is due'), run.job('Check who came back')]).toEqual(['succeeded', null])
    expect(organization.changes.map(({ accountId }) => accountId).toSorted()).toEqual(DUE.map(({ id }) => id))
    const next = await repository.run('schedule', { ...TEARDOWN, runId: '3002' })
    expect(next.exitCode).toBe(0)
    expect(organization.changes).toHaveLength(DUE.length)
    expect(standIn.artifacts.named('teardown', '3002')).toBeUndefined()
  })

  test('looks at those of the last teardown that changed somebody, and tells who came back', async () => {
    await using repository = await open()
    const { organization } = repository
    const none = await repository.run('schedule', { ...LOOK, runId: '3000' })
    expect(none.exitCode).toBe(0)
    expect(organization.calls).toEqual([])

    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    await repository.run('schedule', { ...TEARDOWN, runId: '3002' })
    const quiet = await repository.run('schedule', { ...LOOK, runId: '3003' })
    expect([quiet.job('Deactivate who is due'), quiet.job('Check who came back')]).toEqual([null, 'succeeded'])

    organization.setStatus('due-b', 'enable', '')
    const loud = await repository.run('schedule', { ...LOOK, runId: '3004' })
    expect(loud.job('Check who came back')).toBe('failed')
    expect(loud.log).toContain('accounts-reactivated')
    expect(loud.log).toContain('test-b@example.com')
  })

  test('looks at what a re-run of the last teardown changed too', async () => {
    await using repository = await open()
    const { organization, standIn } = repository
    standIn.faults.order({ route: 'disable', account: 'due-b', times: 1, fault: FAULTS.conflict })
    const first = await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    expect(first.job('Deactivate who is due')).toBe('failed')
    const again = await repository.run('schedule', { ...TEARDOWN, runId: '3001', env: { GITHUB_RUN_ATTEMPT: '2' } })
    expect(again.job('Deactivate who is due')).toBe('succeeded')

    organization.setStatus('due-b', 'enable', '')
    const look = await repository.run('schedule', { ...LOOK, runId: '3002' })
    expect(look.job('Check who came back')).toBe('failed')
    expect(look.log).toContain('accounts-reactivated')
    expect(look.log).toContain('test-b@example.com')
  })

  const path = '.github/workflows/scheduled-teardown.yml'
  test('leaves alone what others call a teardown', async () => {
    await using repository = await open()
    const { organization, standIn } = repository
    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    const before = organization.calls.length
    const others = [
      { event: 'pull_request', path, head_repository: { full_name: 'eve/users' } },
      { event: 'pull_request', path, head_branch: 'teardown' },
      { event: 'workflow_dispatch', path },
      { event: 'schedule', path, head_branch: 'old' },
      { event: 'schedule', path: '.github/workflows/other.yml' },
      { event: 'schedule', path, status: 'in_progress' },
      { event: 'schedule', path, created_at: '2025-01-01T00:00:00Z' },
    ]
    const files = { teardown: { 'results.csv': 'not of this workflow' } }
    for (const [index, run] of others.entries()) addRun(standIn, String(9000 + index), files, run)
    addRun(standIn, '8000', { 'not-teardown': {}, 'teardown-x': {}, Teardown: {} }, { event: 'schedule', path })
    const look = await repository.run('schedule', { ...LOOK, runId: '3002' })
    expect(look.job('Check who came back')).toBe('succeeded')
    const looked = new Set(organization.calls.slice(before).map(({ accountId }) => accountId))
    expect([...looked].toSorted()).toEqual(DUE.map(({ id }) => id))
  })

  test('finds the last teardown behind many nights in which nobody was due', async () => {
    await using repository = await open()
    const { organization, standIn } = repository
    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    for (let id = 3002; id < 3120; id++) addRun(standIn, String(id), {}, { event: 'schedule', path })
    organization.setStatus('due-b', 'enable', '')
    const look = await repository.run('schedule', { ...LOOK, runId: '3120' })
    expect(look.log).toContain('accounts-reactivated')
  })

  test('is not green where nobody could find the last teardown', async () => {
    await using repository = await open()
    const { standIn } = repository
    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    standIn.artifacts.fail('list-other-run', 404)
    const look = await repository.run('schedule', { ...LOOK, runId: '3002' })
    expect(look.job('Check who came back')).toBe('failed')
    expect(look.log).toMatch(/Failure - Main Find the last teardown/)
  })
})

describe('somebody is told', () => {
  const states = ({ standIn: { github } }: Repository) => github.opened.map(({ title, state }) => `${state}: ${title}`)

  test('of a run that is not green by one issue, which the next green one closes', async () => {
    await using repository = await open()
    const { organization, standIn } = repository
    const { github } = standIn
    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    expect(states(repository)).toEqual([])

    organization.setStatus('due-b', 'enable', '')
    for (const runId of ['3002', '3003']) {
      const run = await repository.run('schedule', { ...LOOK, runId })
      expect([run.job('Check who came back'), run.job('Tell somebody')]).toEqual(['failed', 'succeeded'])
      expect(states(repository)).toEqual(['open: Teardown of test accounts: Check who came back'])
    }
    expect(github.opened[0]?.body).toContain('/acme/users/actions/runs/3002')
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/^Not green again: .*\/3003$/)])

    await repository.run('schedule', { ...TEARDOWN, runId: '3004' })
    expect(states(repository)).toEqual(['open: Teardown of test accounts: Check who came back'])
    await repository.run('schedule', { ...LOOK, runId: '3005' })
    expect(states(repository)).toEqual(['closed: Teardown of test accounts: Check who came back'])
    expect(github.comments.at(-1)?.body).toMatch(/^Green again: .*\/3005$/)
  })

  test('by an issue of its own, whatever others write', async () => {
    await using repository = await open()
    const { github } = repository.standIn
    repository.organization.setStatus('due-b', 'enable', '')
    repository.standIn.faults.order({ route: 'disable', account: 'due-a', fault: FAULTS.forbidden })
    await repository.run('schedule', { ...TEARDOWN, runId: '3001' })
    const [mine] = github.opened
    expect(mine?.title).toBe('Teardown of test accounts: Deactivate who is due')
    github.opened.splice(0, 1, { ...mine, user: { login: 'eve' } } as (typeof github.opened)[number])
    await repository.run('schedule', { ...TEARDOWN, runId: '3002' })
    expect(github.opened.map(({ user }) => user.login)).toEqual(['eve', 'github-actions[bot]'])
  })
})
