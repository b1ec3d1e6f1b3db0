import { posix } from 'node:path'
import type { GitHub } from '../github/api.ts'
import { fullName, type RunContext } from '../github/context.ts'
import type { Pull } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'
import { sameName } from '../github/same-name.ts'
import { quote } from '../text/words.ts'
import { type Candidate, type FileEvidence, type FileRefusal, judgeFile, mergedInto } from './reviewed-file.ts'
import { type PullEvidence, standingApprovals } from './reviewed-pull.ts'
import { type ApprovalVerdict, refusal } from './verdict.ts'

export type PullRequestRefusal =
  | FileRefusal
  | 'not-from-repository'
  | 'event'
  | 'default-branch'
  | 'dispatch-inputs'
  | 'workflow-elsewhere'

/** A file of the workspace that decides who is touched, with the bytes that this run read and works with. */
export interface ReadFile {
  readonly role: 'users-file' | 'exclude-file' | 'include-file'
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface PullRequestQuestion {
  readonly context: RunContext
  /** The list, and the exclude-file where there is one; null where the accounts come out of an artifact. */
  readonly files: readonly ReadFile[] | null
  /** Empty: any plan. */
  readonly approvedPlan: string
}

/** What speaks against a run. */
interface Objection {
  readonly reason: PullRequestRefusal
  readonly found: string
  readonly goOn: string
}

const EVENTS = ['push', 'schedule', 'workflow_dispatch']
const NEEDED =
  'Needed is that the list, "exclude-file" and the workflow file were last changed by merged pull requests that somebody else with write permission approved.'

/**
 * Judges `require-approval: pull-request` as far as the run itself decides it, without a question to GitHub but for
 * the name of the default branch.
 *
 * @returns null where nothing speaks against the run.
 */
export function judgeTrigger(
  { context, files, approvedPlan }: PullRequestQuestion,
  defaultBranch: string,
): Objection | null {
  if (files === null) {
    const found = 'The accounts come out of an artifact, which no pull request can approve.'
    const goOn = 'Commit the list and name it in "users-file", or write "require-approval: environment:NAME".'
    return { reason: 'not-from-repository', found, goOn }
  }
  if (!EVENTS.includes(context.eventName)) {
    const found = `This run was triggered by ${quote(context.eventName)}.`
    return { reason: 'event', found, goOn: `Trigger it by ${EVENTS.map((event) => `"${event}"`).join(', ')} only.` }
  }
  if (defaultBranch === '' || context.ref !== `refs/heads/${defaultBranch}`) {
    const found = `This run is on ${quote(context.ref)}, not on the default branch ${quote(defaultBranch)}.`
    return { reason: 'default-branch', found, goOn: 'Merge the pull request and run on the default branch.' }
  }
  if (context.eventName === 'workflow_dispatch' && context.dispatchInputs && approvedPlan === '') {
    const found = 'This run was started by hand with inputs, which no pull request can approve.'
    const goOn =
      'Give the digest of the reviewed plan as "approved-plan: sha256:…", or take the inputs out of the workflow.'
    return { reason: 'dispatch-inputs', found, goOn }
  }
  const elsewhere =
    !sameName(context.workflowRepository, fullName(context.repository)) ||
    context.workflowBranch !== context.ref ||
    (context.workflowSha !== '' && context.workflowSha !== context.sha)
  if (elsewhere) {
    const found = `The workflow ${quote(context.workflowRef)} is not the one of this run's commit.`
    return { reason: 'workflow-elsewhere', found, goOn: 'Keep the workflow file in this repository.' }
  }
  return null
}

/** Asks GitHub where the files came from and who approved that, and judges it. Whatever cannot be read refuses. */
export async function checkPullRequestApproval(
  github: GitHub,
  question: PullRequestQuestion,
): Promise<ApprovalVerdict<PullRequestRefusal>> {
  const { context, files } = question
  const repository = await github.repository()
  // What speaks against the run anyway is told rather than that GitHub did not answer.
  const branch = repository.ok ? repository.value.defaultBranch : context.defaultBranch
  const objection = judgeTrigger(question, branch)
  const unknownBranch = branch === '' && objection?.reason === 'default-branch'
  if (objection !== null && !unknownBranch) return refuse(objection)
  if (!repository.ok) return refuse({ reason: 'unreadable', found: repository.message, goOn: 'Then run again.' })

  const pulls = new Map<number, Promise<Answer<PullEvidence>>>()
  const workflow = { role: 'workflow file', path: context.workflowPath, bytes: null }
  const by = new Set<string>()
  for (const file of [...(files ?? []), workflow]) {
    const evidence = await gatherFile(github, context, branch, { ...file, path: posix.normalize(file.path) }, pulls)
    const verdict = judgeFile(evidence)
    if (!verdict.ok) return refuse(verdict)
    for (const login of verdict.by) by.add(login)
  }
  return { approved: true, by: [...by], warnings: [] }
}

function refuse({ reason, found, goOn }: Objection): ApprovalVerdict<PullRequestRefusal> {
  return refusal(reason, found, NEEDED, goOn)
}

async function gatherFile(
  github: GitHub,
  context: RunContext,
  defaultBranch: string,
  file: { readonly role: string; readonly path: string; readonly bytes: Uint8Array | null },
  pulls: Map<number, Promise<Answer<PullEvidence>>>,
): Promise<FileEvidence> {
  const atCommit = await github.fileAt(file.path, context.sha)
  const lastChange = await github.lastCommitOf(file.path, context.sha)
  const found = lastChange.ok && lastChange.value !== null ? await github.pullsOf(lastChange.value.sha) : null
  const candidates: Candidate[] = []
  if (found?.ok === true) {
    for (const { number } of mergedInto(found.value, defaultBranch, fullName(context.repository))) {
      const gathering = pulls.get(number) ?? gatherPull(github, number)
      pulls.set(number, gathering)
      const evidence = await gathering
      const fileAtHead = evidence.ok ? await github.fileAt(file.path, evidence.value.pull.headSha) : evidence
      candidates.push({ evidence, fileAtHead })
    }
  }
  const answer = found === null || found.ok ? ({ ok: true, value: candidates } as const) : found
  return { ...file, sha: context.sha, atCommit, lastChange, candidates: answer }
}

async function gatherPull(github: GitHub, number: number): Promise<Answer<PullEvidence>> {
  const pull: Answer<Pull> = await github.pull(number)
  if (!pull.ok) return pull
  const reviews = await github.reviews(number)
  if (!reviews.ok) return reviews
  const commits = await github.pullCommits(number)
  if (!commits.ok) return commits
  const standing = standingApprovals(reviews.value, pull.value.headSha)
  const permissions = new Map<string, Answer<string>>()
  for (const { login } of standing.kind === 'approved' ? standing.by : []) {
    permissions.set(login, await github.permissionOf(login))
  }
  return { ok: true, value: { pull: pull.value, reviews: reviews.value, commits: commits.value, permissions } }
}
