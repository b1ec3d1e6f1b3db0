import type { Settings } from '../account/settings.ts'
import { connectGitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { Notes } from '../notes.ts'
import { guardApproval, notChecked } from '../plan/guards.ts'
import { checkEnvironmentApproval } from './environment.ts'
import { checkPullRequestApproval, type ReadFile } from './pull-request.ts'

/**
 * Asks GitHub whether somebody else agreed, where the workflow requires it. Notes what was found.
 *
 * @param files those that decide who is touched, as they were read; null where the accounts came out of an artifact
 */
export async function checkApproval(
  settings: Pick<Settings, 'requireApproval' | 'githubToken' | 'approvedPlan' | 'mode'>,
  context: RunContext,
  files: readonly ReadFile[] | null,
  notes: Notes,
): Promise<void> {
  const required = settings.requireApproval
  if (required.kind === 'none' || settings.mode === 'verify') return
  // Nobody can have merged it yet; the run after the merge looks. A list out of an artifact no merge can approve.
  if (settings.mode === 'plan' && required.kind === 'pull-request' && context.pullRequest !== null && files !== null) {
    return notes.guard(notChecked('not-approved', required.kind, 'The run after the merge looks who approved it.'))
  }
  const github = connectGitHub(context, settings.githubToken)
  const verdict =
    required.kind === 'environment'
      ? await checkEnvironmentApproval(github, context, required.name)
      : await checkPullRequestApproval(github, { context, files, approvedPlan: settings.approvedPlan })
  const name = required.kind === 'environment' ? `environment:${required.name}` : required.kind
  notes.guard(guardApproval(verdict, name, settings.mode))
  if (verdict.approved) for (const warning of verdict.warnings) notes.warn(warning)
}
