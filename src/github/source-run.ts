import type { Mode } from '../account/decision.ts'
import { CHANGING_EVENTS } from '../account/events.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { GitHub } from './api.ts'
import type { RunContext } from './context.ts'
import { type RunFacts, sameName } from './facts.ts'

/** The input that names the run, and the mode that takes something from it. */
export type SourceUse = { readonly input: 'results-run-id' | 'users-run-id'; readonly mode: Mode }
type SourceRun = Pick<RunFacts, 'id' | 'event' | 'repository' | 'headRepository'>

/**
 * Whether a run's artifacts may say which accounts are changed or verified (contract, section 4): a run of this
 * repository, on a commit of its own, on an event on which accounts may be changed. In any other, people without a right
 * here could have written them. What is only planned may come from a pull request of the repository's own branches too.
 * @returns why they may not; null where they may
 */
export function judgeSourceRun(run: SourceRun, context: RunContext, { input, mode }: SourceUse): string | null {
  const repository = context.repository.fullName
  const events = mode === 'plan' ? [...CHANGING_EVENTS, 'pull_request'] : CHANGING_EVENTS
  const what = input === 'results-run-id' ? 'Results' : 'A list'
  const refuse = (found: string): string =>
    `${what} of run ${run.id} cannot be used: ${found} Name in "${input}" a run of ${repository} itself, on ${sentenceList(events, 'or')}.`
  if (!sameName(run.repository, repository))
    return refuse(`it belongs to ${quote(run.repository)}, not to ${repository}.`)
  if (!events.includes(run.event)) {
    const by = run.event === '' ? 'GitHub does not say what triggered it' : `it was triggered by ${quote(run.event)}`
    return refuse(`${by}, so people without write permission could have made what it holds.`)
  }
  if (sameName(run.headRepository, repository)) return null
  return refuse(`its commit came from ${quote(run.headRepository)}, not from ${repository}.`)
}

/** Asks GitHub about the run that an input names, empty for this one, and judges it likewise. */
export async function whyNotFrom(github: GitHub, context: RunContext, runId: string, use: SourceUse) {
  if (runId !== '' && runId !== context.runId) {
    const run = await github.run(runId)
    return run.ok ? judgeSourceRun(run.value, context, use) : run.message
  }
  // Lists of this run its own event lets through or not.
  if (use.input === 'users-run-id') return null
  const repository = context.repository.fullName
  const headRepository = context.pullRequest?.headRepo ?? repository
  return judgeSourceRun({ id: context.runId, event: context.eventName, repository, headRepository }, context, use)
}
