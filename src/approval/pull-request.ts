import { posix } from 'node:path'
import type { Approver } from '../account/approver.ts'
import { REVIEWED_EVENTS } from '../account/events.ts'
import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import { sameName } from '../github/same-name.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'
import { judgeCalledWorkflows } from './called-workflows.ts'
import { gatherer, type JudgedFile, judgeFile } from './reviewed-file.ts'
import { type ApprovalVerdict, judged, type Objection, object, thisRun, told, untold } from './verdict.ts'

/** A file of the workspace that decides who is touched, as this run read it and works with. */
export interface ReviewedFile extends ReadFile {
  readonly role: 'users-file' | 'exclude-file' | 'include-file'
}

const NEEDED =
  'Required: the list, "exclude-file", "include-file" and every workflow file must last have been changed by merged pull requests that somebody else with write permission approved.'

/**
 * Judges `require-approval: pull-request` as far as the run itself decides it, without a question to GitHub but for
 * the name of the default branch.
 *
 * @param files the list, and the files of the rules; null where the accounts come out of an artifact
 * @param approvedPlan empty: any plan
 * @returns null where nothing speaks against the run.
 */
function judgeTrigger(
  context: RunContext,
  files: readonly ReviewedFile[] | null,
  approvedPlan: string,
  defaultBranch: string,
): Objection | null {
  if (files === null) {
    const found = 'The accounts come from an artifact, which no pull request can approve.'
    const goOn = 'Commit the list and name it in "users-file", or write "require-approval: environment:NAME".'
    return object('not-from-repository', found, goOn)
  }
  if (!REVIEWED_EVENTS.some((event) => event === context.eventName)) {
    const found = `This run was triggered by ${quote(context.eventName)}.`
    return object('event', found, `Trigger it by ${sentenceList(REVIEWED_EVENTS.map(quote), 'or')} alone.`)
  }
  if (defaultBranch === '' || context.ref !== `refs/heads/${defaultBranch}`) {
    const found = `This run is on ${quote(context.ref)}, not on the default branch ${quote(defaultBranch)}.`
    return object('default-branch', found, 'Merge the pull request and run on the default branch.')
  }
  if (context.eventName === 'workflow_dispatch' && context.dispatchInputs && approvedPlan === '') {
    const found = 'This run was started by hand with inputs, which no pull request can approve.'
    const goOn =
      'Give the digest of the reviewed plan as "approved-plan: sha256:…", or take the inputs out of the workflow.'
    return object('dispatch-inputs', found, goOn)
  }
  const elsewhere =
    !sameName(context.workflowRepository, context.repository.fullName) ||
    context.workflowBranch !== context.ref ||
    (context.workflowSha !== '' && context.workflowSha !== context.sha)
  if (elsewhere) {
    const found = `The workflow ${quote(context.workflowRef)} is not the one of this run's commit.`
    return object('workflow-elsewhere', found, 'Keep the workflow file in this repository.')
  }
  if (context.compositePath !== '') {
    const found = `This step belongs to a composite action (${quote(context.compositePath)}), and nobody can tell who approved that.`
    return object('composite-action', found, 'Use this action in a workflow file itself.')
  }
  return null
}

/** Asks GitHub where the files came from and who approved that, and judges it. Whatever cannot be read refuses. */
export function checkPullRequestApproval(
  github: GitHub,
  context: RunContext,
  files: readonly ReviewedFile[] | null,
  approvedPlan: string,
): Promise<ApprovalVerdict> {
  return judged(NEEDED, async () => {
    const repository = await github.repository()
    // What speaks against the run anyway is told rather than that GitHub did not answer.
    const branch = repository.ok ? repository.value.defaultBranch : context.defaultBranch
    const objection = judgeTrigger(context, files, approvedPlan, branch)
    const unknownBranch = branch === '' && objection?.reason === 'default-branch'
    if (objection !== null && !unknownBranch) return objection
    told(repository)

    const { calledWorkflows } = await thisRun(github, context)
    const workflows = judgeCalledWorkflows(
      calledWorkflows ?? untold('GitHub does not say which workflows this run calls.'),
      context,
    )
    if ('reason' in workflows) return workflows

    const rules = await github.rulesOf(branch)
    const gather = gatherer(github, context, branch, rules.ok && rules.value.lastPushApproval)
    const by = new Map<string, Approver>()
    for (const file of judgedFiles(files ?? [], [context.workflowPath, ...workflows])) {
      const verdict = judgeFile(await gather(file))
      if (!verdict.ok) return verdict
      for (const approver of verdict.by) by.set(JSON.stringify(approver), approver)
    }
    return { approved: true, by: [...by.values()], warnings: weaknesses(rules, branch) }
  })
}

/** All files that the approval must cover. */
function judgedFiles(files: readonly ReviewedFile[], workflows: readonly string[]): JudgedFile[] {
  const read = files.map((file) => ({ role: file.role, path: posix.normalize(file.path), read: file }))
  return [...read, ...Array.from(new Set(workflows), (path) => ({ role: 'workflow file', path, read: null }))]
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
