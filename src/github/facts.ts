import { asArray, asCount, asObject, asText } from '../text/unknowns.ts'
import { readVisibility, type Visibility } from './context.ts'

/** What is known of a GitHub user. */
export interface Person {
  /** Stays the same when the login changes; 0 where it is not told. */
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
}

/** A deployment review of a run. GitHub tells no time, job or attempt of it. */
export interface DeploymentReview {
  readonly environments: readonly string[]
  readonly state: string
  readonly user: Person | null
}

/** How an environment protects itself. */
export interface EnvironmentFacts {
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
  /** How many commits it has; 0 in a list of pull requests, which does not tell. */
  readonly commits: number
}

/** A review of a pull request. */
export interface Review {
  /** `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED`, `PENDING`. */
  readonly state: string
  readonly user: Person | null
  readonly commit: string
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
  }
}

export function toDeploymentReviews(value: unknown): DeploymentReview[] {
  return asArray(value).map((item) => {
    const review = asObject(item)
    const environments = asArray(review.environments).map((environment) => asText(asObject(environment).name))
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
  }
}

export function toReview(value: unknown): Review {
  const review = asObject(value)
  return { state: asText(review.state), user: toPerson(review.user), commit: asText(review.commit_id) }
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

/** A user; null for a deleted account and for anything that is none. */
export function toPerson(value: unknown): Person | null {
  const { id, login, type } = asObject(value)
  return asText(login) === '' ? null : { id: asCount(id), login: asText(login), type: asText(type) }
}
