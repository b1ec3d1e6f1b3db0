import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../../src/atlassian/transport.ts'
import { listen, makeIdentity, serve, startProxy, type TestTransport, transportTo, trust } from './local-servers.ts'

const CHANGE = { method: 'POST', path: '/users/a/manage/lifecycle/disable', body: {} } as const
const READ = { method: 'GET', path: '/users/a/manage/profile' } as const
/** What making a connection takes, and when the stop comes. Milliseconds. */
const CONNECTING = 400
const STOP = 100

const identity = makeIdentity()

/** A TLS server, and the requests that reached it. */
async function tlsServer(): Promise<{ port: number; arrived: IncomingMessage[] }> {
  const arrived: IncomingMessage[] = []
  if (identity === null) throw new Error('there is no openssl')
  trust(identity.cert)
  const server = createTlsServer(identity, (request, response) => {
    arrived.push(request)
    response.writeHead(204).end()
  })
  return { port: await listen(server), arrived }
}

/** Leads to a port, but begins only after a while. @returns its own port */
async function slowGate(port: number): Promise<number> {
  const sockets = new Set<Socket>()
  const gate = createTcpServer(async (socket) => {
    sockets.add(socket.on('error', () => undefined))
    await wait(CONNECTING)
    const onward = connectTcp(port, '127.0.0.1')
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  })
  return listen(gate)
}

/** Sends a change and stops it on the way. @returns what came of it, and after how many milliseconds */
async function stopOnTheWay(transport: TestTransport): Promise<{ answer: Answer; took: number; left: boolean }> {
  const stop = new AbortController()
  let left = false
  const onLeave = (): void => {
    left = true
  }
  const started = performance.now()
  setTimeout(() => stop.abort(), STOP)
  const answer = await transport.send(CHANGE, { stop: stop.signal, onLeave })
  return { answer, took: performance.now() - started, left }
}

describe('a change whose connection is still being made does not go out any more once it is stopped', () => {
  test.skipIf(identity === null)('while TLS shakes hands', async () => {
    const { port, arrived } = await tlsServer()
    const transport = await transportTo(`https://127.0.0.1:${await slowGate(port)}`, { timeout: 5000 })
    const { answer, took, left } = await stopOnTheWay(transport)
    expect(answer).toEqual({ kind: 'unsent', error: 'the run was stopped' })
    expect(took).toBeLessThan(CONNECTING)
    await wait(2 * CONNECTING)
    expect([left, arrived.length]).toEqual([false, 0])
    expect(await transport.send(CHANGE)).toMatchObject({ status: 204 })
  })

  test.skipIf(identity === null)('while a proxy makes the tunnel', async () => {
    const { port, arrived } = await tlsServer()
    const env = { HTTPS_PROXY: (await startProxy(200, port, [CONNECTING])).url }
    const transport = await transportTo('https://api.atlassian.com', { env, timeout: 5000 })
    expect(await stopOnTheWay(transport)).toMatchObject({ answer: { kind: 'unsent' }, left: false })
    await wait(2 * CONNECTING)
    expect(arrived).toEqual([])
    expect(await transport.send(CHANGE)).toMatchObject({ status: 204 })
  })

  test('while all connections are busy', async () => {
    const arrived: string[] = []
    const origin = await serve(async (request, response) => {
      arrived.push(request.method ?? '')
      await wait(CONNECTING)
      response.end('{}')
    })
    const transport = await transportTo(origin, { connections: 1, timeout: 5000 })
    const busy = transport.send(READ)
    expect(await stopOnTheWay(transport)).toMatchObject({ answer: { kind: 'unsent' }, left: false })
    expect(await busy).toMatchObject({ status: 200 })
    await wait(STOP)
    expect(arrived).toEqual(['GET'])
  })
})

test('a change that is stopped before it begins does not go out', async () => {
  let arrived = 0
  const transport = await transportTo(await serve(() => arrived++))
  expect(await transport.send(CHANGE, { stop: AbortSignal.abort() })).toMatchObject({ kind: 'unsent' })
  await wait(50)
  expect(arrived).toBe(0)
})

test('a change that has left is waited for, also where nobody has taken the connection yet', async () => {
  const held: Socket[] = []
  const server = createServer((_, response) => response.writeHead(204).end())
  const gate = createTcpServer({ pauseOnConnect: true }, (socket) => held.push(socket))
  const transport = await transportTo(`http://127.0.0.1:${await listen(gate)}`, { timeout: 5000 })
  setTimeout(() => {
    for (const socket of held) {
      server.emit('connection', socket)
      socket.resume()
    }
  }, CONNECTING)
  const { answer, took, left } = await stopOnTheWay(transport)
  expect(answer).toMatchObject({ kind: 'answer', status: 204 })
  expect(took).toBeGreaterThan(CONNECTING - 50)
  expect(left).toBe(true)
})

test('a change that has left and is never answered is lost, stopped or not', async () => {
  const transport = await transportTo(await serve(() => undefined), { timeout: 300 })
  expect(await stopOnTheWay(transport)).toMatchObject({ answer: { kind: 'lost' }, left: true })
})

test('a read is given up where it is, and its connection with it', async () => {
  const closed: number[] = []
  const origin = await serve((request) => request.socket.on('close', () => closed.push(performance.now())))
  const transport = await transportTo(origin, { timeout: 5000 })
  const stop = new AbortController()
  setTimeout(() => stop.abort(), STOP)
  const started = performance.now()
  const answer = await transport.send(READ, { stop: stop.signal, givesUp: true })
  expect(answer).toEqual({ kind: 'lost', error: 'the run was stopped' })
  await expect.poll(() => closed.length).toBe(1)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a request leaves in the moment in which it is written', async () => {
  let leftAt = 0
  let arrivedAt = 0
  const origin = await serve((_, response) => {
    arrivedAt = performance.now()
    response.end('{}')
  })
  const onLeave = (): void => {
    leftAt = performance.now()
  }
  await (await transportTo(origin)).send(READ, { stop: new AbortController().signal, onLeave })
  expect(leftAt).toBeGreaterThan(0)
  expect(arrivedAt).toBeGreaterThanOrEqual(leftAt)
})

test('closing breaks off what is still under way', async () => {
  const transport = await transportTo(await serve(() => undefined), { timeout: 20_000 })
  const sent = transport.send(CHANGE)
  await wait(100)
  await transport.close()
  expect(await sent).toMatchObject({ kind: 'lost' })
})
