import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect as connectTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as timer } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { onTestFinished } from 'vitest'
import {
  type Answer,
  type ApiRequest,
  connect,
  type Sending,
  type Transport,
  type TransportOptions,
} from '../../../src/atlassian/transport.ts'

/** The key of every transport here. */
export const KEY = 'ATCTT3-secret'
/** Listens on a loopback address until the test is over. @returns the port */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** An HTTP server until the test is over. @returns its origin */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`
}

/** A transport that nobody stops where a test does not say so. */
export interface TestTransport extends Transport {
  send(request: ApiRequest, sending?: Sending): Promise<Answer>
}

/** A transport until the test is over, with short patience. */
export async function transportTo(origin: string, options: Partial<TransportOptions> = {}): Promise<TestTransport> {
  const transport = await connect({
    origin,
    key: KEY,
    env: {},
    scrub: (text) => text.replaceAll(KEY, '***'),
    connections: 4,
    timeout: 500,
    ...options,
  })
  onTestFinished(() => transport.close())
  const never: Sending = { stop: new AbortController().signal }
  return { ...transport, send: (request, sending = never) => transport.send(request, sending) }
}

/** A port that refuses connections. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Proxy {
  readonly url: string
  /** Targets of the tunnels that were asked for, and the headers that came with it. */
  readonly asked: { readonly target: string; readonly headers: IncomingMessage['headers'] }[]
  /** Requests that came outside of a tunnel. */
  readonly plain: string[]
}

/**
 * @param answer status of the answer to CONNECT; with 200 all tunnels lead to this port
 * @param delays milliseconds before each CONNECT is answered; the last holds for all further ones
 */
export async function startProxy(answer: number, port = 0, delays: readonly number[] = [0]): Promise<Proxy> {
  const asked: Proxy['asked'][number][] = []
  const plain: string[] = []
  const server = createServer((request, response) => {
    plain.push(request.url ?? '')
    response.end()
  })
  const tunnels = new Set<Duplex>()
  server.on('connect', async (request, socket) => {
    tunnels.add(socket.on('error', () => undefined))
    const turn = asked.push({ target: request.url ?? '', headers: request.headers }) - 1
    await timer(delays[turn] ?? delays.at(-1), undefined, { ref: false })
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
  const url = `http://127.0.0.1:${await listen(server)}`
  onTestFinished(async () => {
    for (const tunnel of tunnels) tunnel.destroy()
  })
  return { url, asked, plain }
}

/** Trusts a certificate until the test is over. */
export function trust(certificate: string): void {
  const trusted = getCACertificates()
  setDefaultCACertificates([...trusted, certificate])
  onTestFinished(async () => setDefaultCACertificates(trusted))
}

/** A certificate of Atlassian's name and of this machine, made by nobody; null where there is no openssl. */
export function makeIdentity(): { key: string; cert: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    // Into files: LibreSSL, the openssl of macOS, does not take "-" for its output.
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
        ...['-subj', '/CN=api.atlassian.com', '-addext', 'subjectAltName=DNS:api.atlassian.com,IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return null
  }
}
