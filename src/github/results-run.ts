import { asObject, asText } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { fullName, type RunContext } from './context.ts'
import type { RunFacts } from './facts.ts'
import { sameName } from './same-name.ts'

export type ResultsRunRefusal = 'other-repository' | 'fork' | 'pull-request' | 'unknown-trigger'

export type ResultsRunVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: ResultsRunRefusal; readonly message: string }

/** The run that is going on, as far as its environment tells; no question to GitHub is needed for it. */
export function currentRun(context: RunContext): RunFacts {
  const repository = fullName(context.repository)
  const trigger = asObject(context.event.workflow_run)
  return {
    id: context.runId,
    // What stands behind a chained run is known for the run itself alone.
    event: context.eventName === 'workflow_run' ? asText(trigger.event) : context.eventName,
    repository,
    headRepository:
      context.eventName === 'workflow_run'
        ? asText(asObject(trigger.head_repository).full_name)
        : (context.pullRequest?.headRepo ?? repository),
    path: context.workflowPath,
    headBranch: context.ref.replace(/^refs\/heads\//, ''),
    headSha: context.sha,
    attempt: context.runAttempt,
  }
}

/**
 * Whether a run's results may say which accounts are restored or verified: only if it belongs to this repository and
 * no pull request triggered it. In such a run people without any right here could have written the results.
 */
export function resultsRunAllowed(run: RunFacts, context: RunContext): ResultsRunVerdict {
  const repository = fullName(context.repository)
  const refuse = (reason: ResultsRunRefusal, found: string): ResultsRunVerdict => ({
    allowed: false,
    reason,
    message: `Results of run ${run.id} are not accepted: ${found} Nothing was changed. Name in "results-run-id" a run of ${repository} that was started by hand, on a schedule or by a push.`,
  })
  if (!sameName(run.repository, repository)) {
    return refuse('other-repository', `it belongs to ${quote(run.repository)}, not to ${repository}.`)
  }
  if (run.event === '') return refuse('unknown-trigger', 'GitHub does not say what triggered it.')
  if (/^pull_request/.test(run.event) || run.event === 'merge_group' || run.event === 'issue_comment') {
    return refuse('pull-request', `${quote(run.event)} triggered it, and so a pull request could have.`)
  }
  if (run.event === 'workflow_run') {
    return refuse('unknown-trigger', 'another run triggered it, and a pull request could have triggered that one.')
  }
  if (!sameName(run.headRepository, repository)) {
    return refuse('fork', `its commit came from ${quote(run.headRepository)}, not from ${repository}.`)
  }
  return { allowed: true }
}
