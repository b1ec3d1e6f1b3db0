import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { connect, type Transport, type TransportOptions } from '../../../src/atlassian/transport.ts'

/** The key of every transport here. */
export const KEY = 'ATCTT3-secret'
/** What is open, and closed after each test. */
const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** Listens on a loopback address until the test is over. @returns the port */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** An HTTP server until the test is over. @returns its origin */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`
}

/** A transport until the test is over, with short patience. */
export async function transportTo(origin: string, options: Partial<TransportOptions> = {}): Promise<Transport> {
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
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Runs after the test, the latest first. */
export function afterwards(close: () => Promise<void>): void {
  open.push(close)
}
