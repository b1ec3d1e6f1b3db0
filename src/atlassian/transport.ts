import type { Dispatcher } from 'undici'
import { isLoopback } from '../world/loopback.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Absolute path with query, made of checked parts only. */
  readonly path: string
  /** Sent as JSON; left out, no body is sent. */
  readonly body?: object
}

/**
 * What came back. `unsent`: no connection was made, so nothing can have happened. `lost`: the request went out, or
 * may have, and no whole answer came back.
 */
export type Answer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly kind: 'unsent'; readonly error: string }
  | { readonly kind: 'lost'; readonly error: string }

export interface Transport {
  /** Sends one request once. Never rejects, never repeats, never follows a redirect. */
  send(request: ApiRequest): Promise<Answer>
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

/** Errors of undici and the system that can only come before a request has left. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_PRX_CONN',
  'UND_ERR_PRX_TLS',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
])

/** undici gives a proxy that refuses the tunnel no code of its own. */
const TUNNEL_REFUSED = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/

/**
 * Opens the way to Atlassian; undici is loaded here, because an offline plan does without it.
 *
 * @throws if HTTPS_PROXY is no URL
 */
export async function connect(options: TransportOptions): Promise<Transport> {
  const undici = await import('undici')
  const timeout = options.timeout ?? ANSWER_TIMEOUT
  const agentOptions = {
    allowH2: false,
    connections: options.connections,
    connect: { timeout: CONNECT_TIMEOUT },
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: LARGEST_ANSWER,
  }
  // A proxy may carry the key inside TLS only; a loopback address is never reached through one.
  const direct = isLoopback(new URL(options.origin).hostname) || !usesProxy(options.env)
  const dispatcher: Dispatcher = direct
    ? new undici.Agent(agentOptions)
    : new undici.EnvHttpProxyAgent({
        ...agentOptions,
        ...proxyVariables(options.env),
        connectTimeout: CONNECT_TIMEOUT,
      })

  return {
    send: async ({ method, path, body }) => {
      try {
        const response = await undici.request(options.origin + path, {
          dispatcher,
          method,
          headers: {
            authorization: `Bearer ${options.key}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          signal: AbortSignal.timeout(timeout),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        const text = await response.body.text()
        return {
          kind: 'answer',
          status: response.statusCode,
          headers: flatten(response.headers),
          body: options.scrub(text),
        }
      } catch (error) {
        const { code, message } = describe(error)
        const isUnsent = UNSENT.has(code) || TUNNEL_REFUSED.test(message)
        return { kind: isUnsent ? 'unsent' : 'lost', error: options.scrub(message) }
      }
    },
    close: () => dispatcher.close(),
  }
}

function usesProxy(env: NodeJS.ProcessEnv): boolean {
  return ['https_proxy', 'HTTPS_PROXY'].some((name) => (env[name] ?? '') !== '')
}

/** Only what is wanted: left out, the agent reads HTTP_PROXY from the environment itself. */
function proxyVariables(env: NodeJS.ProcessEnv): { httpProxy: ''; httpsProxy: string; noProxy: string } {
  const given = env.https_proxy || env.HTTPS_PROXY || ''
  const httpsProxy = given.includes('://') ? given : `http://${given}`
  // Its value is not shown: it may hold a password.
  if (!URL.canParse(httpsProxy))
    throw new Error('HTTPS_PROXY is no URL: it must be like http://proxy.example.com:3128.')
  return { httpProxy: '', httpsProxy, noProxy: env.no_proxy || env.NO_PROXY || '' }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

/** The code and a short text of an error; undici wraps the system's own error as its cause. */
function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if (error.name === 'TimeoutError') return { code: 'TIMEOUT', message: 'no answer in time' }
  const cause = error.cause instanceof Error ? describe(error.cause) : { code: '', message: '' }
  const own = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const code = UNSENT.has(own) || cause.code === '' ? own : cause.code
  // A host with several addresses gives an error without words.
  const words = error.message || 'no connection'
  return { code, message: code === '' || TUNNEL_REFUSED.test(words) ? words : `${words} (${code})` }
}
