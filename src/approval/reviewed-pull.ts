import type { GitHub } from '../github/api.ts'
import { type Commit, type Person, type Pull, type Review, sameName } from '../github/facts.ts'
import { count, sentenceList } from '../text/words.ts'
import { object, told, unreadable, type Verdict } from './verdict.ts'

/** Who a review of a deleted account is by. */
const NOBODY = 'a deleted account'
const FIX =
  'Bring the change in through a pull request that somebody else with write permission approves as it is merged.'

/**
 * Which approvals of a pull request's final head stand, from reviews in the order in which they were given: those that
 * the same person did not take back later by asking for changes, or had dismissed. A comment takes nothing back. What is
 * shown for review depends on the base branch: an approval from before it was changed is one of other changes.
 */
function standingApprovals({ headSha }: Pull, reviews: readonly Review[], baseChangedAt: number) {
  const by = new Map<number, Person>()
  const [outdated, takenBack] = [new Set<string>(), new Set<string>()]
  let byNobody = false
  for (const { state, user, commit, submittedAt } of reviews) {
    const login = user?.login ?? NOBODY
    if (state === 'APPROVED') {
      if (headSha === '' || commit !== headSha || submittedAt <= baseChangedAt) outdated.add(login)
      else if (user === null) byNobody = true
      else by.set(user.id, user)
    } else if (state === 'CHANGES_REQUESTED' || state === 'DISMISSED') {
      const stood = user !== null && by.delete(user.id)
      if (stood || state === 'DISMISSED') takenBack.add(login)
    }
  }
  return { by: [...by.values()], byNobody, takenBack: [...takenBack], outdated: [...outdated] }
}

/** Asks GitHub about a pull request. `lastPushApproval`: the branch's rules demand that another person approve the last push. */
export async function gatherPull(github: GitHub, number: number, lastPushApproval: boolean) {
  const pull = told(await github.pull(number))
  const reviews = told(await github.reviews(number))
  const files = told(await github.pullFiles(number))
  const commits = told(await github.pullCommits(number))
  const { by, ...standing } = standingApprovals(pull, reviews, told(await github.baseChangeOf(number)))
  const approvers = []
  for (const person of by) approvers.push({ ...person, permission: await github.permissionOf(person) })
  const isWhole = pull.changedFiles > 0 && files.length === pull.changedFiles
  return { pull, files, isWhole, commits, ...standing, approvers, lastPushApproval }
}

/** Judges whether a merged pull request was approved by people of the four-eyes rule (contract, section 4). */
export function judgePull(evidence: Awaited<ReturnType<typeof gatherPull>>): Verdict {
  const { pull, commits, approvers, byNobody, takenBack, outdated, lastPushApproval } = evidence
  const name = `pull request ${pull.number}`
  const logins = (persons: readonly Person[]): string => sentenceList(persons.map(({ login }) => login))
  if (approvers.length === 0 && !byNobody) {
    if (takenBack.length > 0)
      return object('approval-taken-back', `The approval of ${name} by ${sentenceList(takenBack)} was taken back.`, FIX)
    if (outdated.length === 0) return object('not-reviewed', `Nobody approved ${name}.`, FIX)
    const why = `${sentenceList(outdated)} approved ${name} before its last commit ${pull.headSha.slice(0, 7)}, or before its base branch was changed.`
    return object('approval-outdated', why, FIX)
  }
  const persons = approvers.filter(({ type }) => type === 'User')
  if (persons.length === 0) {
    const others = [...approvers.map(({ login }) => login), ...(byNobody ? [NOBODY] : [])]
    return object('approver-not-a-person', `No person approved ${name}, only ${sentenceList(others)}.`, FIX)
  }
  const writers = persons.filter(
    ({ permission }) => permission.ok && ['admin', 'maintain', 'write'].includes(permission.value),
  )
  if (writers.length === 0) {
    const unread = persons.flatMap(({ permission }) => (permission.ok ? [] : [permission.message]))
    if (unread.length > 0) return unreadable(unread.join(' '))
    return object('approver-without-write', `Only ${logins(persons)} approved ${name}, without write permission.`, FIX)
  }
  if (pull.commits === 0 || commits.length !== pull.commits) {
    const why = `GitHub lists ${commits.length} of the ${count(pull.commits, 'commit')} of ${name}, so who wrote the rest cannot be determined.`
    return object('too-many-commits', why, 'Bring the change in through a pull request of at most 250 commits.')
  }
  const { author } = pull
  const authors = authorsOf(pull, commits)
  const independent = writers.filter((person) => !authors.include(person))
  if (independent.length === 0) {
    const why = `Only ${logins(writers)} approved ${name}, who opened it or had a hand in a commit.`
    return object('approver-is-author', why, FIX)
  }
  if (author === null || authors.unknownIn.length > 0) {
    const places = sentenceList(authors.unknownIn.slice(0, 5))
    const why = `Who wrote ${places} of ${name} cannot be determined, because its author or committer has no GitHub account, so it could be the approver.`
    const fix = 'Write the commits with an e-mail address that belongs to a GitHub account, in a new pull request.'
    return object('author-unknown', why, fix)
  }
  if (author.type !== 'User' && independent.length < 2 && !lastPushApproval) {
    const why = `Pull request ${pull.number} was opened by ${author.login}, not by a person, and ${logins(independent)}, the only one who approved it, could have had it opened.`
    const fix =
      'Have two people approve such pull requests, or switch on "Require approval of the most recent reviewable push" in the rules of the default branch.'
    return object('opened-by-bot', why, fix)
  }
  const through = { kind: 'pull-request', number: pull.number } as const
  return { approved: true, by: independent.map(({ id, login }) => ({ id, login, through, commit: pull.headSha })) }
}

/**
 * Collects everybody who had a hand in a pull request. A commit carries e-mail addresses that anybody can write into it;
 * only those that GitHub relates to an account say who it was. A co-author's line is text of the author's: it counts
 * against whom it names by GitHub's own no-reply address, and says nothing of anybody else.
 */
function authorsOf({ author, number }: Pull, commits: readonly Commit[]) {
  const hands = [
    { who: author, where: `pull request ${number}` },
    ...commits.flatMap(({ author, committer, sha }) =>
      [author, committer].map((who) => ({ who, where: sha.slice(0, 7) })),
    ),
  ]
  const ids = new Set(hands.map(({ who }) => who?.id))
  const named = commits.flatMap(({ message }) => coAuthorsOf(message))
  return {
    /** Whether this person opened it, or is author, committer or named co-author of a commit in it. */
    include: (person: Person) =>
      ids.has(person.id) || named.some(({ id, login }) => id === person.id || sameName(login, person.login)),
    /** Short hashes of commits whose author or committer has no account, and the pull request itself where its opener has none. */
    unknownIn: [...new Set(hands.filter(({ who }) => who === null).map(({ where }) => where))],
  }
}

/** The co-authors that a commit message names; one by no address of GitHub's is nobody. Older addresses have no id. */
function coAuthorsOf(message: string) {
  return Array.from(message.matchAll(/^[ \t]*co-authored-by[ \t]*:.*$/gim), ([line]) => {
    const [, id = '0', login = ''] =
      /<\s*(?:([0-9]+)\+)?([a-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+\s*>/i.exec(line) ?? []
    return { id: Number(id), login }
  })
}
