import { createHash } from 'node:crypto'
import type { FileFacts } from '../github/api.ts'
import type { Commit, Pull } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'
import { sameName } from '../github/same-name.ts'
import { quote } from '../text/words.ts'
import { judgePull, type PullEvidence, type ReviewRefusal } from './reviewed-pull.ts'

export type FileRefusal =
  | ReviewRefusal
  | 'file-not-in-commit'
  | 'file-differs'
  | 'no-last-change'
  | 'no-pull-request'
  | 'changed-in-merge'

/** A pull request that could have brought a file's last change. */
export interface Candidate {
  readonly evidence: Answer<PullEvidence>
  /** The file in the pull request's final head. */
  readonly fileAtHead: Answer<FileFacts>
}

/** What GitHub tells about one of the files that decide what a run does. */
export interface FileEvidence {
  /** `users-file`, `exclude-file` or `workflow file`. */
  readonly role: string
  /** Below the repository's root, with `/`. */
  readonly path: string
  /** The bytes that this run read; null for the workflow file, which the runner read. */
  readonly bytes: Uint8Array | null
  /** Commit of the run. */
  readonly sha: string
  readonly atCommit: Answer<FileFacts>
  readonly lastChange: Answer<Commit | null>
  readonly candidates: Answer<readonly Candidate[]>
}

export type FileVerdict =
  | { readonly ok: true; readonly by: readonly string[] }
  | { readonly ok: false; readonly reason: FileRefusal; readonly found: string; readonly goOn: string }

/**
 * Judges one file: what was read is what the run's commit holds, its last change came through a merged pull request,
 * what that request's final head held at the same path is what the commit holds, and the request was approved.
 *
 * The third condition is what makes the first two worth something on a branch without protection: a merge commit or a
 * squash can be written by hand, with other contents than those that were reviewed.
 */
export function judgeFile(evidence: FileEvidence): FileVerdict {
  const { atCommit, bytes, lastChange, candidates } = evidence
  const file = `The ${evidence.role} ${quote(evidence.path)}`
  const commit = `commit ${evidence.sha.slice(0, 7)}`
  const refuse = (reason: FileRefusal, found: string, goOn: string): FileVerdict => ({ ok: false, reason, found, goOn })
  const unreadable = (message: string) => refuse('unreadable', message, 'Then run again.')

  if (!atCommit.ok) return unreadable(atCommit.message)
  if (atCommit.value.kind !== 'file') {
    const goOn = 'Check the repository out at the root of the workspace, and commit the file there as a file.'
    const found = atCommit.value.kind === 'missing' ? 'is not in' : 'is a link or a folder, not a file, in'
    return refuse('file-not-in-commit', `${file} ${found} ${commit} of this run.`, goOn)
  }
  const { sha, size } = atCommit.value
  if (bytes !== null && (bytes.length !== size || blobSha(bytes) !== sha)) {
    const found = `${file} that was read is not the one of ${commit}: a step changed it, or the checkout is of another commit or converts line endings.`
    return refuse('file-differs', found, 'Read the file as actions/checkout leaves it ("* -text" in .gitattributes).')
  }
  if (!lastChange.ok) return unreadable(lastChange.message)
  if (lastChange.value === null) {
    const goOn = 'Bring it in through an approved pull request.'
    return refuse(
      'no-last-change',
      `GitHub knows no commit up to ${commit} that changed ${quote(evidence.path)}.`,
      goOn,
    )
  }
  if (!candidates.ok) return unreadable(candidates.message)
  if (candidates.value.length === 0) {
    const found = `${file} was last changed by commit ${lastChange.value.sha.slice(0, 7)}, which came through no pull request that was merged into the default branch.`
    const goOn = 'Bring the change in through an approved pull request. If it was merged a moment ago, run again.'
    return refuse('no-pull-request', found, goOn)
  }
  const verdicts = candidates.value.map((candidate) => judgeCandidate(candidate, sha, file))
  return verdicts.find(({ ok }) => ok) ?? verdicts[0] ?? unreadable('No pull request was read.')
}

function judgeCandidate({ evidence, fileAtHead }: Candidate, sha: string, file: string): FileVerdict {
  if (!evidence.ok) return { ok: false, reason: 'unreadable', found: evidence.message, goOn: 'Then run again.' }
  if (!fileAtHead.ok) return { ok: false, reason: 'unreadable', found: fileAtHead.message, goOn: 'Then run again.' }
  const { pull } = evidence.value
  if (fileAtHead.value.kind !== 'file' || fileAtHead.value.sha !== sha) {
    const found = `${file} is not what the last commit ${pull.headSha.slice(0, 7)} of pull request ${pull.number} held: the merge changed it beyond what was reviewed.`
    const goOn = 'Bring the file in once more through a pull request that is up to date with the default branch.'
    return { ok: false, reason: 'changed-in-merge', found, goOn }
  }
  return judgePull(evidence.value)
}

/** Those pull requests of a commit that brought it into the default branch of this repository. */
export function mergedInto(pulls: readonly Pull[], defaultBranch: string, repository: string): Pull[] {
  return pulls.filter(
    (pull) => pull.merged && pull.baseRef === defaultBranch && sameName(pull.baseRepository, repository),
  )
}

/** Git's name for the contents of a file. */
export function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
