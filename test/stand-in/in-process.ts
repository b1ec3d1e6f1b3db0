import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import type { RequestHandler } from 'msw'
import { defineNetwork, InterceptorSource } from 'msw/experimental'

/**
 * Serves handlers to everything in this process that speaks HTTP, undici and octokit included, without a server. A
 * request that no handler knows is an error, and never reaches a network.
 */
export function serveInProcess(handlers: RequestHandler[]): AsyncDisposable {
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers,
    onUnhandledFrame: 'error',
    context: { quiet: true },
  })
  network.enable()
  return { [Symbol.asyncDispose]: async () => network.disable() }
}
