import { CHANGING_EVENTS } from '../account/events.ts'
import type { Mode } from '../account/mode.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { GitHub } from './api.ts'
import { fullName, type RunContext } from './context.ts'
import type { RunFacts } from './facts.ts'
import { sameName } from './same-name.ts'

/** What is taken from a run. */
export interface SourceUse {
  readonly input: 'results-run-id' | 'users-run-id'
  readonly mode: Mode
}

export type SourceRefusal = 'other-repository' | 'fork' | 'event'

export type SourceVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: SourceRefusal; readonly message: string }

/** The run that is going on, as far as its environment tells. */
export function currentRun(context: RunContext): Pick<RunFacts, 'id' | 'event' | 'repository' | 'headRepository'> {
  const repository = fullName(context.repository)
  const headRepository = context.pullRequest?.headRepo ?? repository
  return { id: context.runId, event: context.eventName, repository, headRepository }
}

/**
 * Whether a run's artifacts may say which accounts are changed or verified (contract, section 4): a run of this
 * repository, on a commit of its own, on an event on which accounts may be changed. In any other, people without a right
 * here could have written them. What is only planned may come from a pull request of the repository's own branches too.
 */
export function judgeSourceRun(
  run: Pick<RunFacts, 'id' | 'event' | 'repository' | 'headRepository'>,
  context: RunContext,
  { input, mode }: SourceUse,
): SourceVerdict {
  const repository = fullName(context.repository)
  const events = mode === 'plan' ? [...CHANGING_EVENTS, 'pull_request'] : CHANGING_EVENTS
  const what = input === 'results-run-id' ? 'Results' : 'A list'
  const refuse = (reason: SourceRefusal, found: string): SourceVerdict => ({
    allowed: false,
    reason,
    message: `${what} of run ${run.id} cannot be used: ${found} Name in "${input}" a run of ${repository} itself, on ${sentenceList(events, 'or')}.`,
  })
  if (!sameName(run.repository, repository)) {
    return refuse('other-repository', `it belongs to ${quote(run.repository)}, not to ${repository}.`)
  }
  if (!events.some((event) => event === run.event)) {
    const by = run.event === '' ? 'GitHub does not say what triggered it' : `it was triggered by ${quote(run.event)}`
    return refuse('event', `${by}, so people without write permission could have made what it holds.`)
  }
  if (!sameName(run.headRepository, repository)) {
    return refuse('fork', `its commit came from ${quote(run.headRepository)}, not from ${repository}.`)
  }
  return { allowed: true }
}

/**
 * Asks GitHub about the run that an input names, and judges it.
 *
 * @param runId empty: this run, whose lists its own event lets through or not.
 * @returns why nothing may be taken from it; null where it may
 */
export async function whyNotFrom(
  github: GitHub,
  context: RunContext,
  runId: string,
  use: SourceUse,
): Promise<string | null> {
  const isThisRun = runId === '' || runId === context.runId
  if (isThisRun && use.input === 'users-run-id') return null
  const run = isThisRun ? ({ ok: true, value: currentRun(context) } as const) : await github.run(runId)
  if (!run.ok) return run.message
  const verdict = judgeSourceRun(run.value, context, use)
  return verdict.allowed ? null : verdict.message
}
