import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import dns from 'node:dns'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { closedPort, KEY, listen, serve, transportTo } from './local-servers.ts'

test('a read carries the key and no body, and its answer comes whole', async () => {
  const seen: IncomingMessage[] = []
  const origin = await serve((request, response) => {
    seen.push(request)
    response.writeHead(200, { 'X-RateLimit-Remaining': '5', 'Set-Cookie': ['a=1', 'b=2'] }).end('{"a":1}')
  })
  const answer = await (await transportTo(origin)).send({ method: 'GET', path: '/users/557058:a/manage?x=y' })
  expect(answer).toMatchObject({ kind: 'answer', status: 200, body: '{"a":1}' })
  expect(answer).toMatchObject({ headers: { 'x-ratelimit-remaining': '5', 'set-cookie': ['a=1', 'b=2'] } })
  expect(seen[0]).toMatchObject({ method: 'GET', url: '/users/557058:a/manage?x=y' })
  expect(seen[0]?.headers).toMatchObject({
    authorization: `Bearer ${KEY}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
  })
  expect(seen[0]?.headers).not.toHaveProperty('content-type')
})

test('a change carries JSON, also when it is empty', async () => {
  const bodies: string[] = []
  const types: unknown[] = []
  const origin = await serve(async (request, response) => {
    types.push(request.headers['content-type'])
    bodies.push((await request.toArray()).join(''))
    response.writeHead(204).end()
  })
  const transport = await transportTo(origin)
  for (const body of [{}, { message: 'Łukasik' }]) {
    expect(await transport.send({ method: 'POST', path: '/', body })).toMatchObject({ status: 204, body: '' })
  }
  expect(bodies).toEqual(['{}', '{"message":"Łukasik"}'])
  expect(types).toEqual(['application/json', 'application/json'])
})

test.each([301, 302, 303, 307, 308])('a redirect with %d is an answer, and is not followed', async (status) => {
  let elsewhere = 0
  const other = await serve((_, response) => {
    elsewhere++
    response.end()
  })
  const origin = await serve((_, response) => response.writeHead(status, { location: other }).end())
  expect(await (await transportTo(origin)).send({ method: 'GET', path: '/' })).toMatchObject({ status })
  expect(elsewhere).toBe(0)
})

test('a request that is refused is sent no second time', async () => {
  let requests = 0
  const origin = await serve((request) => {
    requests++
    request.socket.destroy()
  })
  const transport = await transportTo(origin)
  expect(await transport.send({ method: 'GET', path: '/' })).toMatchObject({ kind: 'lost' })
  expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ kind: 'lost' })
  expect(requests).toBe(2)
})

test.each<[string, RequestListener]>([
  ['no answer comes', () => undefined],
  ['the body does not end', (_, response) => response.writeHead(200, { 'content-length': '10' }).write('{"a"')],
  [
    'the body is cut',
    (request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('{"a"')
      setTimeout(() => request.socket.destroy(), 20)
    },
  ],
  [
    'a chunked body is cut',
    (request, response) => {
      response.writeHead(200).write('{"a"')
      setTimeout(() => request.socket.destroy(), 20)
    },
  ],
  ['it is no HTTP', (request) => request.socket.end('hello\r\n\r\n')],
])('when %s, the request may have been carried out: it is lost', async (_, listener) => {
  const transport = await transportTo(await serve(listener))
  expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ kind: 'lost' })
})

test('an answer that comes too slowly as a whole is lost, although something comes all the time', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write(' '), 50)
    response.on('close', () => clearInterval(drip))
  })
  const started = performance.now()
  const answer = await (await transportTo(origin)).send({ method: 'GET', path: '/' })
  expect(answer).toEqual({ kind: 'lost', error: 'no answer in time' })
  expect(performance.now() - started).toBeLessThan(5000)
})

test.each([
  ['nobody listens', async () => `http://127.0.0.1:${await closedPort()}`],
  ['the name is unknown', async () => 'https://nowhere.invalid'],
  ['the server speaks no TLS', async () => (await serve((_, response) => response.end())).replace('http:', 'https:')],
])('when %s, nothing was carried out', async (_, origin) => {
  const transport = await transportTo(await origin(), { timeout: 5000 })
  expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ kind: 'unsent' })
})

