import { posix } from 'node:path'
import type { Approver } from '../account/approver.ts'
import { REVIEWED_EVENTS } from '../account/events.ts'
import type { GitHub } from '../github/api.ts'
import { fullName, type RunContext } from '../github/context.ts'
import type { Answer } from '../github/request.ts'
import { sameName } from '../github/same-name.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'
import { remember } from '../world/remember.ts'
import { judgeCalledWorkflows } from './called-workflows.ts'
import { type Candidate, type FileRefusal, type JudgedFile, judgeFile, mergedInto } from './reviewed-file.ts'
import { type PullEvidence, standingApprovals } from './reviewed-pull.ts'
import { thisRun } from './this-run.ts'
import { type ApprovalVerdict, judged, type Objection, refusal, told, untold } from './verdict.ts'

export type PullRequestRefusal =
  | FileRefusal
  | 'not-from-repository'
  | 'event'
  | 'default-branch'
  | 'dispatch-inputs'
  | 'workflow-elsewhere'
  | 'composite-action'
  | 'called-workflow'

/** A file of the workspace that decides who is touched, as this run read it and works with. */
export interface ReviewedFile extends ReadFile {
  readonly role: 'users-file' | 'exclude-file' | 'include-file'
}

export interface PullRequestQuestion {
  readonly context: RunContext
  /** The list, and the files of the rules; null where the accounts come out of an artifact. */
  readonly files: readonly ReviewedFile[] | null
  /** Empty: any plan. */
  readonly approvedPlan: string
}

const NEEDED =
  'Needed is that the list, "exclude-file", "include-file" and every workflow file were last changed by merged pull requests that somebody else with write permission approved.'

/**
 * Judges `require-approval: pull-request` as far as the run itself decides it, without a question to GitHub but for
 * the name of the default branch.
 *
 * @returns null where nothing speaks against the run.
 */
export function judgeTrigger(
  { context, files, approvedPlan }: PullRequestQuestion,
  defaultBranch: string,
): Objection<PullRequestRefusal> | null {
  if (files === null) {
    const found = 'The accounts come out of an artifact, which no pull request can approve.'
    const goOn = 'Commit the list and name it in "users-file", or write "require-approval: environment:NAME".'
    return { reason: 'not-from-repository', found, goOn }
  }
  if (!REVIEWED_EVENTS.some((event) => event === context.eventName)) {
    const found = `This run was triggered by ${quote(context.eventName)}.`
    return { reason: 'event', found, goOn: `Trigger it by ${sentenceList(REVIEWED_EVENTS.map(quote), 'or')} alone.` }
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
  if (context.compositePath !== '') {
    const found = `This step belongs to a composite action (${quote(context.compositePath)}), of which nobody can tell who approved it.`
    return { reason: 'composite-action', found, goOn: 'Use this action in a workflow file itself.' }
  }
  return null
}

/** Asks GitHub where the files came from and who approved that, and judges it. Whatever cannot be read refuses. */
export function checkPullRequestApproval(
  github: GitHub,
  question: PullRequestQuestion,
): Promise<ApprovalVerdict<PullRequestRefusal>> {
  return judged(NEEDED, async () => {
    const { context } = question
    const repository = await github.repository()
    // What speaks against the run anyway is told rather than that GitHub did not answer.
    const branch = repository.ok ? repository.value.defaultBranch : context.defaultBranch
    const objection = judgeTrigger(question, branch)
    const unknownBranch = branch === '' && objection?.reason === 'default-branch'
    if (objection !== null && !unknownBranch) return refusal(objection, NEEDED)
    told(repository)

    const { calledWorkflows } = await thisRun(github, context)
    const workflows = judgeCalledWorkflows(calledWorkflows ?? untold(NO_LIST), context)
    if (!workflows.ok) return refusal(workflows, NEEDED)

    const rules = await github.rulesOf(branch)
    const { lastPushApproval } = rules.ok ? rules.value : { lastPushApproval: false }
    const gather = gatherer(github, context, branch)
    const by = new Map<string, Approver>()
    for (const file of judgedFiles(question, workflows.paths)) {
      const verdict = judgeFile(await gather(file), { lastPushApproval })
      if (!verdict.ok) return refusal(verdict, NEEDED)
      for (const approver of verdict.by) by.set(JSON.stringify(approver), approver)
    }
    return { approved: true, by: [...by.values()], warnings: weaknesses(rules, branch) }
  })
}

const NO_LIST = 'GitHub does not say which workflows this run calls.'

/** All files that the approval must cover. */
function judgedFiles({ files, context }: PullRequestQuestion, called: readonly string[]): JudgedFile[] {
  const read = (files ?? []).map(({ role, path, realPath, blobSha }) => ({
    role,
    path: posix.normalize(path),
    read: { path: realPath, blobSha },
  }))
  const workflows = new Set([context.workflowPath, ...called])
  return [...read, ...Array.from(workflows, (path) => ({ role: 'workflow file', path, read: null }))]
}

/** What would have let the run through without a second person; told, never a reason to refuse. */
function weaknesses(rules: Awaited<ReturnType<GitHub['rulesOf']>>, branch: string): string[] {
  const name = `branch ${quote(branch)}`
  if (!rules.ok) return [`Whether the rules of ${name} demand a review could not be read: ${rules.message}`]
  if (rules.value.review) return []
  return [
    `The rulesets of ${name} demand no approving review, so its history can be written without one. Demand it there: older branch protection is not visible to this job.`,
  ]
}

/** Asks GitHub about files, the same thing only once. */
function gatherer(github: GitHub, context: RunContext, branch: string) {
  const { sha } = context
  const pullOf = remember((number: number) => gatherPull(github, number))
  const merged = remember(async (commit: string) =>
    mergedInto(told(await github.pullsOf(commit)), branch, fullName(context.repository)),
  )
  const parent = remember(async (commit: string) => told(await github.parentOf(commit)))
  const head = remember(async (name: string) => told(await github.headOf(name)))
  const fileAt = async (path: string, commit: string) => told(await github.fileAt(path, commit))

  return async (file: JudgedFile): Promise<Parameters<typeof judgeFile>[0]> => {
    const candidatesOf = async (commit: string): Promise<Candidate[]> => {
      const candidates: Candidate[] = []
      for (const { number } of await merged(commit)) {
        const evidence = await pullOf(number)
        candidates.push({ evidence, fileAtHead: await fileAt(file.path, evidence.pull.headSha) })
      }
      return candidates
    }
    const lastChange = told(await github.lastCommitOf(file.path, sha))
    const first = await parent(sha)
    return {
      ...file,
      sha,
      atCommit: await fileAt(file.path, sha),
      before: first === null ? null : await fileAt(file.path, first),
      now: await fileAt(file.path, await head(branch)),
      lastChange,
      broughtBy: lastChange === null ? [] : await candidatesOf(lastChange.sha),
      ownPulls: await candidatesOf(sha),
    }
  }
}

async function gatherPull(github: GitHub, number: number): Promise<PullEvidence> {
  const pull = told(await github.pull(number))
  const reviews = told(await github.reviews(number))
  const files = told(await github.pullFiles(number))
  const commits = told(await github.pullCommits(number))
  const baseChangedAt = told(await github.baseChangeOf(number))
  const standing = standingApprovals({ pull, reviews, baseChangedAt })
  const permissions = new Map<number, Answer<string>>()
  for (const person of standing.kind === 'approved' ? standing.by : []) {
    permissions.set(person.id, await github.permissionOf(person))
  }
  return { pull, files, reviews, baseChangedAt, commits, permissions }
}
