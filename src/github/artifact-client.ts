import { asObject, asText } from '../text/unknowns.ts'
import { clip, errorText } from '../text/words.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import type { RunContext } from './context.ts'
import { type Clean, withGuardedOutput } from './quiet.ts'

/** GitHub's own client for artifacts. */
export type Client = InstanceType<typeof import('@actions/artifact').DefaultArtifactClient>

/** Ends after a time, in milliseconds, or with another signal. */
export function endAfter(timeout: number, signal?: AbortSignal): AbortSignal {
  const over = AbortSignal.timeout(timeout)
  return signal === undefined ? over : AbortSignal.any([over, signal])
}

/**
 * Runs work with the client, and rejects as soon as the signal ends it. The client cannot be stopped: it goes on unheard,
 * so work looks at the signal before it does anything that lasts.
 */
export async function withClient<T extends object>(
  end: AbortSignal,
  clean: Clean,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  end.throwIfAborted()
  const working = withGuardedOutput(clean, async () => {
    // Loaded only here: the client and what it brings take longer to load than all the rest.
    const { DefaultArtifactClient } = await import('@actions/artifact')
    return work(new DefaultArtifactClient())
  })
  const done = await unlessAborted(working, end)
  if (done === null) throw end.reason
  return done
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
  const text = errorText(error)
  return clip(text.replaceAll(/[\s\u0085]+/g, ' '), 300)
}
