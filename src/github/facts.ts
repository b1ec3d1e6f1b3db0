import { asArray, asCount, asObject, asText } from '../text/unknowns.ts'
import { readVisibility, type Visibility } from './context.ts'

/** A GitHub user. */
export interface Person {
  /** Stays the same when the login changes, and tells who somebody is. */
  readonly id: number
  readonly login: string
  /** `User` for people; `Bot`, `Organization`, `Mannequin` are none. */
  readonly type: string
}

export interface RepositoryFacts {
  readonly visibility: Visibility
  readonly defaultBranch: string
}

export interface RunFacts {
  readonly id: string
  readonly event: string
  /** `owner/repo`, also below. */
  readonly repository: string
  /** Where the run's commit came from; empty where that repository was deleted. */
  readonly headRepository: string
  /** Of the workflow file. */
  readonly path: string
  readonly headBranch: string
  readonly headSha: string
  readonly attempt: number
  /** Who started the run. */
  readonly actor: Person | null
  /** Who started this attempt of it. */
  readonly triggeringActor: Person | null
  /** All that it calls, directly or not; null where GitHub does not say. */
  readonly calledWorkflows: readonly CalledWorkflow[] | null
}

/** A workflow that a run calls. */
export interface CalledWorkflow {
  /** `owner/repo/.github/workflows/x.yml`, and `@` with what it was called at. */
  readonly path: string
  /** Commit that it was read from. */
  readonly sha: string
}

/** A deployment review of a run. GitHub tells no time, job or attempt of it. */
export interface DeploymentReview {
  readonly environments: readonly { readonly id: number; readonly name: string }[]
  readonly state: string
  readonly user: Person | null
}

/** How an environment protects itself. */
export interface EnvironmentFacts {
  /** 0 where it is not told. */
  readonly id: number
  readonly requiredReviewers: boolean
  readonly preventSelfReview: boolean
  readonly adminsMayBypass: boolean
}

export interface Pull {
  readonly number: number
  readonly merged: boolean
  readonly baseRef: string
  readonly baseRepository: string
  readonly headSha: string
  readonly author: Person | null
  /** How many commits it has, and how many files it changes; 0 in a list of pull requests, which does not tell. */
  readonly commits: number
  readonly changedFiles: number
}

/** A file that a pull request changes. */
export interface PullFile {
  readonly path: string
  /** Before it was renamed; else empty. */
  readonly previousPath: string
}

/** What a branch's rules demand of a pull request. */
export interface BranchRules {
  /** At least one approving review. */
  readonly review: boolean
  /** That somebody else than who pushed last approved the last push. */
  readonly lastPushApproval: boolean
}

/** A review of a pull request. */
export interface Review {
  /** `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED`, `PENDING`. */
  readonly state: string
  readonly user: Person | null
  readonly commit: string
  /** Milliseconds since the epoch; 0 where it is not told. */
  readonly submittedAt: number
}

export interface Commit {
  readonly sha: string
  /** null where the e-mail address in the commit belongs to no account. */
  readonly author: Person | null
  readonly committer: Person | null
  readonly message: string
}

/** One name in a folder of a commit. */
export interface TreeEntry {
  readonly name: string
  /** `100644`, `100755`: a file; `040000`: a folder; `120000`: a symbolic link; `160000`: a submodule. */
  readonly mode: string
  readonly sha: string
  /** Bytes. */
  readonly size: number
}

/** A comment of an issue or a pull request. */
export interface Comment {
  readonly id: number
  readonly author: string
  readonly body: string
  readonly url: string
}

export function toRepository(value: unknown): RepositoryFacts {
  return { visibility: readVisibility(value), defaultBranch: asText(asObject(value).default_branch) }
}

export function toRun(value: unknown): RunFacts {
  const run = asObject(value)
  return {
    id: String(asCount(run.id)),
    event: asText(run.event),
    repository: asText(asObject(run.repository).full_name),
    headRepository: asText(asObject(run.head_repository).full_name),
    path: asText(run.path),
    headBranch: asText(run.head_branch),
    headSha: asText(run.head_sha),
    attempt: asCount(run.run_attempt),
    actor: toPerson(run.actor),
    triggeringActor: toPerson(run.triggering_actor),
    calledWorkflows: Array.isArray(run.referenced_workflows) ? run.referenced_workflows.map(toCalledWorkflow) : null,
  }
}

function toCalledWorkflow(value: unknown): CalledWorkflow {
  const workflow = asObject(value)
  return { path: asText(workflow.path), sha: asText(workflow.sha) }
}

export function toDeploymentReviews(value: unknown): DeploymentReview[] {
  return asArray(value).map((item) => {
    const review = asObject(item)
    const environments = asArray(review.environments)
      .map(asObject)
      .map(({ id, name }) => ({ id: asCount(id), name: asText(name) }))
    return { environments, state: asText(review.state), user: toPerson(review.user) }
  })
}

/** What GitHub leaves out counts as not protected, so that it is warned about. */
export function toEnvironment(value: unknown): EnvironmentFacts {
  const environment = asObject(value)
  const rules = asArray(environment.protection_rules)
    .map(asObject)
    .filter((rule) => rule.type === 'required_reviewers' && asArray(rule.reviewers).length > 0)
  return {
    id: asCount(environment.id),
    requiredReviewers: rules.length > 0,
    preventSelfReview: rules.some((rule) => rule.prevent_self_review === true),
    adminsMayBypass: environment.can_admins_bypass !== false,
  }
}

export function toPull(value: unknown): Pull {
  const pull = asObject(value)
  const base = asObject(pull.base)
  return {
    number: asCount(pull.number),
    merged: asText(pull.merged_at) !== '',
    baseRef: asText(base.ref),
    baseRepository: asText(asObject(base.repo).full_name),
    headSha: asText(asObject(pull.head).sha),
    author: toPerson(pull.user),
    commits: asCount(pull.commits),
    changedFiles: asCount(pull.changed_files),
  }
}

export function toPullFile(value: unknown): PullFile {
  const file = asObject(value)
  return { path: asText(file.filename), previousPath: asText(file.previous_filename) }
}

export function toBranchRules(rules: readonly unknown[]): BranchRules {
  const demands = rules
    .map(asObject)
    .filter(({ type }) => type === 'pull_request')
    .map(({ parameters }) => asObject(parameters))
    .filter(({ required_approving_review_count: reviews }) => asCount(reviews) > 0)
  const lastPushApproval = demands.some(({ require_last_push_approval: demanded }) => demanded === true)
  return { review: demands.length > 0, lastPushApproval }
}

export function toReview(value: unknown): Review {
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

export function toCommit(value: unknown): Commit {
  const commit = asObject(value)
  return {
    sha: asText(commit.sha),
    author: toPerson(commit.author),
    committer: toPerson(commit.committer),
    message: asText(asObject(commit.commit).message),
  }
}

export function toTreeEntry(value: unknown): TreeEntry {
  const entry = asObject(value)
  return { name: asText(entry.path), mode: asText(entry.mode), sha: asText(entry.sha), size: asCount(entry.size) }
}

export function toComment(value: unknown): Comment {
  const comment = asObject(value)
  return {
    id: asCount(comment.id),
    author: asText(asObject(comment.user).login),
    body: asText(comment.body),
    url: asText(comment.html_url),
  }
}

/** A user; null where it cannot be told who: GitHub shows all deleted accounts as one, `ghost`. */
export function toPerson(value: unknown): Person | null {
  const user = asObject(value)
  const person = { id: asCount(user.id), login: asText(user.login), type: asText(user.type) }
  return person.id === 0 || person.login === '' || person.login === 'ghost' ? null : person
}
