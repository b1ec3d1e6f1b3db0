import type { Dispatcher } from 'undici'
import { asObject, asText } from '../text/unknowns.ts'
import { isLoopback } from '../world/loopback.ts'
import { proxyOf } from '../world/proxy.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Absolute path with query, made of checked parts only. */
  readonly path: string
  /** Sent as JSON; left out, no body is sent. */
  readonly body?: object
}

/** What came back. `unsent`: not one byte was written. `lost`: written, at least in part, and no whole answer came. */
export type Answer =
  | ({ readonly kind: 'answer'; readonly body: string } & Head)
  | { readonly kind: 'unsent' | 'lost'; readonly error: string }

interface Head {
  readonly status: number
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Sending {
  /** Once aborted, a request that has not left does not leave any more: it ends `unsent`. */
  readonly stop: AbortSignal
  /** Whether one that has left is given up then too, because nobody needs its answer; left out, it is waited for. */
  readonly givesUp?: boolean
  /** Runs in the moment in which it is written to a connection. */
  readonly onLeave?: () => void
}

export interface TransportOptions {
  /** The one origin that receives the key. */
  readonly origin: string
  readonly key: string
  /** For the proxy variables. */
  readonly env: NodeJS.ProcessEnv
  /** Takes secrets out of text that came back. */
  readonly scrub: (text: string) => string
  /** Connections at the same time. */
  readonly connections: number
  /** Milliseconds for a whole answer; tests shorten it. */
  readonly timeout?: number
}

export type Transport = Awaited<ReturnType<typeof connect>>

const CONNECT_TIMEOUT = 10_000
const ANSWER_TIMEOUT = 30_000
/** The largest documented answer, 100 people with their groups, stays far below. Bytes. */
const LARGEST_ANSWER = 32 * 1024 * 1024

/** Opens the way to Atlassian; undici is loaded here, because an offline plan does without it. */
export async function connect({ origin, key, env, scrub, connections, timeout = ANSWER_TIMEOUT }: TransportOptions) {
  const { EnvHttpProxyAgent, Pool } = await import('undici')
  const connectTimeout = Math.min(CONNECT_TIMEOUT, timeout)
  const httpsProxy = proxyOf(env)
  // The settings refuse it before.
  if (httpsProxy === null) throw new Error('HTTPS_PROXY names no HTTP proxy.')
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({
    // A proxy may carry the key inside TLS only; a loopback address is never reached through one.
    httpsProxy: isLoopback(new URL(origin).hostname) ? '' : httpsProxy,
    // Left out, the agent reads HTTP_PROXY from the environment itself.
    httpProxy: '',
    noProxy: env.no_proxy || env.NO_PROXY || '',
    // A proxy that never answers CONNECT would keep the connection, and what waits for it, for minutes.
    clientFactory: (proxy, given) => new Pool(proxy, { ...given, headersTimeout: connectTimeout }),
    allowH2: false,
    pipelining: 1,
    connections,
    connect: { timeout: connectTimeout },
    connectTimeout,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: LARGEST_ANSWER,
  })
  // Nothing here unpacks an answer, and whoever is told of no encoding may choose one.
  const headers = { authorization: `Bearer ${key}`, accept: 'application/json', 'accept-encoding': 'identity' }

  /** Sends one request at most once. Never rejects, never repeats, never follows a redirect. */
  const send = ({ method, path, body }: ApiRequest, { stop, givesUp = false, onLeave }: Sending): Promise<Answer> =>
    new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | null = null
      let isOver = false
      let head: Head = { status: 0, headers: {} }
      const chunks: Buffer[] = []
      const end = (answer: Answer): void => {
        isOver = true
        clearTimeout(timer)
        stop.removeEventListener('abort', onStop)
        resolve(answer)
      }
      const fail = (error: Error): void => {
        if (!isOver) end({ kind: controller === null ? 'unsent' : 'lost', error: scrub(describe(error)) })
      }
      const breakOff = (error: Error): void => {
        fail(error)
        controller?.abort(error)
      }
      const onStop = (): void => {
        if (controller === null || givesUp) breakOff(new Error('the run was stopped'))
      }
      const timer = setTimeout(() => breakOff(new Error('no answer in time')), timeout)
      stop.addEventListener('abort', onStop)
      if (stop.aborted) return onStop()
      const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
      dispatcher.dispatch(
        { origin, method, path, ...(body === undefined ? { headers } : json) },
        {
          // undici calls this right before it writes to a connection: what is over by then must not leave, nor anything twice.
          onRequestStart: (own) => {
            if (isOver || controller !== null) return own.abort(new Error('it must not be sent'))
            controller = own
            onLeave?.()
          },
          onResponseStart: (_, status, given) => {
            head = { status, headers: given }
          },
          onResponseData: (_, chunk) => {
            chunks.push(chunk)
          },
          onResponseEnd: () =>
            end({ kind: 'answer', ...head, body: scrub(new TextDecoder().decode(Buffer.concat(chunks))) }),
          onResponseError: (_, error) => fail(error),
        },
      )
    })

  /** `close` breaks off whatever is still under way. */
  return { send, close: (): Promise<void> => dispatcher.destroy() }
}

/** A short text of an error, with its code; undici wraps the system's own error as its cause. */
function describe(error: Error): string {
  const code = asText(asObject(error.cause).code) || asText(asObject(error).code)
  // A host with several addresses gives an error without words, and a proxy that refuses the tunnel one with no code of its own.
  const words = error.message || 'no connection'
  return code === '' || code === 'UND_ERR_ABORTED' ? words : `${words} (${code})`
}
