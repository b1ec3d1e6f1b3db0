import type { LineProblem } from '../account/line-problem.ts'
import { connectGitHub, type GitHub } from '../github/api.ts'
import { keepComment } from '../github/comment.ts'
import type { RunContext } from '../github/context.ts'
import { buildComment, commentMarker, type PlanChanges } from '../report/comment.ts'
import type { RunReport } from '../report/report.ts'
import { readInputs } from '../settings/inputs.ts'
import { errorText, joinFilled } from '../text/words.ts'
import type { World } from '../world/world.ts'

/**
 * Keeps the plan's comment on the pull request up to date. A refused plan overwrites it, also one whose inputs are
 * refused, so that nobody approves what stood there before. A token that may not write is told in a notice: the same
 * stands in the job summary. @param changes against the base branch; null where nothing can be compared
 */
export async function publishComment(
  { env, log }: World,
  context: RunContext,
  report: RunReport,
  problems: readonly LineProblem[] = [],
  changes: (github: GitHub) => Promise<PlanChanges | null> = async () => null,
): Promise<void> {
  const { values } = readInputs(env)
  const { workflow, job, pullRequest } = context
  if (values.comment !== 'true' || values.mode !== 'plan' || pullRequest === null) return
  // By the inputs, not by what was read: a plan that could not read its list has the same place.
  const lists = [values['users-file'], values['users-artifact'], values['results-artifact']]
  const place = { workflow, job, list: joinFilled(lists, '\n') }
  const shown = problems.map(({ line, text }) => ({ line, text: log.clean(text) }))
  try {
    const github = connectGitHub(context, values['github-token'])
    const text = buildComment(report, await changes(github), place, shown)
    const kept = await keepComment(github, pullRequest.number, commentMarker(place), text)
    if ('notice' in kept) log.notice(kept.notice)
    else log.info(`The comment on pull request ${pullRequest.number} is ${kept.kind}: ${kept.url}`)
  } catch (error) {
    log.warning(`The comment on the pull request could not be written: ${errorText(error)}`)
  }
}
