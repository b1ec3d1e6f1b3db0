import { asArray, asCount, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { fullNameOf } from './context.ts'

export type Person = Readonly<NonNullable<ReturnType<typeof toPerson>>>
export type RunFacts = Readonly<ReturnType<typeof toRun>>
export type DeploymentReview = Readonly<ReturnType<typeof toDeploymentReview>>
export type Environment = Readonly<ReturnType<typeof toEnvironment>>
export type Pull = Readonly<ReturnType<typeof toPull>>
export type Review = Readonly<ReturnType<typeof toReview>>
export type Commit = Readonly<ReturnType<typeof toCommit>>

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

export function toRun(run: Unknowns) {
  const called = run.referenced_workflows
  return {
    id: String(asCount(run.id)),
    event: asText(run.event),
    repository: fullNameOf(run.repository),
    /** Where the run's commit came from; empty where that repository was deleted. */
    headRepository: fullNameOf(run.head_repository),
    attempt: asCount(run.run_attempt),
    /** Who started the run, and who this attempt of it. */
    actor: toPerson(run.actor),
    triggeringActor: toPerson(run.triggering_actor),
    /** All that it calls, directly or not: `owner/repo/.github/workflows/x.yml@ref`, and the commit that it was read from. */
    calledWorkflows: Array.isArray(called)
      ? called.map(asObject).map(({ path, sha }) => ({ path: asText(path), sha: asText(sha) }))
      : null,
  }
}

/** A deployment review of a run. GitHub tells no time, job or attempt of it. */
export function toDeploymentReview({ environments, state, user }: Unknowns) {
  const reviewed = asArray(environments).map(asObject)
  return {
    environments: reviewed.map(({ id, name }) => ({ id: asCount(id), name: asText(name) })),
    state: asText(state),
    user: toPerson(user),
  }
}

/** How an environment protects itself. What GitHub leaves out counts as not protected, so that it is warned about. */
export function toEnvironment(environment: Unknowns) {
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

export function toPull(pull: Unknowns) {
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

/** What a branch's rules demand of a pull request: a review, and that somebody else approved the last push than pushed it. */
export function toBranchRules(rules: readonly Unknowns[]) {
  const demands = rules
    .filter(({ type }) => type === 'pull_request')
    .map(({ parameters }) => asObject(parameters))
    .filter(({ required_approving_review_count: reviews }) => asCount(reviews) > 0)
  const lastPushApproval = demands.some((demand) => demand.require_last_push_approval === true)
  return { review: demands.length > 0, lastPushApproval }
}

/** A review: `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED` …, and when, in milliseconds since the epoch; 0: not told. */
export function toReview(review: Unknowns) {
  const submittedAt = Date.parse(asText(review.submitted_at)) || 0
  return { state: asText(review.state), user: toPerson(review.user), commit: asText(review.commit_id), submittedAt }
}

const BASE_CHANGES: ReadonlySet<unknown> = new Set(['base_ref_changed', 'automatic_base_change_succeeded'])

/** When the base branch was changed last, from a pull request's timeline: milliseconds since the epoch, or -Infinity. */
export function toBaseChange(timeline: readonly Unknowns[]): number {
  const changes = timeline.filter(({ event }) => BASE_CHANGES.has(event))
  return Math.max(-Infinity, ...changes.map((event) => Date.parse(asText(event.created_at)) || Infinity))
}

/** A commit; its author or committer is null where the e-mail address in it belongs to no account. */
export function toCommit({ sha, author, committer, commit }: Unknowns) {
  const { message } = asObject(commit)
  return { sha: asText(sha), author: toPerson(author), committer: toPerson(committer), message: asText(message) }
}

export function toComment({ id, user, body, html_url: url }: Unknowns) {
  return { id: asCount(id), author: asText(asObject(user).login), body: asText(body), url: asText(url) }
}

/** Whether GitHub takes two names for one: it ignores case, but a name beyond ASCII that only folds to another is not it. */
export function sameName(one: string, other: string): boolean {
  const folded = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  return one !== '' && folded(one) === folded(other)
}
