import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { DeploymentReview, EnvironmentFacts, Person } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'
import { quote, sentenceList } from '../text/words.ts'
import { type ApprovalVerdict, refusal } from './verdict.ts'

export type EnvironmentRefusal =
  | 'unreadable'
  | 'starter-unknown'
  | 'no-review'
  | 'pending'
  | 'rejected'
  | 'not-a-person'
  | 'only-by-starter'

export interface EnvironmentEvidence {
  /** Deployment reviews of this run. */
  readonly approvals: readonly DeploymentReview[]
  readonly environmentName: string
  /** Who started the run, and who started this attempt of it. */
  readonly actor: string
  readonly triggeringActor: string
  readonly runAttempt: number
  /** null: could not be read. */
  readonly environment: EnvironmentFacts | null
}

/**
 * Judges `require-approval: environment:NAME`: one approving deployment review of this run by a person who started
 * neither the run nor this attempt, and no rejection.
 *
 * GitHub's list of reviews has no times and no attempts: a rejection anywhere in the run stands against every
 * approval of it, and the approval of an earlier attempt cannot be told from one of this attempt.
 */
export function judgeEnvironmentApproval(evidence: EnvironmentEvidence): ApprovalVerdict<EnvironmentRefusal> {
  const { environmentName, actor, triggeringActor } = evidence
  const name = quote(environmentName)
  const refuse = (reason: EnvironmentRefusal, found: string, goOn: string): ApprovalVerdict<EnvironmentRefusal> =>
    refusal(reason, found, neededFor(environmentName), goOn)
  const reviews = evidence.approvals.filter(({ environments }) =>
    environments.some((environment) => sameName(environment, environmentName)),
  )
  const inState = (state: string) => reviews.filter((review) => sameName(review.state, state))

  if (actor === '' || (evidence.runAttempt > 1 && triggeringActor === '')) {
    const goOn = 'Run it where GITHUB_ACTOR and GITHUB_TRIGGERING_ACTOR name that person, as GitHub Actions does.'
    return refuse('starter-unknown', 'The runner does not say who started this run.', goOn)
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
    const goOn = `Write "environment: ${environmentName}" in this job, or in one that it needs, and add required reviewers to that environment in the repository's settings.`
    return refuse(pending ? 'pending' : 'no-review', found, goOn)
  }
  const persons = approved.filter(({ user }) => isPerson(user))
  if (persons.length === 0) {
    const found = `The only approvals for environment ${name} are not by a person: ${people(approved)}.`
    return refuse('not-a-person', found, 'Have a person review the deployment in a new run.')
  }
  const isStarter = (user: Person | null) =>
    user !== null && (sameName(user.login, actor) || sameName(user.login, triggeringActor))
  const by = [...new Set(persons.filter(({ user }) => !isStarter(user)).map(({ user }) => user?.login ?? ''))]
  if (by.length === 0) {
    const found = `Only ${people(persons)}, who started this run or this attempt of it, approved it.`
    const goOn = 'Have somebody else review the deployment in a new run, and switch on "Prevent self-review".'
    return refuse('only-by-starter', found, goOn)
  }
  return { approved: true, by, warnings: weaknesses(evidence) }
}

/** Asks GitHub for the reviews of this run and the environment's protection, and judges them. */
export async function checkEnvironmentApproval(
  github: GitHub,
  context: RunContext,
  environmentName: string,
): Promise<ApprovalVerdict<EnvironmentRefusal>> {
  const approvals = await github.approvals(context.runId)
  if (!approvals.ok) {
    return refusal('unreadable', approvals.message, neededFor(environmentName), 'Then run again.')
  }
  const environment = await github.environment(environmentName)
  return judgeEnvironmentApproval({
    approvals: approvals.value,
    environmentName,
    actor: context.actor,
    triggeringActor: context.triggeringActor,
    runAttempt: context.runAttempt,
    environment: environment.ok ? environment.value : null,
  })
}

function neededFor(environmentName: string): string {
  return `Needed is an approving review of this run for environment ${quote(environmentName)} by somebody who did not start it.`
}

/** What would have let the run through without the second person; told, never a reason to refuse. */
function weaknesses({ environment, environmentName, runAttempt }: EnvironmentEvidence): string[] {
  const name = quote(environmentName)
  const warnings: string[] = []
  if (runAttempt > 1) {
    warnings.push(
      `This is attempt ${runAttempt} of the run: an approval of an earlier attempt cannot be told from one of this attempt. Start a new run to have it approved afresh.`,
    )
  }
  if (environment === null) {
    warnings.push(`How environment ${name} is protected could not be read. Check its settings.`)
    return warnings
  }
  if (!environment.requiredReviewers) {
    warnings.push(`Environment ${name} has no required reviewers: nobody would have had to approve this run.`)
  } else if (!environment.preventSelfReview) {
    warnings.push(`Environment ${name} lets people approve their own runs. Switch on "Prevent self-review".`)
  }
  if (environment.adminsMayBypass) {
    warnings.push(
      `Administrators may bypass the protection of environment ${name}. Switch off "Allow administrators to bypass configured protection rules".`,
    )
  }
  return warnings
}

function isPerson(user: Person | null): boolean {
  return user !== null && user.type === 'User'
}

function people(reviews: readonly DeploymentReview[]): string {
  return sentenceList([...new Set(reviews.map(({ user }) => user?.login ?? 'a deleted account'))])
}
