import { connectGitHub } from '../github/api.ts'
import { keepComment } from '../github/comment.ts'
import { guardInput } from '../plan/guards.ts'
import { buildComment, type CommentPlace, commentMarker, type PlanChanges } from '../report/comment.ts'
import { refusedEnding } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { contextOf, type Run } from '../run.ts'
import { readInputs } from '../settings/inputs.ts'
import { maskEmail } from '../text/mask.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { compareWithBase } from './base-changes.ts'
import { emptyReport } from './empty-report.ts'

/**
 * Keeps the plan's comment on the pull request up to date. A refused plan overwrites it, so that nobody approves what
 * stood there before. A token that may not write is told in a notice: the same stands in the job summary.
 */
export async function publishComment(run: Run, report: RunReport): Promise<void> {
  const { settings, context, world } = run
  const { pullRequest } = context
  if (!settings.comment || settings.mode !== 'plan' || pullRequest === null) return
  // After a cancel only seconds are left, and the comment of an unfinished plan would tell nothing.
  if (run.stop.cause() === 'cancelled') return
  try {
    const place = placeOf(run)
    const problems = run.lineProblems.problems.map(({ line, text }) => ({ line, text: world.log.clean(text) }))
    const body = buildComment(report, await changesOf(run, report), place, problems)
    const github = connectGitHub(context, settings.githubToken)
    const kept = await keepComment(github, pullRequest.number, commentMarker(place), body)
    if ('notice' in kept) world.log.notice(kept.notice)
    else world.log.info(`The comment on pull request ${pullRequest.number} is ${kept.kind}: ${kept.url}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    world.log.warning(`The comment on the pull request could not be written: ${why}`)
  }
}

/**
 * Overwrites the comment where the inputs of a plan are refused: there is no run yet, but a comment of an earlier
 * plan may still show a digest.
 */
export async function publishRefusedComment(world: World, problems: readonly string[]): Promise<void> {
  const { values } = readInputs(world.env)
  const context = contextOf(world)
  const { pullRequest } = context
  if (values.comment !== 'true' || values.mode !== 'plan' || pullRequest === null) return
  try {
    const finding = guardInput(problems.map(world.log.clean))
    const ending = refusedEnding([finding])
    const report = { ...emptyReport('plan', ending, timestamp(world.clock.now())), guards: [finding] }
    const place = { workflow: context.workflow, job: context.job, list: listName(values) }
    const body = buildComment({ ...report, runUrl: context.runUrl }, null, place)
    const github = connectGitHub(context, values['github-token'])
    const kept = await keepComment(github, pullRequest.number, commentMarker(place), body)
    if ('notice' in kept) world.log.notice(kept.notice)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    world.log.warning(`The comment on the pull request could not be written: ${why}`)
  }
}

/** What is told of the base branch, masked where privacy asks for it; null where nothing can be compared. */
async function changesOf(run: Run, report: RunReport): Promise<PlanChanges | null> {
  const { context, settings, plan, privacy, world } = run
  const made = report.outcome === 'planned' || report.outcome === 'nothing-to-do'
  if (plan === null || !made || context.pullRequest === null) return null
  const github = connectGitHub(context, settings.githubToken)
  const compared = await compareWithBase(run, plan, github, context.pullRequest.baseSha)
  if (compared.kind === 'none') {
    if (compared.why !== '') world.log.info(`The plan is not compared with the base branch: ${compared.why}`)
    return null
  }
  const { newlyTargeted, noLongerTargeted, newlyProtected } = compared.changes
  if (privacy === 'full') return compared.changes
  const masked = (lines: PlanChanges['newlyTargeted']): PlanChanges['newlyTargeted'] =>
    lines.map(({ id, email }) => ({ id, email: maskEmail(email), name: '' }))
  return {
    newlyTargeted: masked(newlyTargeted),
    noLongerTargeted: masked(noLongerTargeted),
    newlyProtected: masked(newlyProtected),
  }
}

/** By the inputs, not by what was read: a plan that could not read its list has the same place. */
function placeOf({ settings, context }: Run): CommentPlace {
  const list = listName({
    'users-file': settings.usersFile,
    'users-artifact': settings.usersArtifact,
    'results-artifact': settings.resultsArtifact.join('\n'),
  })
  return { workflow: context.workflow, job: context.job, list }
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
