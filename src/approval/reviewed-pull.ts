import type { Commit, Person, Pull, Review } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'
import { count, sentenceList } from '../text/words.ts'
import { authorsOf } from './authors.ts'

export type ReviewRefusal =
  | 'unreadable'
  | 'not-reviewed'
  | 'approval-outdated'
  | 'approval-taken-back'
  | 'approver-not-a-person'
  | 'approver-without-write'
  | 'approver-is-author'
  | 'author-unknown'
  | 'too-many-commits'

export interface PullEvidence {
  readonly pull: Pull
  readonly reviews: readonly Review[]
  readonly commits: readonly Commit[]
  /** What each standing approver may do, by login: `admin`, `write`, `read`, `none`. */
  readonly permissions: ReadonlyMap<string, Answer<string>>
}

export type ReviewVerdict =
  | { readonly ok: true; readonly by: readonly string[] }
  | { readonly ok: false; readonly reason: ReviewRefusal; readonly found: string; readonly goOn: string }

/** Somebody's approval of the final head that stands, or why there is none. */
export type Standing =
  | { readonly kind: 'approved'; readonly by: readonly Person[]; readonly nobodies: number }
  | { readonly kind: 'none' | 'outdated' | 'taken-back'; readonly by: readonly string[] }

const GO_ON =
  'Bring the change in through a pull request that somebody else with write permission approves as it is merged.'

/**
 * Which approvals of a pull request's final head stand: those that the same person did not take back later by asking
 * for changes, or had dismissed. A comment takes nothing back.
 *
 * @param reviews in the order in which they were given.
 */
export function standingApprovals(reviews: readonly Review[], headSha: string): Standing {
  const standing = new Map<string, Person>()
  const [outdated, takenBack] = [new Set<string>(), new Set<string>()]
  let nobodies = 0
  for (const { state, user, commit } of reviews) {
    const key = user?.login.toLowerCase() ?? ''
    if (state === 'APPROVED' && (headSha === '' || commit !== headSha)) outdated.add(user?.login ?? 'a deleted account')
    else if (state === 'APPROVED' && user === null) nobodies += 1
    else if (state === 'APPROVED' && user !== null) standing.set(key, user)
    else if (state === 'CHANGES_REQUESTED' || state === 'DISMISSED') {
      if (standing.delete(key) || state === 'DISMISSED') takenBack.add(user?.login ?? 'a deleted account')
    }
  }
  if (standing.size > 0 || nobodies > 0) return { kind: 'approved', by: [...standing.values()], nobodies }
  if (takenBack.size > 0) return { kind: 'taken-back', by: [...takenBack] }
  return outdated.size > 0 ? { kind: 'outdated', by: [...outdated] } : { kind: 'none', by: [] }
}

/** Judges whether a merged pull request was approved by a person of the four-eyes rule (contract, section 4). */
export function judgePull({ pull, reviews, commits, permissions }: PullEvidence): ReviewVerdict {
  const name = `pull request ${pull.number}`
  const refuse = (reason: ReviewRefusal, found: string, goOn = GO_ON): ReviewVerdict => ({
    ok: false,
    reason,
    found,
    goOn,
  })
  const standing = standingApprovals(reviews, pull.headSha)
  if (standing.kind !== 'approved') return refuse(...withoutApproval(standing, pull))
  const persons = standing.by.filter(({ type }) => type === 'User')
  if (persons.length === 0) {
    const others = standing.by.map(({ login }) => login)
    const found = `Pull request ${pull.number} was approved by no person, only by ${sentenceList([...others, ...(standing.nobodies > 0 ? ['a deleted account'] : [])])}.`
    return refuse('approver-not-a-person', found)
  }
  const writers: Person[] = []
  const unread: string[] = []
  for (const person of persons) {
    const permission = permissions.get(person.login)
    if (permission?.ok === true && ['admin', 'maintain', 'write'].includes(permission.value)) writers.push(person)
    if (permission?.ok !== true) unread.push(permission?.message ?? `What ${person.login} may do was not read.`)
  }
  if (writers.length === 0) {
    if (unread.length > 0) return refuse('unreadable', unread.join(' '), 'Then run again.')
    const logins = sentenceList(persons.map(({ login }) => login))
    return refuse(
      'approver-without-write',
      `Pull request ${pull.number} was approved only by ${logins}, without write permission.`,
    )
  }
  if (pull.commits === 0 || commits.length !== pull.commits) {
    const found = `Pull request ${pull.number} has ${count(pull.commits, 'commit')}, of which GitHub lists ${commits.length}: who wrote the rest cannot be told.`
    return refuse('too-many-commits', found, 'Bring the change in through a pull request of at most 250 commits.')
  }
  const authors = authorsOf(pull, commits)
  const independent = writers.filter((person) => !authors.include(person))
  if (independent.length === 0) {
    const logins = sentenceList(writers.map(({ login }) => login))
    return refuse(
      'approver-is-author',
      `Pull request ${pull.number} was approved only by ${logins}, who opened it or had a hand in a commit.`,
    )
  }
  if (authors.unknownIn.length > 0) {
    const places = sentenceList(authors.unknownIn.slice(0, 5))
    const found = `Who wrote ${places} of ${name} cannot be told, so it could be the approver: an author, committer or co-author in it has no GitHub account, or a co-author no GitHub no-reply address.`
    const goOn = 'Write the commits with an e-mail address that belongs to a GitHub account, in a new pull request.'
    return refuse('author-unknown', found, goOn)
  }
  return { ok: true, by: independent.map(({ login }) => login) }
}

function withoutApproval({ kind, by }: Exclude<Standing, { kind: 'approved' }>, pull: Pull): [ReviewRefusal, string] {
  const [name, logins] = [`pull request ${pull.number}`, sentenceList(by)]
  if (kind === 'taken-back') return ['approval-taken-back', `The approval of ${name} by ${logins} was taken back.`]
  if (kind === 'none') return ['not-reviewed', `Nobody approved ${name}.`]
  return ['approval-outdated', `${logins} approved ${name} before its last commit ${pull.headSha.slice(0, 7)}.`]
}
