import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { DeploymentReview, EnvironmentFacts, Person } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'
import { clip, quote, sentenceList } from '../text/words.ts'
import { type ApprovalVerdict, judged, object, refusal, thisRun, told } from './verdict.ts'

export interface EnvironmentEvidence extends Pick<RunContext, 'sha' | 'runAttempt'> {
  /** Deployment reviews of this run. */
  readonly approvals: readonly DeploymentReview[]
  readonly environmentName: string
  /** Who started the run, and who started this attempt of it, as GitHub says and as the runner says. */
  readonly starters: readonly (Person | null)[]
  /** null: could not be read. */
  readonly environment: EnvironmentFacts | null
}

/**
 * Judges `require-approval: environment:NAME`: one approving deployment review of this run by a person who started
 * neither the run nor this attempt, and no rejection. People are told apart by their ids.
 *
 * GitHub's list of reviews has no times and no attempts: a rejection anywhere in the run stands against every
 * approval of it, and the approval of an earlier attempt cannot be distinguished from one of this attempt.
 */
export function judgeEnvironmentApproval(evidence: EnvironmentEvidence): ApprovalVerdict {
  const { environmentName, environment, starters, sha } = evidence
  const name = quote(environmentName)
  const refuse = (reason: string, found: string, goOn: string): ApprovalVerdict =>
    refusal(object(reason, found, goOn), neededFor(environmentName))
  const reviews = evidence.approvals.filter(({ environments }) =>
    environments.some((one) => sameName(one.name, environmentName) && isSameId(one.id, environment?.id ?? 0)),
  )
  const inState = (state: string) => reviews.filter((review) => sameName(review.state, state))

  if (starters.length === 0 || starters.includes(null)) {
    const goOn = 'Start a new run, as a person or an app that has an account on GitHub.'
    return refuse('starter-unknown', 'GitHub does not say who started this run and this attempt of it.', goOn)
  }
  const rejected = inState('rejected')
  if (rejected.length > 0) {
    const goOn = 'Settle it with them, then start a new run: in a re-run the rejection stands.'
    return refuse('rejected', `${people(rejected)} rejected this run for environment ${name}.`, goOn)
  }
  const approved = inState('approved')
  if (approved.length === 0) {
    const pending = inState('pending').length > 0
    const found = pending
      ? `The review of this run for environment ${name} is still pending.`
      : `This run has no review for environment ${name}.`
    const goOn = `Write "environment: ${clip(environmentName, 80)}" in this job, or in one that it needs, and add required reviewers to that environment in the repository's settings.`
    return refuse(pending ? 'pending' : 'no-review', found, goOn)
  }
  const persons = approved.flatMap(({ user }) => (user?.type === 'User' ? [user] : []))
  if (persons.length === 0) {
    const found = `The only approvals for environment ${name} are not by a person: ${people(approved)}.`
    return refuse('not-a-person', found, 'Have a person review the deployment in a new run.')
  }
  const others = persons.filter(({ id }) => !starters.some((starter) => starter?.id === id))
  if (others.length === 0) {
    const found = `Only ${people(persons.map((user) => ({ user })))}, who started this run or this attempt of it, approved it.`
    const goOn = 'Have somebody else review the deployment in a new run, and switch on "Prevent self-review".'
    return refuse('only-by-starter', found, goOn)
  }
  const through = { kind: 'environment', name: environmentName } as const
  const by = new Map(others.map(({ id, login }) => [id, { id, login, through, commit: sha }]))
  return { approved: true, by: [...by.values()], warnings: weaknesses(evidence) }
}

/** Asks GitHub for the run, its reviews and the environment's protection, and judges them. */
export function checkEnvironmentApproval(
  github: GitHub,
  context: RunContext,
  environmentName: string,
): Promise<ApprovalVerdict> {
  return judged(neededFor(environmentName), async () => {
    const approvals = told(await github.approvals(context.runId))
    const { actor, triggeringActor } = await thisRun(github, context)
    const environment = await github.environment(environmentName)
    // The runner's word can only add somebody.
    const runner = { id: context.actorId, login: context.actor, type: actor?.type ?? '' }
    return judgeEnvironmentApproval({
      ...context,
      approvals,
      environmentName,
      starters: [actor, triggeringActor, ...(runner.id === 0 ? [] : [runner])],
      environment: environment.ok ? environment.value : null,
    })
  })
}

function neededFor(environmentName: string): string {
  return `Required: an approving review of this run for environment ${quote(environmentName)} by somebody who did not start it.`
}

/** What would have let the run through without the second person; told, never a reason to refuse. */
function weaknesses({ environment, environmentName, runAttempt, starters }: EnvironmentEvidence): string[] {
  const name = quote(environmentName)
  const bot = starters.find((starter) => starter !== null && starter.type !== 'User')
  return [
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
}

/** Ids decide where both are told. */
function isSameId(one: number, other: number): boolean {
  return one === 0 || other === 0 || one === other
}

function people(reviews: readonly Pick<DeploymentReview, 'user'>[]): string {
  return sentenceList([...new Set(reviews.map(({ user }) => user?.login ?? 'a deleted account'))])
}
