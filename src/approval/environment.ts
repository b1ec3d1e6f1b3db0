import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import { type DeploymentReview, type Environment, type Person, type RunFacts, sameName } from '../github/facts.ts'
import { clip, quote, sentenceList } from '../text/words.ts'
import { type ApprovalVerdict, judged, object, thisRun, told } from './verdict.ts'

/** Judges `require-approval: environment:NAME`, by what GitHub says of the run, its reviews and the environment. */
export function checkEnvironmentApproval(github: GitHub, context: RunContext, environmentName: string) {
  const needed = `Required: an approving review of this run for environment ${quote(environmentName)} by somebody who did not start it.`
  return judged(needed, async () => {
    const approvals = told(await github.approvals(context.runId))
    const run = await thisRun(github, context)
    const environment = await github.environment(environmentName)
    return judge(context, environmentName, run, approvals, environment.ok ? environment.value : null)
  })
}

/**
 * One approving deployment review of this run by a person who started neither the run nor this attempt, and no rejection,
 * is needed. People are told apart by their ids. GitHub's list of reviews has no times and no attempts: a rejection
 * anywhere in the run stands against every approval of it, and the approval of an earlier attempt cannot be distinguished
 * from one of this attempt. An environment that could not be read is null.
 */
function judge(
  { sha, actorId, runAttempt }: RunContext,
  environmentName: string,
  { actor, triggeringActor }: RunFacts,
  approvals: readonly DeploymentReview[],
  environment: Environment | null,
): ApprovalVerdict {
  const name = quote(environmentName)
  const environmentId = environment?.id ?? 0
  // Ids decide where both are told.
  const isThis = (one: DeploymentReview['environments'][number]): boolean =>
    sameName(one.name, environmentName) && (one.id === environmentId || one.id === 0 || environmentId === 0)
  const reviews = approvals.filter(({ environments }) => environments.some(isThis))
  const people = (users: readonly (Person | null)[]): string =>
    sentenceList([...new Set(users.map((user) => user?.login ?? 'a deleted account'))])
  const reviewersIn = (state: string) => reviews.filter((one) => sameName(one.state, state)).map(({ user }) => user)
  if (actor === null || triggeringActor === null) {
    const fix = 'Start a new run, as a person or an app that has an account on GitHub.'
    return object('starter-unknown', 'GitHub does not say who started this run and this attempt of it.', fix)
  }
  const rejected = reviewersIn('rejected')
  if (rejected.length > 0) {
    const fix = 'Settle it with them, then start a new run: in a re-run the rejection stands.'
    return object('rejected', `${people(rejected)} rejected this run for environment ${name}.`, fix)
  }
  const approved = reviewersIn('approved')
  if (approved.length === 0) {
    const fix = `Write "environment: ${clip(environmentName, 80)}" in this job, or in one that it needs, and add required reviewers to that environment in the repository's settings.`
    return reviewersIn('pending').length > 0
      ? object('pending', `The review of this run for environment ${name} is still pending.`, fix)
      : object('no-review', `This run has no review for environment ${name}.`, fix)
  }
  const persons = approved.filter((user) => user !== null).filter(({ type }) => type === 'User')
  if (persons.length === 0) {
    const why = `The only approvals for environment ${name} are not by a person: ${people(approved)}.`
    return object('not-a-person', why, 'Have a person review the deployment in a new run.')
  }
  // The runner's word can only add somebody.
  const starters = [actor.id, triggeringActor.id, actorId]
  const others = persons.filter(({ id }) => !starters.includes(id))
  if (others.length === 0) {
    const why = `Only ${people(persons)}, who started this run or this attempt of it, approved it.`
    const fix = 'Have somebody else review the deployment in a new run, and switch on "Prevent self-review".'
    return object('only-by-starter', why, fix)
  }
  const through = { kind: 'environment', name: environmentName } as const
  const by = new Map(others.map(({ id, login }) => [id, { id, login, through, commit: sha }]))
  const bot = [actor, triggeringActor].find(({ type }) => type !== 'User')
  // What would have let the run through without the second person; told, never a reason to refuse.
  const warnings = [
    bot && `This run was started by ${bot.login}, not by a person: whoever approved it may have had it started.`,
    runAttempt > 1 &&
      `This is attempt ${runAttempt} of the run: an approval of an earlier attempt cannot be distinguished from one of this attempt. Start a new run to have it approved afresh.`,
    environment === null && `How environment ${name} is protected could not be read. Check its settings.`,
    environment?.requiredReviewers === false &&
      `Environment ${name} has no required reviewers: nobody would have had to approve this run.`,
    environment?.requiredReviewers === true &&
      !environment.preventSelfReview &&
      `Environment ${name} lets people approve their own runs. Switch on "Prevent self-review".`,
    environment?.adminsMayBypass === true &&
      `Administrators may bypass the protection of environment ${name}. Switch off "Allow administrators to bypass configured protection rules".`,
  ].filter((weakness) => typeof weakness === 'string')
  return { approved: true, by: [...by.values()], warnings }
}
