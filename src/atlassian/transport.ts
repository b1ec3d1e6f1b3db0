import type { Dispatcher } from 'undici'
import { isLoopback } from '../world/loopback.ts'
import { proxyOf } from '../world/proxy.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Absolute path with query, made of checked parts only. */
  readonly path: string
  /** Sent as JSON; left out, no body is sent. */
  readonly body?: object
}

/** By their names in lower case. */
type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * What came back. `unsent`: not one byte of it was written, so nothing can have happened. `lost`: it was written, at
 * least in part, and no whole answer came back.
 */
export type Answer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Headers
      readonly body: string
    }
  | { readonly kind: 'unsent'; readonly error: string }
  | { readonly kind: 'lost'; readonly error: string }

export interface Sending {
  /** Once aborted, a request that has not left does not leave any more: it ends `unsent`. */
  readonly stop: AbortSignal
  /** Whether one that has left is given up then too, because nobody needs its answer; left out, it is waited for. */
  readonly givesUp?: boolean
  /** Runs in the moment in which it is written to a connection. */
  readonly onLeave?: () => void
}

export interface Transport {
  /** Sends one request at most once. Never rejects, never repeats, never follows a redirect. */
  send(request: ApiRequest, sending: Sending): Promise<Answer>
  /** Breaks off whatever is still under way. */
  close(): Promise<void>
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

const CONNECT_TIMEOUT = 10_000
const ANSWER_TIMEOUT = 30_000
/** The largest documented answer, 100 people with their groups, stays far below. Bytes. */
const LARGEST_ANSWER = 32 * 1024 * 1024

/**
 * Opens the way to Atlassian; undici is loaded here, because an offline plan does without it.
 *
 * @throws if HTTPS_PROXY names no HTTP proxy; the settings refuse it before
 */
export async function connect(options: TransportOptions): Promise<Transport> {
  const { Agent, EnvHttpProxyAgent, Pool } = await import('undici')
  const { origin, key, scrub, timeout = ANSWER_TIMEOUT } = options
  const connectTimeout = Math.min(CONNECT_TIMEOUT, timeout)
  const agentOptions = {
    allowH2: false,
    pipelining: 1,
    connections: options.connections,
    connect: { timeout: connectTimeout },
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: LARGEST_ANSWER,
  }
  // A proxy may carry the key inside TLS only; a loopback address is never reached through one.
  const httpsProxy = proxyOf(options.env)
  if (httpsProxy === null) throw new Error('HTTPS_PROXY names no HTTP proxy.')
  const direct = isLoopback(new URL(origin).hostname) || httpsProxy === ''
  const dispatcher: Dispatcher = direct
    ? new Agent(agentOptions)
    : new EnvHttpProxyAgent({
        ...agentOptions,
        httpsProxy,
        // Left out, the agent reads HTTP_PROXY from the environment itself.
        httpProxy: '',
        noProxy: options.env.no_proxy || options.env.NO_PROXY || '',
        connectTimeout,
        // A proxy that never answers CONNECT would keep the connection, and what waits for it, for minutes.
        clientFactory: (proxy, given) => new Pool(proxy, { ...given, headersTimeout: connectTimeout }),
      })
  // Nothing here unpacks an answer, and whoever is told of no encoding may choose one.
  const headers = { authorization: `Bearer ${key}`, accept: 'application/json', 'accept-encoding': 'identity' }

  const send = ({ method, path, body }: ApiRequest, { stop, givesUp = false, onLeave }: Sending): Promise<Answer> =>
    new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | null = null
      let isOver = false
      let head = { status: 0, headers: {} as Headers }
      const chunks: Buffer[] = []
      const end = (answer: Answer): void => {
        isOver = true
        clearTimeout(timer)
        stop.removeEventListener('abort', onStop)
        resolve(answer)
      }
      const fail = (error: unknown): void => {
        if (!isOver) end({ kind: controller === null ? 'unsent' : 'lost', error: scrub(describe(error)) })
      }
      const breakOff = (why: string): void => {
        fail(new Error(why))
        controller?.abort(new Error(why))
      }
      const onStop = (): void => {
        if (controller === null || givesUp) breakOff('the run was stopped')
      }
      const timer = setTimeout(() => breakOff('no answer in time'), timeout)
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

  return { send, close: () => dispatcher.destroy() }
}

/** A short text of an error, with its code; undici wraps the system's own error as its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = codeOf(error.cause) || codeOf(error)
  // A host with several addresses gives an error without words, and a proxy that refuses the tunnel one with no code of its own.
  const words = error.message || 'no connection'
  return code === '' || code === 'UND_ERR_ABORTED' ? words : `${words} (${code})`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
