import type { LineProblem } from '../account/line-problem.ts'
import { connectGitHub, type GitHub } from '../github/api.ts'
import { keepComment } from '../github/comment.ts'
import type { RunContext } from '../github/context.ts'
import type { Job } from '../job.ts'
import { buildComment, type CommentPlace, commentMarker, type PlanChanges } from '../report/comment.ts'
import { maskPerson, type RunReport } from '../report/report.ts'
import { readInputs } from '../settings/inputs.ts'
import { errorText } from '../text/words.ts'
import type { World } from '../world/world.ts'
import { compareWithBase } from './base-changes.ts'
import type { Story } from './report-of.ts'

/**
 * Keeps the plan's comment on the pull request up to date. A refused plan overwrites it, so that nobody approves what
 * stood there before. A token that may not write is told in a notice: the same stands in the job summary.
 *
 * @param problems what is wrong with which lines of the list
 */
export async function publishComment(
  job: Job,
  report: RunReport,
  { read, hurried }: Story,
  problems: readonly LineProblem[],
): Promise<void> {
  const { settings, context, world } = job
  // After a cancel only seconds are left, and the comment of an unfinished plan would tell nothing.
  if (!settings.comment || settings.mode !== 'plan' || context.pullRequest === null || hurried) return
  const place = {
    workflow: context.workflow,
    job: context.job,
    // By the inputs, not by what was read: a plan that could not read its list has the same place.
    list: listName({
      'users-file': settings.usersFile,
      'users-artifact': settings.usersArtifact,
      'results-artifact': settings.resultsArtifact.join('\n'),
    }),
  }
  const shown = problems.map(({ line, text }) => ({ line, text: world.log.clean(text) }))
  await keep(world, context, settings.githubToken, place, async (github) =>
    buildComment(report, read === null ? null : await changesOf(job, report, read, github), place, shown),
  )
}

/**
 * Overwrites the comment where the inputs of a plan are refused: there is no run yet, but a comment of an earlier
 * plan may still show a digest.
 */
export async function publishRefusedComment(world: World, context: RunContext, report: RunReport): Promise<void> {
  const { values } = readInputs(world.env)
  if (values.comment !== 'true' || values.mode !== 'plan' || context.pullRequest === null) return
  const place = { workflow: context.workflow, job: context.job, list: listName(values) }
  await keep(world, context, values['github-token'], place, async () => buildComment(report, null, place))
}

async function keep(
  { log }: World,
  context: RunContext,
  token: string,
  place: CommentPlace,
  build: (github: GitHub) => Promise<string>,
): Promise<void> {
  const number = context.pullRequest?.number ?? 0
  try {
    const github = connectGitHub(context, token)
    const kept = await keepComment(github, number, commentMarker(place), await build(github))
    if ('notice' in kept) log.notice(kept.notice)
    else log.info(`The comment on pull request ${number} is ${kept.kind}: ${kept.url}`)
  } catch (error) {
    const why = errorText(error)
    log.warning(`The comment on the pull request could not be written: ${why}`)
  }
}

/** What is told of the base branch, masked where privacy asks for it; null where nothing can be compared. */
async function changesOf(
  job: Job,
  report: RunReport,
  read: NonNullable<Story['read']>,
  github: GitHub,
): Promise<PlanChanges | null> {
  const { context, privacy, world } = job
  const made = report.outcome === 'planned' || report.outcome === 'nothing-to-do'
  if (!made || context.pullRequest === null) return null
  const compared = await compareWithBase(job, read, github, context.pullRequest.baseSha)
  if (compared.kind === 'none') {
    if (compared.why !== '') world.log.info(`The plan is not compared with the base branch: ${compared.why}`)
    return null
  }
  const { newlyTargeted, noLongerTargeted, newlyProtected } = compared.changes
  if (privacy === 'full') return compared.changes
  return {
    newlyTargeted: newlyTargeted.map(({ lastActive: _, ...account }) => maskPerson(account)),
    noLongerTargeted: noLongerTargeted.map(maskPerson),
    newlyProtected: newlyProtected.map(maskPerson),
  }
}

function listName(inputs: {
  readonly 'users-file': string
  readonly 'users-artifact': string
  readonly 'results-artifact': string
}): string {
  return [inputs['users-file'], inputs['users-artifact'], inputs['results-artifact']]
    .filter((part) => part !== '')
    .join('\n')
}
