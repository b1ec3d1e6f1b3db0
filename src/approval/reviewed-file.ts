import type { FileFacts } from '../github/api.ts'
import type { BranchRules, Commit, Pull } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'
import { count, quote } from '../text/words.ts'
import { judgePull, type PullEvidence, type ReviewRefusal, type ReviewVerdict } from './reviewed-pull.ts'

export type FileRefusal =
  | ReviewRefusal
  | 'link'
  | 'file-not-in-commit'
  | 'file-differs'
  | 'superseded'
  | 'no-last-change'
  | 'no-pull-request'
  | 'not-in-pull-request'
  | 'too-many-files'
  | 'changed-in-merge'

/** A pull request that could have brought a change of a file. */
export interface Candidate {
  readonly evidence: PullEvidence
  /** The file in the pull request's final head. */
  readonly fileAtHead: FileFacts
}

/** A file that decides what a run does. */
export interface JudgedFile {
  /** `users-file`, `exclude-file`, `include-file` or `workflow file`. */
  readonly role: string
  /** As written, below the repository's root, with `/` and without `.` and `..`. */
  readonly path: string
  /** What this run read, and where that really was; null for a workflow file, which GitHub read. */
  readonly read: { readonly path: string; readonly blobSha: string } | null
}

/** What GitHub tells about such a file. */
export interface FileEvidence extends JudgedFile {
  /** Commit of the run. */
  readonly sha: string
  readonly atCommit: FileFacts
  /** Before the run's own commit, on the default branch; null where nothing was. */
  readonly before: FileFacts | null
  /** On the default branch now. */
  readonly now: FileFacts
  readonly lastChange: Commit | null
  /** Merged pull requests that brought the last change. */
  readonly broughtBy: readonly Candidate[]
  /** Merged pull requests that brought the run's own commit. */
  readonly ownPulls: readonly Candidate[]
}

type FileVerdict = ReviewVerdict<FileRefusal>

/**
 * Judges one file: what was read is what the run's commit holds at the path as it is written, nothing newer is on the
 * default branch, and the file's last change came through a merged pull request that changes this path, whose final head
 * held what the commit holds, and which was approved.
 *
 * That the final head held it is what makes the rest worth something on a branch without protection: a merge or a squash
 * can be written by hand, with other contents than those that were reviewed. And a merge that takes an older version
 * back hides from a file's history: therefore what the run's own commit changes is judged too.
 */
export function judgeFile(evidence: FileEvidence, rules: Pick<BranchRules, 'lastPushApproval'>): FileVerdict {
  const { path, read, atCommit, before, now, lastChange, ownPulls } = evidence
  const file = `The ${evidence.role} ${quote(path)}`
  const commit = `commit ${evidence.sha.slice(0, 7)}`

  if (read !== null && read.path !== path) {
    const found = `${file} is reached through a symbolic link, or is not written as on disk: it is ${quote(read.path)}.`
    return refuse('link', found, 'Name the file itself, and let no folder on the way be a link.')
  }
  if (atCommit.kind !== 'file') {
    const found = atCommit.kind === 'missing' ? 'is not in' : 'is a link or a folder, or lies behind one, in'
    const goOn =
      'Check the repository out at the root of the workspace, and commit the file there as a file, its name in the same letters.'
    return refuse('file-not-in-commit', `${file} ${found} ${commit} of this run.`, goOn)
  }
  if (read !== null && read.blobSha !== atCommit.sha) {
    const found = `${file} that was read is not the one of ${commit}: a step changed it, or the checkout is of another commit or converts line endings.`
    return refuse('file-differs', found, 'Read the file as actions/checkout leaves it ("* -text" in .gitattributes).')
  }
  if (!isSame(now, atCommit)) {
    const found = `${file} has changed on the default branch since ${commit} of this run.`
    return refuse('superseded', found, 'Start a new run on the default branch, instead of an old one again.')
  }
  if (lastChange === null) {
    const found = `${file} was changed by no commit up to ${commit} that GitHub knows.`
    return refuse('no-last-change', found, 'Bring it in through an approved pull request.')
  }
  const last = `commit ${lastChange.sha.slice(0, 7)}`
  const verdicts = evidence.broughtBy.map((candidate) => judgeCandidate(candidate, evidence, file, rules))
  const brought = verdicts.find(({ ok }) => ok) ?? verdicts[0]
  if (brought === undefined) {
    const found = `${file} was last changed by ${last}, which came through no pull request that was merged into the default branch.`
    const goOn = 'Bring the change in through an approved pull request. If it was merged a moment ago, run again.'
    return refuse('no-pull-request', found, goOn)
  }
  if (!brought.ok) return brought
  const own = ownPulls.filter(({ evidence: { pull, files } }) => !isWhole(pull, files) || changes(files, path))
  if (own.length === 0 && before !== null && !isSame(before, atCommit)) {
    const found = `${file} is changed by ${commit} of this run itself, through no pull request that changes it: a merge may have taken an older version back.`
    return refuse('changed-in-merge', found, 'Bring the version that is meant in through an approved pull request.')
  }
  const ownVerdicts = own.map((candidate) => judgeCandidate(candidate, evidence, file, rules))
  const by = [brought, ...ownVerdicts].flatMap((verdict) => (verdict.ok ? verdict.by : []))
  return ownVerdicts.find(({ ok }) => !ok) ?? { ok: true, by }
}

/** Judges one pull request as the one that brought a change of the file. */
function judgeCandidate(
  { evidence, fileAtHead }: Candidate,
  { path, atCommit }: FileEvidence,
  file: string,
  rules: Pick<BranchRules, 'lastPushApproval'>,
): FileVerdict {
  const { pull, files } = evidence
  if (!isWhole(pull, files)) {
    const found = `GitHub lists ${files.length} of the ${count(pull.changedFiles, 'file')} that pull request ${pull.number} changes: whether it changes ${quote(path)} cannot be told.`
    return refuse('too-many-files', found, 'Bring the change in through a pull request of at most 3,000 files.')
  }
  if (!changes(files, path)) {
    const found = `${file} came through pull request ${pull.number}, which does not change that path, so nobody reviewed it there.`
    return refuse('not-in-pull-request', found, 'Bring the change in through an approved pull request of its own.')
  }
  if (!isSame(fileAtHead, atCommit)) {
    const found = `${file} is not what the last commit ${pull.headSha.slice(0, 7)} of pull request ${pull.number} held: the merge changed it beyond what was reviewed.`
    const goOn = 'Bring the file in once more through a pull request that is up to date with the default branch.'
    return refuse('changed-in-merge', found, goOn)
  }
  return judgePull(evidence, rules)
}

function refuse(reason: FileRefusal, found: string, goOn: string): FileVerdict {
  return { ok: false, reason, found, goOn }
}

function isWhole({ changedFiles }: Pull, files: PullEvidence['files']): boolean {
  return changedFiles > 0 && files.length === changedFiles
}

function changes(files: PullEvidence['files'], path: string): boolean {
  return files.some((file) => file.path === path || file.previousPath === path)
}

function isSame(one: FileFacts, other: FileFacts): boolean {
  return one.kind === 'file' && other.kind === 'file' && one.sha === other.sha
}

/** Those pull requests of a commit that brought it into the default branch of this repository. */
export function mergedInto(pulls: readonly Pull[], defaultBranch: string, repository: string): Pull[] {
  return pulls.filter(
    (pull) => pull.merged && pull.baseRef === defaultBranch && sameName(pull.baseRepository, repository),
  )
}
