import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FAULTS } from '../../stand-in/faults.ts'
import { addRun, commitFiles } from '../../stand-in/github-handlers.ts'
import { createOrganization, person } from '../../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../../stand-in/server.ts'

const agent = new Agent({ connections: 1 })
let standIn: StandIn

beforeAll(async () => {
  standIn = await startStandIn({ organization: createOrganization({ people: [person({ id: 'ann' })] }) })
})
afterAll(async () => {
  await agent.close()
  await standIn.close()
  expect(standIn.errors).toEqual([])
})

const get = (path: string, authorization = `Bearer ${standIn.organization.key}`) =>
  request(standIn.url + path, { dispatcher: agent, headers: { authorization } })

test.each([
  ['reset', FAULTS.reset],
  ['cut in the middle of an answer', FAULTS.cut],
])('a connection that is %s really breaks, and the next call is answered', async (_, fault) => {
  standIn.faults.order({ route: 'profile', times: 1, fault })
  const read = async () => (await get('/users/ann/manage/profile')).body.text()
  await expect(read()).rejects.toThrow()
  expect(await read()).toContain('"account_id":"ann"')
})

test('a call that is never answered can be given up', async () => {
  standIn.faults.order({ route: 'profile', times: 1, fault: FAULTS.hang })
  const signal = AbortSignal.timeout(50)
  const { key } = standIn.organization
  const headers = { authorization: `Bearer ${key}` }
  await expect(request(`${standIn.url}/users/ann/manage/profile`, { signal, headers })).rejects.toThrow()
})

test('what nobody knows meets 404, and where a key was sent to is kept in mind', async () => {
  const origin = standIn.url.replace('127.0.0.1', 'localhost')
  const answer = await request(`${origin}/users/ann/manage/profile`, { headers: { authorization: 'Bearer x' } })
  await answer.body.dump()
  expect(answer.statusCode).toBe(404)
  expect(standIn.unhandled).toContain('GET /users/ann/manage/profile')
  expect(standIn.organization.authorizations.get(origin)).toEqual(new Set(['Bearer x']))
})

test('lists of GitHub go on by their Link header', async () => {
  standIn.github.reviews['7'] = Array.from({ length: 5 }, (_, id) => ({ id }))
  const seen: number[] = []
  let next: string | undefined = '/repos/acme/users/pulls/7/reviews?per_page=2'
  while (next !== undefined) {
    const { headers, body } = await get(next, 'token t')
    seen.push(...((await body.json()) as { id: number }[]).map(({ id }) => id))
    const link = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1]
    next = link?.slice(standIn.url.length)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect(standIn.github.calls.at(-1)).toMatchObject({ method: 'GET', authorization: 'token t' })
})

test('a file of a commit is served by its path and by its hash', async () => {
  commitFiles(standIn.github, 'c1', { 'lists/users.csv': 'User id\nä\n' })
  const { body } = await get('/repos/acme/users/contents/lists/users.csv?ref=c1')
  const { content, sha } = (await body.json()) as { content: string; sha: string }
  expect(Buffer.from(content, 'base64').toString()).toBe('User id\nä\n')
  expect((await get(`/repos/acme/users/git/blobs/${sha}`)).statusCode).toBe(200)
  expect((await get('/repos/acme/users/contents/lists/none.csv?ref=c1')).statusCode).toBe(404)
})

test('comments are written and changed, unless the token may only read or a failure is ordered', async () => {
  const { github } = standIn
  const write = async (method: 'POST' | 'PATCH', path: string, body: string) => {
    const sent = { dispatcher: agent, method, body: JSON.stringify({ body }) }
    const answer = await request(`${standIn.url}/repos/acme/users/issues/${path}`, sent)
    await answer.body.dump()
    return answer.statusCode
  }
  github.failures.push({ path: /comments/, method: 'POST', status: 502, times: 1 })
  expect([await write('POST', '7/comments', 'a'), await write('POST', '7/comments', 'a')]).toEqual([502, 201])
  expect([await write('PATCH', 'comments/1', 'b'), await write('PATCH', 'comments/9', 'b')]).toEqual([200, 404])
  github.readOnly = true
  expect(await write('POST', '7/comments', 'c')).toBe(403)
  expect(github.comments).toMatchObject([{ body: 'b', issue: 7, user: { login: 'github-actions[bot]' } }])
  expect(await (await get('/repos/acme/users/issues/8/comments')).body.json()).toEqual([])
})

test('another run can be there, with its artifacts', async () => {
  addRun(standIn, '77', { theirs: { 'results.csv': 'x' } }, { event: 'pull_request' })
  expect(await (await get('/repos/acme/users/actions/runs/77')).body.json()).toMatchObject({ event: 'pull_request' })
  expect(standIn.artifacts.filesOf('theirs', '77')['results.csv']?.toString()).toBe('x')
})
