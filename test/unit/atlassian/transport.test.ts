import { execFileSync } from 'node:child_process'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { connect, type Transport, type TransportOptions } from '../../../src/atlassian/transport.ts'

const KEY = 'ATCTT3-secret'
const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`
}

async function transportTo(origin: string, options: Partial<TransportOptions> = {}): Promise<Transport> {
  const transport = await connect({
    origin,
    key: KEY,
    env: {},
    scrub: (text) => text.replaceAll(KEY, '***'),
    connections: 4,
    timeout: 500,
    ...options,
  })
  open.push(() => transport.close())
  return transport
}

/** A port that refuses connections. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a read carries the key and no body, and its answer comes whole', async () => {
  const seen: IncomingMessage[] = []
  const origin = await serve((request, response) => {
    seen.push(request)
    response.writeHead(200, { 'X-RateLimit-Remaining': '5', 'Set-Cookie': ['a=1', 'b=2'] }).end('{"a":1}')
  })
  const answer = await (await transportTo(origin)).send({ method: 'GET', path: '/users/557058:a/manage?x=y' })
  expect(answer).toMatchObject({ kind: 'answer', status: 200, body: '{"a":1}' })
  expect(answer).toMatchObject({ headers: { 'x-ratelimit-remaining': '5', 'set-cookie': 'a=1, b=2' } })
  expect(seen[0]).toMatchObject({ method: 'GET', url: '/users/557058:a/manage?x=y' })
  expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, accept: 'application/json' })
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
  [
    'the certificate is not trusted',
    async () => (await serve((_, response) => response.end())).replace('http:', 'https:'),
  ],
])('when %s, nothing was carried out', async (name, origin) => {
  const transport = await transportTo(await origin(), { timeout: 5000 })
  const answer = await transport.send({ method: 'POST', path: '/', body: {} })
  // A server that speaks no TLS at all breaks off in a way that could be anything.
  expect(answer.kind).toBe(name.startsWith('the certificate') ? 'lost' : 'unsent')
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

interface Proxy {
  readonly url: string
  /** Targets of the tunnels that were asked for, and the headers that came with it. */
  readonly asked: { readonly target: string; readonly headers: IncomingMessage['headers'] }[]
  /** Requests that came outside of a tunnel. */
  readonly plain: string[]
}

/** @param answer status of the answer to CONNECT; with 200 all tunnels lead to this port */
async function startProxy(answer: number, port = 0): Promise<Proxy> {
  const asked: Proxy['asked'][number][] = []
  const plain: string[] = []
  const server = createServer((request, response) => {
    plain.push(request.url ?? '')
    response.end()
  })
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined)
    asked.push({ target: request.url ?? '', headers: request.headers })
    if (answer !== 200) {
      socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`)
      return
    }
    const onward = connectTcp(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, asked, plain }
}

const ATLASSIAN = 'https://api.atlassian.com'
const GET = { method: 'GET', path: '/admin/v1/orgs' } as const

test.each(['HTTPS_PROXY', 'https_proxy'])('%s is asked for a tunnel, and does not get the key', async (name) => {
  const proxy = await startProxy(403)
  const transport = await transportTo(ATLASSIAN, { env: { [name]: proxy.url }, timeout: 5000 })
  expect(await transport.send(GET)).toEqual({
    kind: 'unsent',
    error: 'Proxy response (403) !== 200 when HTTP Tunneling',
  })
  expect(proxy.asked.map(({ target }) => target)).toEqual(['api.atlassian.com:443'])
  expect(JSON.stringify(proxy.asked)).not.toContain(KEY)
  expect(proxy.plain).toEqual([])
})

test('a proxy may be written without its scheme, and with a password', async () => {
  const proxy = await startProxy(403)
  const env = { HTTPS_PROXY: proxy.url.replace('http://', 'user:pass@') }
  await (await transportTo(ATLASSIAN, { env, timeout: 5000 })).send(GET)
  expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('user:pass').toString('base64')}`)
})

test('a proxy that cannot be reached leaves the request unsent', async () => {
  const env = { HTTPS_PROXY: `http://127.0.0.1:${await closedPort()}` }
  expect(await (await transportTo(ATLASSIAN, { env, timeout: 5000 })).send(GET)).toMatchObject({ kind: 'unsent' })
})

test('a proxy that is no URL is named, and its password is not', async () => {
  const refused = transportTo(ATLASSIAN, { env: { HTTPS_PROXY: 'http://user:pass@:bad' } })
  await expect(refused).rejects.toThrow('HTTPS_PROXY is no URL')
  await expect(refused).rejects.not.toThrow('pass')
})

test.each(['api.atlassian.com', '.atlassian.com', 'nowhere.invalid'])(
  'NO_PROXY with %s goes around the proxy where it matches',
  async (host) => {
    const proxy = await startProxy(403)
    const target = host.includes('invalid') ? 'https://nowhere.invalid' : 'https://api.atlassian.com.invalid'
    const noProxy = host.includes('invalid') ? host : `${host}.invalid`
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: `localhost, ${noProxy}` }
    await (await transportTo(target, { env, timeout: 5000 })).send(GET)
    expect(proxy.asked).toEqual([])
  },
)

test('a loopback address is never reached through a proxy', async () => {
  const proxy = await startProxy(403)
  const origin = await serve((_, response) => response.end('{}'))
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, https_proxy: proxy.url, http_proxy: proxy.url }
  expect(await (await transportTo(origin, { env })).send(GET)).toMatchObject({ status: 200 })
  expect([...proxy.asked, ...proxy.plain]).toEqual([])
})

const identity = makeIdentity()

test.skipIf(identity === null)('through a tunnel the key goes inside TLS, to Atlassian only', async () => {
  if (identity === null) return
  const seen: IncomingMessage[] = []
  const server = createTlsServer(identity, (request, response) => {
    seen.push(request)
    response.end('{}')
  })
  const proxy = await startProxy(200, await listen(server))
  const trusted = getCACertificates()
  setDefaultCACertificates([...trusted, identity.cert])
  open.push(async () => setDefaultCACertificates(trusted))
  const transport = await transportTo(ATLASSIAN, { env: { HTTPS_PROXY: proxy.url }, timeout: 5000 })
  expect(await transport.send(GET)).toMatchObject({ kind: 'answer', status: 200 })
  expect(seen[0]?.headers).toMatchObject({ host: 'api.atlassian.com', authorization: `Bearer ${KEY}` })
  expect(JSON.stringify(proxy.asked)).not.toContain(KEY)
})

test.skipIf(identity === null)('a certificate that nobody vouches for gets no request', async () => {
  if (identity === null) return
  let requests = 0
  const server = createTlsServer(identity, (_, response) => {
    requests++
    response.end('{}')
  })
  const proxy = await startProxy(200, await listen(server))
  const transport = await transportTo(ATLASSIAN, { env: { HTTPS_PROXY: proxy.url }, timeout: 5000 })
  expect(await transport.send(GET)).toMatchObject({ kind: 'unsent' })
  expect(requests).toBe(0)
})

/** A certificate of Atlassian's name, made by nobody; null where there is no openssl. */
function makeIdentity(): { key: string; cert: string } | null {
  try {
    const made = execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', '-', '-out', '-'],
        ...['-subj', '/CN=api.atlassian.com', '-addext', 'subjectAltName=DNS:api.atlassian.com'],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const cut = made.indexOf('-----BEGIN CERTIFICATE')
    return { key: made.slice(0, cut), cert: made.slice(cut) }
  } catch {
    return null
  }
}
