import { request as httpRequest } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { createOrganization, crowd } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { listen, makeIdentity, trust } from '../unit/atlassian/local-servers.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { admin, DIRECTORY } from './scene.ts'

const PEOPLE = 9
/** What TLS takes to shake hands once the first account is changed. Real milliseconds. */
const HANDSHAKE = 1000

const identity = makeIdentity()

/** Leads to the stand-in through TLS. @returns its port */
async function slowTls({ organization, url }: StandIn, of: { key: string; cert: string }) {
  trust(of.cert)
  const server = createTlsServer(of, (request, response) => {
    const { method, url: path = '/', headers } = request
    const onward = httpRequest(url + path, { method, headers: { ...headers, host: new URL(url).host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  const gate = createTcpServer({ pauseOnConnect: true }, async (socket) => {
    if (organization.changes.length > 0) await wait(HANDSHAKE)
    server.emit('connection', socket)
    socket.resume()
  })
  return listen(gate)
}

test.skipIf(identity === null).each(['a rejected key', 'a cancel'] as const)(
  'after %s no change goes out whose connection is still being made',
  async (cause) => {
    if (identity === null) return
    const people = crowd(PEOPLE)
    await using standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
    const { organization, faults } = standIn
    organization.latency = 20
    const port = await slowTls(standIn, identity)
    let cancel = (): void => undefined
    if (cause === 'a rejected key') faults.order({ route: 'disable', after: 1, fault: FAULTS.unauthorized })
    else organization.onCall = () => void (organization.callsTo('disable').length > 1 && setTimeout(cancel))
    const ran = await runMain(standIn, {
      inputs: { ...DIRECTORY, 'atlassian-api-url': `https://127.0.0.1:${port}` },
      // The five seconds that a cancel leaves are longer than an answer takes.
      factor: 20,
      onCancel: (handler) => {
        cancel = handler
      },
    })
    const sent = organization.callsTo('disable').length
    await wait(HANDSHAKE + 200)
    expect(organization.callsTo('disable')).toHaveLength(sent)
    expect(sent).toBeGreaterThan(1)
    expect(sent).toBeLessThan(PEOPLE)
    expect(brokenLaws(ran, standIn, { listed: people.map(({ id }) => id) })).toEqual([])
    const unsent = ran.journal.filter(({ event, meaning }) => event === 'answer' && meaning === 'unsent')
    expect(unsent.length).toBeGreaterThan(0)
    const left = ran.rows.filter(({ attempts }) => attempts === '0')
    expect(left).toHaveLength(PEOPLE - sent)
    expect(new Set(left.map(({ state }) => state))).toEqual(new Set(['not-attempted']))
    expect(ran.outputs).toMatchObject({ unknown: '0', failed: '0' })
  },
)
