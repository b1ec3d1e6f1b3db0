import { asArray, asCount, asObject, asText } from '../text/unknowns.ts'
import { fullNameOf, readVisibility } from './context.ts'

export type Person = Readonly<NonNullable<ReturnType<typeof toPerson>>>
export type RunFacts = Readonly<ReturnType<typeof toRun>>
export type CalledWorkflow = NonNullable<RunFacts['calledWorkflows']>[number]
export type DeploymentReview = Readonly<ReturnType<typeof toDeploymentReview>>
export type EnvironmentFacts = Readonly<ReturnType<typeof toEnvironment>>
export type Pull = Readonly<ReturnType<typeof toPull>>
export type PullFile = Readonly<ReturnType<typeof toPullFile>>
export type BranchRules = Readonly<ReturnType<typeof toBranchRules>>
export type Review = Readonly<ReturnType<typeof toReview>>
export type Commit = Readonly<ReturnType<typeof toCommit>>
export type Comment = Readonly<ReturnType<typeof toComment>>

/** A user; null where it cannot be told who: GitHub shows all deleted accounts as one, `ghost`. */
export function toPerson(value: unknown) {
  const user = asObject(value)
  const person = {
    /** Stays the same when the login changes, and tells who somebody is. */
    id: asCount(user.id),
    login: asText(user.login),
    /** `User` for people; `Bot`, `Organization`, `Mannequin` are none. */
    type: asText(user.type),
  }
  return person.id === 0 || person.login === '' || person.login === 'ghost' ? null : person
}

export function toRepository(value: unknown) {
  return { visibility: readVisibility(value), defaultBranch: asText(asObject(value).default_branch) }
}

export function toRun(value: unknown) {
  const run = asObject(value)
  const called = run.referenced_workflows
  return {
    id: String(asCount(run.id)),
    event: asText(run.event),
    repository: fullNameOf(run.repository),
    /** Where the run's commit came from; empty where that repository was deleted. */
    headRepository: fullNameOf(run.head_repository),
    attempt: asCount(run.run_attempt),
    /** Who started the run. */
    actor: toPerson(run.actor),
    /** Who started this attempt of it. */
    triggeringActor: toPerson(run.triggering_actor),
    /** All workflows that it calls, directly or not; null where GitHub does not say. */
    calledWorkflows: Array.isArray(called) ? called.map(toCalledWorkflow) : null,
  }
}

/** `owner/repo/.github/workflows/x.yml`, and `@` with what it was called at; the commit that it was read from. */
function toCalledWorkflow(value: unknown) {
  const workflow = asObject(value)
  return { path: asText(workflow.path), sha: asText(workflow.sha) }
}

/** A deployment review of a run. GitHub tells no time, job or attempt of it. */
export function toDeploymentReview(value: unknown) {
  const review = asObject(value)
  const environments = asArray(review.environments)
    .map(asObject)
    .map(({ id, name }) => ({ id: asCount(id), name: asText(name) }))
  return { environments, state: asText(review.state), user: toPerson(review.user) }
}

/** How an environment protects itself. What GitHub leaves out counts as not protected, so that it is warned about. */
export function toEnvironment(value: unknown) {
  const environment = asObject(value)
  const rules = asArray(environment.protection_rules)
    .map(asObject)
    .filter((rule) => rule.type === 'required_reviewers' && asArray(rule.reviewers).length > 0)
  return {
    /** 0 where it is not told. */
    id: asCount(environment.id),
    requiredReviewers: rules.length > 0,
    preventSelfReview: rules.some((rule) => rule.prevent_self_review === true),
    adminsMayBypass: environment.can_admins_bypass !== false,
  }
}

export function toPull(value: unknown) {
  const pull = asObject(value)
  const base = asObject(pull.base)
  return {
    number: asCount(pull.number),
    merged: asText(pull.merged_at) !== '',
    baseRef: asText(base.ref),
    baseRepository: fullNameOf(base.repo),
    headSha: asText(asObject(pull.head).sha),
    author: toPerson(pull.user),
    /** How many commits it has, and how many files it changes; 0 in a list of pull requests, which does not tell. */
    commits: asCount(pull.commits),
    changedFiles: asCount(pull.changed_files),
  }
}

/** A file that a pull request changes; its earlier path is empty where it was not renamed. */
export function toPullFile(value: unknown) {
  const file = asObject(value)
  return { path: asText(file.filename), previousPath: asText(file.previous_filename) }
}

/** What a branch's rules demand of a pull request. */
export function toBranchRules(rules: readonly unknown[]) {
  const demands = rules
    .map(asObject)
    .filter(({ type }) => type === 'pull_request')
    .map(({ parameters }) => asObject(parameters))
    .filter(({ required_approving_review_count: reviews }) => asCount(reviews) > 0)
  return {
    /** At least one approving review. */
    review: demands.length > 0,
    /** That somebody else than who pushed last approved the last push. */
    lastPushApproval: demands.some((demand) => demand.require_last_push_approval === true),
  }
}

/**
 * A review of a pull request: `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED` or `PENDING`, and when, in
 * milliseconds since the epoch; 0 where it is not told.
 */
export function toReview(value: unknown) {
  const review = asObject(value)
  const submittedAt = Date.parse(asText(review.submitted_at)) || 0
  return { state: asText(review.state), user: toPerson(review.user), commit: asText(review.commit_id), submittedAt }
}

/** When the base branch was changed last, from a pull request's timeline: milliseconds since the epoch, or -Infinity. */
export function toBaseChange(timeline: readonly unknown[]): number {
  const times = timeline
    .map(asObject)
    .filter(({ event }) => event === 'base_ref_changed' || event === 'automatic_base_change_succeeded')
    .map((event) => Date.parse(asText(event.created_at)) || Number.POSITIVE_INFINITY)
  return Math.max(Number.NEGATIVE_INFINITY, ...times)
}

/** A commit; its author or committer is null where the e-mail address in it belongs to no account. */
export function toCommit(value: unknown) {
  const commit = asObject(value)
  return {
    sha: asText(commit.sha),
    author: toPerson(commit.author),
    committer: toPerson(commit.committer),
    message: asText(asObject(commit.commit).message),
  }
}

/**
 * One name in a folder of a commit, and its size in bytes. Modes are `100644`, `100755`: a file; `040000`: a folder;
 * `120000`: a symbolic link; `160000`: a submodule.
 */
export function toTreeEntry(value: unknown) {
  const entry = asObject(value)
  return { name: asText(entry.path), mode: asText(entry.mode), sha: asText(entry.sha), size: asCount(entry.size) }
}

/** A comment of an issue or a pull request. */
export function toComment(value: unknown) {
  const comment = asObject(value)
  return {
    id: asCount(comment.id),
    author: asText(asObject(comment.user).login),
    body: asText(comment.body),
    url: asText(comment.html_url),
  }
}
