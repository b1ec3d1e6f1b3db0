import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { crowd, person } from '../stand-in/organization.ts'
import { stage } from './guard-scene.ts'
import { problemsOf } from './openapi-requests.ts'

const PEOPLE = [
  ...crowd(240),
  person({ id: 'qm:some|odd_id:1' }),
  person({ id: '557058:sam', managementSource: 'synced' }),
]

function list(ids: readonly string[]): string {
  return `User id,email\r\n${ids.map((id) => `${id},\r\n`).join('')}`
}

const IDS = [...PEOPLE.map(({ id }) => id), '557058:nobody']
const APPLY = { 'max-users': '1000', message: 'Left "us" — ✓' }

describe('every request that the action makes is as Atlassian documents it', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['plan', { mode: 'plan' }, ['search', 'count', 'permissions', 'api-keys', 'profile']],
    ['plan with groups', { mode: 'plan', exclude: 'group:none-of-ours' }, ['search']],
    ['plan of somebody named by id', { mode: 'plan', 'executing-user': 'admin-1' }, ['search', 'profile']],
    ['find', { mode: 'find', 'users-file': '', 'idle-days': '30' }, ['search', 'stats', 'permissions', 'api-keys']],
    ['apply', {}, ['search', 'count', 'permissions', 'api-keys', 'profile', 'disable']],
    ['apply to a few', { include: `${IDS[0]}\n${IDS[1]}\n557058:nobody` }, ['search', 'profile', 'disable']],
    [
      'apply without the directory',
      { 'organization-id': '', waive: 'admins-unknown' },
      ['permissions', 'profile', 'disable'],
    ],
  ])('in %s', async (_, inputs, routes) => {
    await using scene = await stage({ people: PEOPLE, list: list(IDS) })
    const step = await scene.run({ ...APPLY, ...inputs })
    expect(step.outputs.outcome).toMatch(/^(planned|completed)$/)
    expect(scene.organization.calls.flatMap(problemsOf)).toEqual([])
    expect([...new Set(scene.organization.calls.map(({ route }) => route))]).toEqual(expect.arrayContaining(routes))
  })

  test('in an apply to a list with addresses', async () => {
    await using scene = await stage({ people: PEOPLE, listed: (people) => people.slice(0, 150) })
    const step = await scene.run(APPLY)
    expect(step.outputs.outcome).toBe('completed')
    expect(scene.organization.calls.flatMap(problemsOf)).toEqual([])
    expect(scene.organization.callsTo('search').filter(({ body }) => body.includes('"emails"')).length).toBeGreaterThan(
      2,
    )
    expect(scene.organization.callsTo('stats')).toHaveLength(1)
  })

  test('in restore and verify', async () => {
    const people = PEOPLE.slice(-10)
    await using scene = await stage({ people, list: list(people.map(({ id }) => id)) })
    const apply = await scene.run(APPLY)
    const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '', 'users-file': '' }
    const verify = await scene.run({ ...results, mode: 'verify' })
    expect(verify.outputs.outcome).toBe('completed')
    expect((await scene.run({ ...results, mode: 'plan' })).outputs.outcome).toBe('planned')
    const restore = await scene.run({ ...results, mode: 'restore' })
    expect(restore.outputs).toMatchObject({ outcome: 'completed', restored: apply.outputs.deactivated })
    expect(scene.organization.calls.flatMap(problemsOf)).toEqual([])
    expect(scene.organization.callsTo('enable').length).toBe(Number(apply.outputs.deactivated))
  })

  test('when answers are lost and refused', async () => {
    const people = crowd(6)
    await using scene = await stage({ people })
    scene.standIn.faults.order({ route: 'disable', after: 1, times: 1, fault: FAULTS.resetAfterChange })
    scene.standIn.faults.order({ route: 'disable', after: 2, times: 1, fault: FAULTS.reset })
    scene.standIn.faults.order({ route: 'disable', after: 1, times: 1, fault: FAULTS.conflict })
    await scene.run()
    expect(scene.organization.changes.length).toBeGreaterThan(2)
    expect(scene.organization.calls.flatMap(problemsOf)).toEqual([])
  })
})

describe('the check itself finds', () => {
  const request = { method: 'POST', contentType: 'application/json', body: '{}' }
  const search = '/admin/v2/orgs/o/directories/-/users/search'
  test.each<[string, Parameters<typeof problemsOf>[0], string]>([
    ['a path that is none', { ...request, path: '/users/a/disable' }, 'path is not documented'],
    ['another method', { ...request, method: 'GET', path: '/users/a/manage/lifecycle/disable' }, 'method is not'],
    ['an id that is none', { ...request, path: '/users/a%20b/manage/lifecycle/disable' }, 'pattern'],
    ['an id that is too long', { ...request, path: `/users/${'a'.repeat(129)}/manage/lifecycle/disable` }, 'pattern'],
    ['a missing body', { ...request, body: '', path: '/users/a/manage/lifecycle/disable' }, 'body is missing'],
    ['a body too many', { ...request, path: '/users/a/manage/lifecycle/enable' }, 'a body is not'],
    [
      'another content type',
      { ...request, contentType: 'text/plain', path: '/users/a/manage/lifecycle/disable' },
      'content type',
    ],
    [
      'eleven ids',
      { ...request, path: search, body: JSON.stringify({ accountIds: Array(11).fill('a') }) },
      'more than 10',
    ],
    ['no id', { ...request, path: search, body: '{"accountIds":[]}' }, 'fewer'],
    ['too large a page', { ...request, path: search, body: '{"limit":101}' }, '<= 100'],
    ['an unknown member', { ...request, path: search, body: '{"accountId":["a"]}' }, 'additional'],
    ['an unknown status', { ...request, path: search, body: '{"accountStatus":["gone"]}' }, 'allowed values'],
    [
      'an unknown query parameter',
      { ...request, method: 'GET', body: '', path: '/admin/v2/orgs/o/directories/-/users/count?claim=managed' },
      'query parameter claim',
    ],
    [
      'a wrong query value',
      { ...request, method: 'GET', body: '', path: '/admin/v2/orgs/o/directories/-/users/count?claimStatus=yes' },
      'allowed values',
    ],
    [
      'an unknown privilege',
      { ...request, method: 'GET', body: '', path: '/users/a/manage?privileges=lifecycle' },
      'allowed values',
    ],
  ])('%s', (_, asked, problem) => {
    expect(problemsOf(asked).join()).toContain(problem)
  })
})
