import type { GitHub } from '../github/api.ts'
import type { Person, Pull, Review } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'
import { count, sentenceList } from '../text/words.ts'
import { authorsOf } from './authors.ts'
import { type Objection, object, told, type Verdict } from './verdict.ts'

export type PullEvidence = Readonly<Awaited<ReturnType<typeof gatherPull>>>

/** Who a review of a deleted account is by. */
const NOBODY = 'a deleted account'
const GO_ON =
  'Bring the change in through a pull request that somebody else with write permission approves as it is merged.'

/**
 * Which approvals of a pull request's final head stand: those that the same person did not take back later by asking
 * for changes, or had dismissed. A comment takes nothing back. What is shown for review depends on the base branch: an
 * approval from before it was changed is one of other changes.
 *
 * @param reviews in the order in which they were given
 * @param baseChangedAt when the base branch was changed last: milliseconds since the epoch, -Infinity for never
 */
function standingApprovals({ headSha }: Pull, reviews: readonly Review[], baseChangedAt: number) {
  const standing = new Map<number, Person>()
  const [outdated, takenBack] = [new Set<string>(), new Set<string>()]
  let nobodies = 0
  for (const { state, user, commit, submittedAt } of reviews) {
    const login = user?.login ?? NOBODY
    const isOutdated = headSha === '' || commit !== headSha || submittedAt <= baseChangedAt
    if (state === 'APPROVED' && isOutdated) outdated.add(login)
    else if (state === 'APPROVED' && user === null) nobodies += 1
    else if (state === 'APPROVED' && user !== null) standing.set(user.id, user)
    else if (state === 'CHANGES_REQUESTED' || state === 'DISMISSED') {
      if (standing.delete(user?.id ?? 0) || state === 'DISMISSED') takenBack.add(login)
    }
  }
  return { by: [...standing.values()], nobodies, takenBack: [...takenBack], outdated: [...outdated] }
}

/**
 * Asks GitHub what it tells about a pull request.
 *
 * @param lastPushApproval whether the branch's rules demand that somebody else than who pushed last approved the last push
 */
export async function gatherPull(github: GitHub, number: number, lastPushApproval: boolean) {
  const pull = told(await github.pull(number))
  const reviews = told(await github.reviews(number))
  const files = told(await github.pullFiles(number))
  const commits = told(await github.pullCommits(number))
  const standing = standingApprovals(pull, reviews, told(await github.baseChangeOf(number)))
  /** What each standing approver may do, by id. */
  const permissions = new Map<number, Answer<string>>()
  for (const person of standing.by) permissions.set(person.id, await github.permissionOf(person))
  return { pull, files, standing, commits, permissions, lastPushApproval }
}

/** Judges whether a merged pull request was approved by people of the four-eyes rule (contract, section 4). */
export function judgePull({ pull, standing, commits, permissions, lastPushApproval }: PullEvidence): Verdict {
  const name = `pull request ${pull.number}`
  const refuse = (reason: string, found: string, goOn = GO_ON): Objection => object(reason, found, goOn)
  if (standing.by.length === 0 && standing.nobodies === 0) {
    const { takenBack, outdated } = standing
    if (takenBack.length > 0)
      return refuse('approval-taken-back', `The approval of ${name} by ${sentenceList(takenBack)} was taken back.`)
    if (outdated.length === 0) return refuse('not-reviewed', `Nobody approved ${name}.`)
    const found = `${sentenceList(outdated)} approved ${name} before its last commit ${pull.headSha.slice(0, 7)}, or before its base branch was changed.`
    return refuse('approval-outdated', found)
  }
  const persons = standing.by.filter(({ type }) => type === 'User')
  if (persons.length === 0) {
    const others = [...standing.by.map(({ login }) => login), ...(standing.nobodies > 0 ? [NOBODY] : [])]
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
    const found = `GitHub lists ${commits.length} of the ${count(pull.commits, 'commit')} of ${name}, so who wrote the rest cannot be determined.`
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
    const found = `Who wrote ${places} of ${name} cannot be determined, because its author or committer has no GitHub account, so it could be the approver.`
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

function logins(persons: readonly Person[]): string {
  return sentenceList(persons.map(({ login }) => login))
}
