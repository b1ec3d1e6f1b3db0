import { posix } from 'node:path'
import type { Approver } from '../account/approver.ts'
import { REVIEWED_EVENTS } from '../account/events.ts'
import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import { type RunFacts, sameName } from '../github/facts.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'
import { gatherer, judgeFile } from './reviewed-file.ts'
import { type ApprovalVerdict, judged, type Objection, object, thisRun, told, unreadable } from './verdict.ts'

/** A file of the workspace that decides who is touched, as this run read it and works with. */
export type ReviewedFile = ReadFile & { readonly role: 'users-file' | 'exclude-file' | 'include-file' }

const NEEDED =
  'Required: the list, "exclude-file", "include-file" and every workflow file must last have been changed by merged pull requests that somebody else with write permission approved.'

/**
 * Judges `require-approval: pull-request`, by what GitHub says of where the files came from and who approved that.
 * Whatever cannot be read refuses. Files are null where the accounts come out of an artifact; an empty plan is any plan.
 */
export function checkPullRequestApproval(
  github: GitHub,
  context: RunContext,
  files: readonly ReviewedFile[] | null,
  approvedPlan: string,
): Promise<ApprovalVerdict> {
  return judged(NEEDED, async () => {
    const repository = await github.repository()
    if (files === null) {
      const why = 'The accounts come from an artifact, which no pull request can approve.'
      const fix = 'Commit the list and name it in "users-file", or write "require-approval: environment:NAME".'
      return object('not-from-repository', why, fix)
    }
    // What speaks against the run anyway is told rather than that GitHub did not answer.
    const branch = repository.ok ? repository.value.defaultBranch : context.defaultBranch
    const objection = judgeTrigger(context, approvedPlan, branch)
    if (objection === null || (objection.reason === 'default-branch' && branch === '')) told(repository)
    if (objection !== null) return objection

    const { calledWorkflows } = await thisRun(github, context)
    if (calledWorkflows === null) return unreadable('GitHub does not say which workflows this run calls.')
    const workflows = judgeCalledWorkflows(calledWorkflows, context)
    if ('reason' in workflows) return workflows

    const rules = await github.rulesOf(branch)
    const gather = gatherer(github, context, branch, rules.ok && rules.value.lastPushApproval)
    const workflowFiles = [...new Set([context.workflowPath, ...workflows])]
    const judgedFiles = [
      ...files.map((file) => ({ role: file.role, path: posix.normalize(file.path), read: file })),
      ...workflowFiles.map((path) => ({ role: 'workflow file', path, read: null })),
    ]
    const by = new Map<string, Approver>()
    for (const file of judgedFiles) {
      const verdict = judgeFile(await gather(file))
      if (!verdict.approved) return verdict
      for (const approver of verdict.by) by.set(JSON.stringify(approver), approver)
    }
    return { approved: true, by: [...by.values()], warnings: weaknesses(rules, branch) }
  })
}

/** What the run itself decides, without a question to GitHub but for the name of the default branch. */
function judgeTrigger(context: RunContext, approvedPlan: string, defaultBranch: string): Objection | null {
  const { eventName, ref, workflowRef, compositePath } = context
  if (!REVIEWED_EVENTS.includes(eventName)) {
    const fix = `Trigger it by ${sentenceList(REVIEWED_EVENTS.map(quote), 'or')} alone.`
    return object('event', `This run was triggered by ${quote(eventName)}.`, fix)
  }
  if (defaultBranch === '' || ref !== `refs/heads/${defaultBranch}`) {
    const why = `This run is on ${quote(ref)}, not on the default branch ${quote(defaultBranch)}.`
    return object('default-branch', why, 'Merge the pull request and run on the default branch.')
  }
  if (eventName === 'workflow_dispatch' && context.dispatchInputs && approvedPlan === '') {
    const why = 'This run was started by hand with inputs, which no pull request can approve.'
    const fix =
      'Give the digest of the reviewed plan as "approved-plan: sha256:…", or take the inputs out of the workflow.'
    return object('dispatch-inputs', why, fix)
  }
  const elsewhere =
    !sameName(context.workflowRepository, context.repository.fullName) ||
    context.workflowBranch !== ref ||
    (context.workflowSha !== '' && context.workflowSha !== context.sha)
  const notThis = `The workflow ${quote(workflowRef)} is not the one of this run's commit.`
  if (elsewhere) return object('workflow-elsewhere', notThis, 'Keep the workflow file in this repository.')
  if (compositePath === '') return null
  const why = `This step belongs to a composite action (${quote(compositePath)}), and nobody can tell who approved that.`
  return object('composite-action', why, 'Use this action in a workflow file itself.')
}

/**
 * Judges the workflows that a run calls, because the inputs may stand in any of them: one of this repository must be the
 * one of the run's commit, and is judged like the caller's file; one of another repository must be called at a full
 * commit, which the caller's file fixes. The repository of the running action itself is trusted as the action is. Paths of
 * this repository come back.
 */
function judgeCalledWorkflows(called: NonNullable<RunFacts['calledWorkflows']>, context: RunContext) {
  const own: string[] = []
  for (const { path: text, sha } of called) {
    const refuse = (found: string, fix: string) =>
      object('called-workflow', `The called workflow ${quote(text)} ${found}`, fix)
    // A name with an "@" of its own could be taken for another one.
    const [, repository = '', path = '', at = ''] = /^([^/@]+\/[^/@]+)\/([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
    if (repository === '')
      return refuse('cannot be distinguished from others.', 'Leave "@" out of the names of workflow files.')
    const isOwn = sameName(repository, context.repository.fullName)
    if (isOwn && sha !== context.sha) {
      const found = `was read from commit ${sha.slice(0, 7)}, not from this run's ${context.sha.slice(0, 7)}.`
      return refuse(found, `Write "uses: ./${path}", and start a new run.`)
    }
    const isFixed = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(at) && at === sha
    if (!isOwn && !isFixed && !sameName(repository, context.actionRepository)) {
      const fix = `Call it at a full commit: "uses: ${repository}/${path}@${sha}".`
      return refuse("of another repository can change without anybody's approval here.", fix)
    }
    if (isOwn) own.push(path)
  }
  return own
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
