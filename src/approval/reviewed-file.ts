import type { FileFacts, GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import { type Pull, sameName } from '../github/facts.ts'
import { count, quote } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'
import { remember } from '../world/remember.ts'
import { gatherPull, judgePull } from './reviewed-pull.ts'
import { object, told, type Verdict } from './verdict.ts'

type FileEvidence = Readonly<Awaited<ReturnType<ReturnType<typeof gatherer>>>>
type Candidate = FileEvidence['ownPulls'][number]

/** Asks GitHub what it tells about files, the same thing only once. */
export function gatherer(github: GitHub, { sha, repository }: RunContext, branch: string, lastPushApproval: boolean) {
  const pullOf = remember((number: number) => gatherPull(github, number, lastPushApproval))
  const [pullsOf, parentOf, headOf] = [remember(github.pullsOf), remember(github.parentOf), remember(github.headOf)]
  const isMerged = (pull: Pull): boolean =>
    pull.merged && pull.baseRef === branch && sameName(pull.baseRepository, repository.fullName)
  /** By its path as written, below the repository's root, without `.` and `..`; GitHub alone read a workflow file. */
  return async (file: { readonly role: string; readonly path: string; readonly read: ReadFile | null }) => {
    const fileAt = async (commit: string) => told(await github.fileAt(file.path, commit))
    /** The pull requests that brought a commit into the default branch of this repository. */
    const candidatesOf = async (commit: string) => {
      const candidates = []
      for (const { number } of told(await pullsOf(commit)).filter(isMerged)) {
        const evidence = await pullOf(number)
        const changesFile = evidence.files.some((one) => one.path === file.path || one.previousPath === file.path)
        candidates.push({ ...evidence, changesFile, fileAtHead: await fileAt(evidence.pull.headSha) })
      }
      return candidates
    }
    const lastChange = told(await github.lastCommitOf(file.path, sha))
    const parent = told(await parentOf(sha))
    return {
      ...file,
      /** Commit of the run. */
      sha,
      atCommit: await fileAt(sha),
      /** Before the run's own commit, on the default branch; null where nothing was. */
      before: parent === null ? null : await fileAt(parent),
      /** On the default branch now. */
      now: await fileAt(told(await headOf(branch))),
      lastChange,
      broughtBy: lastChange === null ? [] : await candidatesOf(lastChange.sha),
      /** Those that brought the run's own commit. */
      ownPulls: await candidatesOf(sha),
    }
  }
}

/**
 * Judges one file: what was read is what the run's commit holds at the path as it is written, nothing newer is on the
 * default branch, and the file's last change came through a merged pull request that changes this path, whose final head
 * held what the commit holds, and which was approved. That the head held it gives the rest its worth on a branch without
 * protection: a merge or a squash can be written by hand, with other contents than those that were reviewed. And a merge
 * that takes an older version back hides from a file's history: what the run's own commit changes is judged too.
 */
export function judgeFile(evidence: FileEvidence): Verdict {
  const { path, read, atCommit, before, now, lastChange, ownPulls } = evidence
  const file = `The ${evidence.role} ${quote(path)}`
  const commit = `commit ${evidence.sha.slice(0, 7)}`
  if (read !== null && read.realPath !== path) {
    const why = `${file} is reached through a symbolic link, or is not written as on disk: it is ${quote(read.realPath)}.`
    return object('link', why, 'Name the file itself, and let no folder on the way be a link.')
  }
  if (atCommit.kind !== 'file') {
    const found = atCommit.kind === 'missing' ? 'is not in' : 'is a link or a folder, or lies behind one, in'
    const fix =
      'Check the repository out at the root of the workspace, and commit the file there as a file, its name in the same letters.'
    return object('file-not-in-commit', `${file} ${found} ${commit} of this run.`, fix)
  }
  if (read !== null && (read.size !== atCommit.size || read.blobSha !== atCommit.sha)) {
    const why = `${file} that was read is not the one of ${commit}: a step changed it, or the checkout is of another commit or converts line endings.`
    return object('file-differs', why, 'Read the file as actions/checkout leaves it ("* -text" in .gitattributes).')
  }
  if (!isSame(now, atCommit)) {
    const why = `${file} has changed on the default branch since ${commit} of this run.`
    return object('superseded', why, 'Start a new run on the default branch, instead of an old one again.')
  }
  if (lastChange === null) {
    const why = `${file} was changed by no commit up to ${commit} that GitHub knows.`
    return object('no-last-change', why, 'Bring it in through an approved pull request.')
  }
  const verdicts = evidence.broughtBy.map((candidate) => judgeCandidate(candidate, evidence, file))
  const brought = verdicts.find(({ approved }) => approved) ?? verdicts[0]
  if (brought === undefined) {
    const why = `${file} was last changed by commit ${lastChange.sha.slice(0, 7)}, which came through no pull request that was merged into the default branch.`
    const fix = 'Bring the change in through an approved pull request. If it was merged a moment ago, run again.'
    return object('no-pull-request', why, fix)
  }
  if (!brought.approved) return brought
  const own = ownPulls.filter(({ isWhole, changesFile }) => !isWhole || changesFile)
  if (own.length === 0 && before !== null && !isSame(before, atCommit)) {
    const why = `${file} is changed by ${commit} of this run itself, through no pull request that changes it: a merge may have taken an older version back.`
    return object('changed-in-merge', why, 'Bring the version that is meant in through an approved pull request.')
  }
  const by = [...brought.by]
  for (const candidate of own) {
    const verdict = judgeCandidate(candidate, evidence, file)
    if (!verdict.approved) return verdict
    by.push(...verdict.by)
  }
  return { approved: true, by }
}

/** Judges one pull request as the one that brought a change of the file. */
function judgeCandidate(candidate: Candidate, { path, atCommit }: FileEvidence, file: string): Verdict {
  const { pull, files, isWhole, changesFile, fileAtHead } = candidate
  if (!isWhole) {
    const why = `GitHub lists ${files.length} of the ${count(pull.changedFiles, 'file')} that pull request ${pull.number} changes: whether it changes ${quote(path)} cannot be determined.`
    return object('too-many-files', why, 'Bring the change in through a pull request of at most 3,000 files.')
  }
  if (!changesFile) {
    const why = `${file} came through pull request ${pull.number}, which does not change that path, so nobody reviewed it there.`
    return object('not-in-pull-request', why, 'Bring the change in through an approved pull request of its own.')
  }
  if (isSame(fileAtHead, atCommit)) return judgePull(candidate)
  const why = `${file} is not what the last commit ${pull.headSha.slice(0, 7)} of pull request ${pull.number} held: the merge changed it beyond what was reviewed.`
  const fix = 'Bring the file in once more through a pull request that is up to date with the default branch.'
  return object('changed-in-merge', why, fix)
}

function isSame(one: FileFacts, other: FileFacts): boolean {
  return one.kind === 'file' && other.kind === 'file' && one.sha === other.sha
}
