import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createOrganization, crowd, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { approved, openRepository } from './act.ts'

const owner = (company: string) =>
  person({ id: `owner-of-${company}`, email: `admin@${company}.example`, roles: ['atlassian/org-admin'] })
const ACME = [owner('acme'), ...crowd(40)]
const GLOBEX = [owner('globex'), ...crowd(40).map(({ id, email }) => person({ id: `g${id}`, email: `g${email}` }))]

test('several organizations go side by side, each with its own list, and one that is refused leaves the other alone', async () => {
  const lists = { 'users/acme.csv': toDirectoryCsv(ACME.slice(0, 6)), 'users/globex.csv': toDirectoryCsv(GLOBEX) }
  await using repository = await openRepository({
    people: ACME,
    workflow: 'examples/several-organizations.yml',
    files: lists,
    adapt: (workflow) => workflow.replace(/1{8}-[-1]+/, 'acme').replace(/2{8}-[-2]+/, 'globex'),
  })
  const { standIn, organization } = repository
  const globex = createOrganization({ id: 'globex', key: organization.key, people: GLOBEX })
  await using otherStandIn = await startStandIn(globex)
  await using front = await startFront(standIn, otherStandIn)
  standIn.github.approvals['1000'] = [approved('atlassian-acme'), approved('atlassian-globex')]
  const run = await repository.run('workflow_dispatch', {
    payload: { inputs: { mode: 'apply' } },
    env: { 'INPUT_ATLASSIAN-API-URL': front.url },
  })
  const changed = organization.changes.map(({ accountId }) => accountId)
  expect(changed.toSorted()).toEqual(
    ACME.slice(1, 6)
      .map(({ id }) => id)
      .toSorted(),
  )
  // Its list names everybody, which is more than the share that may be changed.
  expect(globex.changes).toEqual([])
  expect(run.exitCode).not.toBe(0)
  expect(run.log).toContain('max-percent')
  const names = standIn.artifacts.stored.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['users-acme-plan', 'users-globex-plan', 'users-acme', 'users-globex']))
})

/** One origin before two organizations, as Atlassian's own is. */
async function startFront(first: StandIn, second: StandIn): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    const account = decodeURIComponent(/^\/users\/([^/]+)/.exec(path)?.[1] ?? '')
    const isSecond = path.includes(`/orgs/${second.organization.id}/`) || second.organization.people.has(account)
    void forward(incoming, (isSecond ? second : first).url).then(async (answer) => {
      outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      outgoing.end(Buffer.from(await answer.arrayBuffer()))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function forward(incoming: IncomingMessage, origin: string): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { authorization = '', 'content-type': type = '' } = incoming.headers
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
  const headers = { authorization, ...(type === '' ? {} : { 'content-type': type }) }
  return fetch(origin + (incoming.url ?? ''), { method: incoming.method ?? 'GET', headers, ...body })
}
