import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { afterwards, closedPort, KEY, listen, serve, transportTo } from './local-servers.ts'

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
  afterwards(async () => setDefaultCACertificates(trusted))
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
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    // Into files: LibreSSL, the openssl of macOS, does not take "-" for its output.
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
        ...['-subj', '/CN=api.atlassian.com', '-addext', 'subjectAltName=DNS:api.atlassian.com'],
      ],
      { stdio: 'ignore' },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return null
  }
}
