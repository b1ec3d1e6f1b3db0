import { describe, expect, test } from 'vitest'
import { person } from '../../stand-in/organization.ts'
import { openWorld } from './world.ts'

const DISABLE = '/users/ann/manage/lifecycle/disable'
const ENABLE = '/users/ann/manage/lifecycle/enable'
const ann = (overrides: Parameters<typeof person>[0] = {}) => [person({ id: 'ann', name: 'Ann', ...overrides })]

describe('an account', () => {
  test('is disabled and enabled with 204 and nothing, and the record says so', async () => {
    const { post, organization, statusOf } = openWorld({ people: ann() })
    const answer = await post(DISABLE, { message: 'Left' })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(await statusOf('ann')).toBe('inactive')
    expect((await post(ENABLE, undefined, {})).status).toBe(204)
    expect(await statusOf('ann')).toBe('active')
    expect(organization.changes).toMatchObject([
      { accountId: 'ann', action: 'disable', message: 'Left', by: 'call' },
      { accountId: 'ann', action: 'enable', message: '', by: 'call' },
    ])
    expect(organization.counts().byAccount.get('ann')).toBe(4)
    expect(organization.counts().byRoute).toEqual({ disable: 1, profile: 2, enable: 1 })
  })

  test.each<[string, string | undefined, Record<string, string>, string]>([
    ['without a content type', '{}', { 'content-type': '' }, 'badRequestFormat'],
    ['with another one', '{}', { 'content-type': 'text/plain' }, 'badRequestFormat'],
    ['without a body', undefined, { 'content-type': 'application/json' }, 'bodyParseFailure'],
    ['with a list for a body', '[]', { 'content-type': 'application/json' }, 'bodyParseFailure'],
  ])('is not disabled %s', async (_, body, headers, key) => {
    const { post, organization } = openWorld({ people: ann() })
    const answer = await post(DISABLE, body, headers)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ key })
    expect(organization.changes).toEqual([])
  })

  test.each([204, 409] as const)('that is inactive already meets %i, and no change', async (alreadySo) => {
    const { post, organization } = openWorld({ people: ann({ accountStatus: 'inactive' }), alreadySo })
    expect((await post(DISABLE, {})).status).toBe(alreadySo)
    expect(organization.changes).toEqual([])
  })

  test('that is closed or marked for deletion is a conflict, whatever is answered to what is so already', async () => {
    const closed = openWorld({ people: ann({ accountStatus: 'closed' }), alreadySo: 204 })
    expect((await closed.post(DISABLE, {})).status).toBe(409)
    const marked = openWorld({ people: ann({ accountStatus: 'inactive', forDeletion: true }), alreadySo: 204 })
    const answer = await marked.post(ENABLE)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ key: 'conflict.lifecycleErrors', context: { accountId: 'ann' } })
  })

  test.each([403, 404] as const)('of somebody else meets %i', async (unmanagedStatus) => {
    const { ask, post, organization } = openWorld({ people: ann({ claimStatus: 'unmanaged' }), unmanagedStatus })
    expect((await ask('/users/ann/manage/profile')).status).toBe(unmanagedStatus)
    expect((await post(DISABLE, {})).status).toBe(unmanagedStatus)
    expect(organization.changes).toEqual([])
  })

  test('that nobody knows meets 404', async () => {
    const { ask } = openWorld({ people: ann() })
    const answer = await ask('/users/bob/manage')
    expect([answer.status, await answer.json()]).toEqual([404, { key: 'accountNotFound' }])
  })

  test('that is refused names the reason in its permissions and in the refusal', async () => {
    const { ask, post } = openWorld({ people: ann({ manageRefusal: 'externalDirectory.scim' }) })
    const allowed = (await (await ask('/users/ann/manage?privileges=lifecycle.enablement')).json()) as object
    expect(allowed).toMatchObject({
      'lifecycle.enablement': { allowed: false, reason: { key: 'externalDirectory.scim' } },
    })
    expect(allowed).not.toHaveProperty('email.set')
    const answer = await post(DISABLE, {})
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { key: 'forbidden.action', context: { allowed: false, reason: { key: 'externalDirectory.scim' } } },
    ])
  })

  test('may refuse the change although its permissions allow it', async () => {
    const disableRefusal = { status: 409, body: { key: 'conflict.lifecycleErrors' } }
    const { ask, post } = openWorld({ people: ann({ disableRefusal }) })
    expect(await (await ask('/users/ann/manage')).json()).toMatchObject({ 'lifecycle.enablement': { allowed: true } })
    expect((await post(DISABLE, {})).status).toBe(409)
  })

  test('is found by its id with a colon, raw and encoded, and in no other letters', async () => {
    const { ask, organization } = openWorld({ people: [person({ id: '557058:aB' })] })
    const paths = ['557058:aB', '557058%3AaB', '557058:ab'].map((id) => `/users/${id}/manage/profile`)
    expect(await Promise.all(paths.map(async (path) => (await ask(path)).status))).toEqual([200, 200, 404])
    expect(organization.callsTo('profile', '557058:aB')).toHaveLength(2)
    expect(organization.calls.map(({ path }) => path)).toEqual(paths)
  })
})

describe('the key', () => {
  test.each([
    ['/users/ann/manage', { key: 'unauthorized' }],
    ['/admin/v1/orgs/org-1/users', { code: 401, message: 'Unauthorized' }],
  ])('that is wrong meets 401 at %s', async (path, body) => {
    const { ask, organization } = openWorld({ people: ann() })
    for (const authorization of ['', organization.key, 'Bearer wrong']) {
      const answer = await ask(path, { headers: { authorization } })
      expect([answer.status, await answer.json()]).toEqual([401, body])
    }
    expect(organization.authorizations.get('https://api.atlassian.com')).toEqual(
      new Set(['', organization.key, 'Bearer wrong']),
    )
  })

  test('with scopes reads the directory, sees no organization, and manages nobody', async () => {
    const { ask, post, organization } = openWorld({ people: ann(), scopedKey: true })
    expect(await (await ask('/admin/v1/orgs')).json()).toMatchObject({ data: [] })
    const answer = await post(DISABLE, {})
    expect([answer.status, await answer.json()]).toMatchObject([403, { key: 'forbidden.insufficientScope' }])
    expect(organization.changes).toEqual([])
  })
})
