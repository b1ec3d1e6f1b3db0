import { mkdtemp, rm } from 'node:fs/promises'
import { asObject } from '../text/unknowns.ts'
import { clip, errorText } from '../text/words.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import type { RunContext } from './context.ts'
import { type Clean, withGuardedOutput } from './quiet.ts'
import { type Refusal, refuse } from './refusal.ts'

/** GitHub's own client for artifacts. */
export type Client = InstanceType<typeof import('@actions/artifact').DefaultArtifactClient>

/**
 * Runs work with the client, and rejects as soon as the signal ends it. The client cannot be stopped: it goes on unheard,
 * so work looks at the signal before it does anything that lasts.
 */
export async function withClient<T extends object>(
  end: AbortSignal,
  clean: Clean,
  work: (client: Client) => Promise<T>,
) {
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
export function whyUnavailable({ isEnterpriseServer, serverUrl }: RunContext, ofThisRun: boolean): Refusal | null {
  if (isEnterpriseServer) {
    const message = `GitHub Enterprise Server (${serverUrl}) has no artifact service that this action could use.`
    return refuse('unsupported', message)
  }
  // The client reads these from the process's environment itself.
  if (!ofThisRun || (process.env.ACTIONS_RUNTIME_TOKEN && process.env.ACTIONS_RESULTS_URL)) return null
  const missing = 'the runner gave no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL'
  return refuse('no-service', `There is no artifact service here: ${missing}.`)
}

/** A new folder that is gone with its block. */
export async function temporaryFolder(prefix: string) {
  const path = await mkdtemp(prefix)
  // On Windows a scanner may hold a new file for a moment; what has arrived must not be lost by that.
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The text of an error on one line, shortened: it may hold an answer from outside. */
export function messageOf(error: unknown): string {
  const { statusCode } = asObject(error)
  if (typeof statusCode === 'number') return `its storage answered ${statusCode}.`
  return clip(errorText(error).replaceAll(/[\s\u0085]+/g, ' '), 300)
}
