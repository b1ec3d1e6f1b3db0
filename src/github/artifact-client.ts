import { asObject, asText } from '../text/unknowns.ts'
import { clip } from '../text/words.ts'
import type { RunContext } from './context.ts'
import { withGuardedOutput } from './quiet.ts'

/** GitHub's own client for artifacts. */
export type Client = InstanceType<typeof import('@actions/artifact').DefaultArtifactClient>

/** The time that was given to the client is over. */
export class TimeoutError extends Error {
  override name = 'TimeoutError'
}

/** The job was cancelled meanwhile. */
export class CancelledError extends Error {
  override name = 'CancelledError'
}

/**
 * Runs work with the client, within a time. The client cannot be stopped: after that time, or a cancel, it goes on
 * unheard, so work asks `isLate` before it does anything that lasts.
 */
export async function withClient<T>(
  timeout: number,
  work: (client: Client, isLate: () => boolean) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (signal?.aborted === true) throw new CancelledError()
  let late = false
  let cleanUp = (): void => undefined
  const end = new Promise<never>((_, reject) => {
    const give = (error: Error): void => {
      late = true
      reject(error)
    }
    const timer = setTimeout(() => give(new TimeoutError()), timeout)
    const onAbort = (): void => give(new CancelledError())
    signal?.addEventListener('abort', onAbort)
    cleanUp = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  })
  const working = withGuardedOutput(async () => {
    // Loaded only here: the client and what it brings take longer to load than all the rest.
    const { DefaultArtifactClient } = await import('@actions/artifact')
    return work(new DefaultArtifactClient(), () => late)
  })
  try {
    return await Promise.race([working, end])
  } finally {
    cleanUp()
  }
}

/** Why there is no artifact service here; null where there is one. */
export function whyUnavailable(
  context: RunContext,
  ofThisRun: boolean,
): { reason: 'unsupported' | 'no-service'; message: string } | null {
  if (context.isEnterpriseServer) {
    const message = `GitHub Enterprise Server (${context.serverUrl}) has no artifact service that this action could use.`
    return { reason: 'unsupported', message }
  }
  // The client reads these from the process's environment itself.
  if (ofThisRun && !(process.env.ACTIONS_RUNTIME_TOKEN && process.env.ACTIONS_RESULTS_URL)) {
    const message =
      'There is no artifact service here: the runner gave no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL.'
    return { reason: 'no-service', message }
  }
  return null
}

/** The kind of a client's error; its classes do not survive bundling. */
export function nameOf(error: unknown): string {
  return asText(asObject(error).name)
}

/** The text of an error on one line, shortened: it may hold an answer from outside. */
export function messageOf(error: unknown): string {
  const { statusCode } = asObject(error)
  if (typeof statusCode === 'number') return `its storage answered ${statusCode}.`
  const text = error instanceof Error ? error.message : String(error)
  return clip(text.replaceAll(/[\s\u0085]+/g, ' '), 300)
}
