import type { IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { expect, test } from 'vitest'
import { closedPort, KEY, listen, makeIdentity, serve, startProxy, transportTo, trust } from './local-servers.ts'

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

test('a proxy that is none is named, and its password is not', async () => {
  const refused = transportTo(ATLASSIAN, { env: { HTTPS_PROXY: 'http://user:pass@:bad' } })
  await expect(refused).rejects.toThrow('HTTPS_PROXY names no HTTP proxy')
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
  trust(identity.cert)
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

test('a proxy that does not answer leaves the request unsent, and the connection is free again for later ones', async () => {
  const env = { HTTPS_PROXY: (await startProxy(403, 0, [60_000, 0])).url }
  const transport = await transportTo(ATLASSIAN, { env, connections: 1, timeout: 300 })
  expect(await transport.send(GET)).toEqual({ kind: 'unsent', error: 'no answer in time' })
  await expect
    .poll(() => transport.send(GET), { timeout: 10_000 })
    .toEqual({ kind: 'unsent', error: 'Proxy response (403) !== 200 when HTTP Tunneling' })
})
