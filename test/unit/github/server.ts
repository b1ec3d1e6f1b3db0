import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answered {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** No answer ever comes. */
  readonly hang?: true
}

/** A local server that answers with a function, and remembers what it was asked. */
export async function serve(answer: (request: Received) => Answered) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const asked = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') }
      received.push(asked)
      const { status = 200, headers: own = {}, body = {}, hang } = answer(asked)
      if (hang) return
      const raw = Buffer.isBuffer(body)
      response.writeHead(status, { ...(raw ? {} : { 'content-type': 'application/json' }), ...own })
      response.end(raw ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
