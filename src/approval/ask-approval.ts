import type { Approval } from '../account/settings.ts'
import type { GitHub } from '../github/api.ts'
import { clip } from '../text/words.ts'
import { checkEnvironmentApproval, type EnvironmentRefusal } from './environment.ts'
import { checkPullRequestApproval, type PullRequestQuestion, type PullRequestRefusal } from './pull-request.ts'
import type { ApprovalVerdict } from './verdict.ts'

export interface ApprovalQuestion extends PullRequestQuestion {
  readonly required: Exclude<Approval, { kind: 'none' }>
}

/**
 * Asks GitHub whether somebody else agreed to this run in the way that the workflow requires.
 *
 * @param github opened with the run's signal: after a cancel the verdict is a refusal with the reason `cancelled`, at once
 */
export function askApproval(
  github: GitHub,
  question: ApprovalQuestion,
): Promise<ApprovalVerdict<EnvironmentRefusal | PullRequestRefusal>> {
  const { required, context } = question
  return required.kind === 'environment'
    ? checkEnvironmentApproval(github, context, required.name)
    : checkPullRequestApproval(github, question)
}

/** The requirement as it is written in the workflow, shortened where it is long. */
export function nameOf(required: ApprovalQuestion['required']): string {
  return required.kind === 'environment' ? `environment:${clip(required.name, 80)}` : required.kind
}