test('a host with several addresses, none of which answers, is told with a code', async () => {
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, told: Told) => {
    told(
      null,
      ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
    )
  }) as typeof dns.lookup)
  onTestFinished(() => lookup.mockRestore())
  const transport = await transportTo(`http://several.example:${await closedPort()}`, { timeout: 5000 })
  const answer = await transport.send({ method: 'POST', path: '/', body: {} })
  expect(answer).toEqual({ kind: 'unsent', error: 'no connection (ECONNREFUSED)' })
})
type Told = (error: Error | null, addresses: readonly { address: string; family: number }[]) => void

/** The client's own connections, as undici tells of them when it writes a request. */
function breakWhenSent(error: Error & { code: string; syscall: string }): void {
  const onSent = (message: unknown): void => {
    unsubscribe(SENDS, onSent)
    const { socket } = message as { socket: Socket }
    setTimeout(() => socket.destroy(error), 20)
  }
  subscribe(SENDS, onSent)
}
const SENDS = 'undici:client:sendHeaders'

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'ECONNRESET', 'CERT_HAS_EXPIRED'])(
  'a connection that breaks with %s after the request was written may have carried it',
  async (code) => {
    const transport = await transportTo(await serve(() => undefined), { timeout: 5000 })
    breakWhenSent(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }))
    const answer = await transport.send({ method: 'POST', path: '/', body: {} })
    expect(answer).toEqual({ kind: 'lost', error: `read ${code} (${code})` })
  },
)

test('a connection that breaks during the TLS handshake has carried nothing', async () => {
  const server = createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const transport = await transportTo(`https://127.0.0.1:${await listen(server)}`, { timeout: 5000 })
  expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ kind: 'unsent' })
})

test('a kept connection that dies with the next request on it leaves that one lost, and it is sent no second time', async () => {
  let requests = 0
  const origin = await serve((request, response) => {
    requests++
    if (requests === 1) response.end('{}')
    else request.socket.resetAndDestroy()
  })
  const transport = await transportTo(origin, { connections: 1 })
  expect(await transport.send({ method: 'GET', path: '/' })).toMatchObject({ status: 200 })
  expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ kind: 'lost' })
  expect(await transport.send({ method: 'GET', path: '/' })).toMatchObject({ kind: 'lost' })
  expect(requests).toBe(3)
})

test('a kept connection that was closed in between is not used again', async () => {
  let requests = 0
  const origin = await serve((request, response) => {
    requests++
    response.end('{}', () => setTimeout(() => request.socket.destroy(), 10))
  })
  const transport = await transportTo(origin, { connections: 1 })
  for (let time = 0; time < 3; time++) {
    expect(await transport.send({ method: 'POST', path: '/', body: {} })).toMatchObject({ status: 200 })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(requests).toBe(3)
})

test('a key that cannot stand in a header is not sent', async () => {
  const transport = await transportTo(await serve((_, response) => response.end()), { key: 'a\nb' })
  expect(await transport.send({ method: 'GET', path: '/' })).toMatchObject({ kind: 'unsent' })
})

test('an answer that repeats the key is scrubbed', async () => {
  const origin = await serve((request, response) => response.end(`you sent ${request.headers.authorization}`))
  const answer = await (await transportTo(origin)).send({ method: 'GET', path: '/' })
  expect(answer).toMatchObject({ body: 'you sent Bearer ***' })
})

test('no more connections are opened than allowed', async () => {
  const sockets = new Set<unknown>()
  const origin = await serve((request, response) => {
    sockets.add(request.socket)
    setTimeout(() => response.end(), 20)
  })
  const transport = await transportTo(origin, { connections: 2 })
  await Promise.all(Array.from({ length: 10 }, () => transport.send({ method: 'GET', path: '/' })))
  expect(sockets.size).toBe(2)
})
