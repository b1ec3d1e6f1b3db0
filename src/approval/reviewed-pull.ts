import type { Approver } from '../account/approver.ts'
import type { BranchRules, Commit, Person, Pull, PullFile, Review } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'
import { count, sentenceList } from '../text/words.ts'
import { authorsOf } from './authors.ts'
import type { Objection } from './verdict.ts'

export type ReviewRefusal =
  | 'unreadable'
  | 'not-reviewed'
  | 'approval-outdated'
  | 'approval-taken-back'
  | 'approver-not-a-person'
  | 'approver-without-write'
  | 'approver-is-author'
  | 'author-unknown'
  | 'opened-by-bot'
  | 'too-many-commits'

export interface PullEvidence {
  readonly pull: Pull
  readonly files: readonly PullFile[]
  readonly reviews: readonly Review[]
  /** When its base branch was changed last: milliseconds since the epoch, -Infinity for never. */
  readonly baseChangedAt: number
  readonly commits: readonly Commit[]
  /** What each standing approver may do, by id: `admin`, `write`, `read`, `none`. */
  readonly permissions: ReadonlyMap<number, Answer<string>>
}

export type ReviewVerdict<Reason extends string = ReviewRefusal> =
  | { readonly ok: true; readonly by: readonly Approver[] }
  | ({ readonly ok: false } & Objection<Reason>)

/** Somebody's approval of the final head that stands, or why there is none. */
export type Standing =
  | { readonly kind: 'approved'; readonly by: readonly Person[]; readonly nobodies: number }
  | { readonly kind: 'none' | 'outdated' | 'taken-back'; readonly by: readonly string[] }

const GO_ON =
  'Bring the change in through a pull request that somebody else with write permission approves as it is merged.'

/**
 * Which approvals of a pull request's final head stand: those that the same person did not take back later by asking
 * for changes, or had dismissed. A comment takes nothing back. What is shown for review depends on the base branch: an
 * approval from before it was changed is one of other changes.
 *
 * @param evidence with the reviews in the order in which they were given
 */
export function standingApprovals({
  pull: { headSha },
  reviews,
  baseChangedAt,
}: Pick<PullEvidence, 'pull' | 'reviews' | 'baseChangedAt'>): Standing {
  const standing = new Map<number, Person>()
  const [outdated, takenBack] = [new Set<string>(), new Set<string>()]
  let nobodies = 0
  for (const { state, user, commit, submittedAt } of reviews) {
    const login = user?.login ?? 'a deleted account'
    const isOutdated = headSha === '' || commit !== headSha || submittedAt <= baseChangedAt
    if (state === 'APPROVED' && isOutdated) outdated.add(login)
    else if (state === 'APPROVED' && user === null) nobodies += 1
    else if (state === 'APPROVED' && user !== null) standing.set(user.id, user)
    else if (state === 'CHANGES_REQUESTED' || state === 'DISMISSED') {
      if (standing.delete(user?.id ?? 0) || state === 'DISMISSED') takenBack.add(login)
    }
  }
  if (standing.size > 0 || nobodies > 0) return { kind: 'approved', by: [...standing.values()], nobodies }
  if (takenBack.size > 0) return { kind: 'taken-back', by: [...takenBack] }
  return outdated.size > 0 ? { kind: 'outdated', by: [...outdated] } : { kind: 'none', by: [] }
}

/** Judges whether a merged pull request was approved by people of the four-eyes rule (contract, section 4). */
export function judgePull(
  evidence: PullEvidence,
  { lastPushApproval }: Pick<BranchRules, 'lastPushApproval'>,
): ReviewVerdict {
  const { pull, commits, permissions } = evidence
  const name = `pull request ${pull.number}`
  const refuse = (reason: ReviewRefusal, found: string, goOn = GO_ON): ReviewVerdict => ({
    ok: false,
    reason,
    found,
    goOn,
  })
  const standing = standingApprovals(evidence)
  if (standing.kind !== 'approved') return refuse(...withoutApproval(standing, pull))
  const persons = standing.by.filter(({ type }) => type === 'User')
  if (persons.length === 0) {
    const others = [...standing.by.map(({ login }) => login), ...(standing.nobodies > 0 ? ['a deleted account'] : [])]
    return refuse('approver-not-a-person', `No person approved ${name}, only ${sentenceList(others)}.`)
  }
  const writers: Person[] = []
  const unread: string[] = []
  for (const person of persons) {
    const permission = permissions.get(person.id)
    if (permission?.ok === true && ['admin', 'maintain', 'write'].includes(permission.value)) writers.push(person)
    if (permission?.ok !== true) unread.push(permission?.message ?? `What ${person.login} may do was not read.`)
  }
  if (writers.length === 0) {
    if (unread.length > 0) return refuse('unreadable', unread.join(' '), 'Once GitHub says that, run again.')
    return refuse('approver-without-write', `Only ${logins(persons)} approved ${name}, without write permission.`)
  }
  if (pull.commits === 0 || commits.length !== pull.commits) {
    const found = `GitHub lists ${commits.length} of the ${count(pull.commits, 'commit')} of ${name}, so who wrote the rest cannot be told.`
    return refuse('too-many-commits', found, 'Bring the change in through a pull request of at most 250 commits.')
  }
  const authors = authorsOf(pull, commits)
  const independent = writers.filter((person) => !authors.include(person))
  if (independent.length === 0) {
    const found = `Only ${logins(writers)} approved ${name}, who opened it or had a hand in a commit.`
    return refuse('approver-is-author', found)
  }
  if (authors.unknownIn.length > 0) {
    const places = sentenceList(authors.unknownIn.slice(0, 5))
    const found = `Who wrote ${places} of ${name} cannot be told, because its author or committer has no GitHub account, so it could be the approver.`
    const goOn = 'Write the commits with an e-mail address that belongs to a GitHub account, in a new pull request.'
    return refuse('author-unknown', found, goOn)
  }
  if (pull.author?.type !== 'User' && independent.length < 2 && !lastPushApproval) {
    const found = `Pull request ${pull.number} was opened by ${pull.author?.login ?? 'nobody'}, not by a person, and ${logins(independent)}, the only one who approved it, could have had it opened.`
    const goOn =
      'Have two people approve such pull requests, or switch on "Require approval of the most recent reviewable push" in the rules of the default branch.'
    return refuse('opened-by-bot', found, goOn)
  }
  const through = { kind: 'pull-request', number: pull.number } as const
  return { ok: true, by: independent.map(({ id, login }) => ({ id, login, through, commit: pull.headSha })) }
}

function withoutApproval({ kind, by }: Exclude<Standing, { kind: 'approved' }>, pull: Pull): [ReviewRefusal, string] {
  const [name, who] = [`pull request ${pull.number}`, sentenceList(by)]
  if (kind === 'taken-back') return ['approval-taken-back', `The approval of ${name} by ${who} was taken back.`]
  if (kind === 'none') return ['not-reviewed', `Nobody approved ${name}.`]
  const found = `${who} approved ${name} before its last commit ${pull.headSha.slice(0, 7)}, or before its base branch was changed.`
  return ['approval-outdated', found]
}

function logins(persons: readonly Person[]): string {
  return sentenceList(persons.map(({ login }) => login))
}
