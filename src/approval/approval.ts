import { connectGitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { Notes } from '../notes.ts'
import { guardApproval, notChecked } from '../plan/guards.ts'
import type { Settings } from '../settings/inputs.ts'
import { clip } from '../text/words.ts'
import { checkEnvironmentApproval } from './environment.ts'
import { checkPullRequestApproval, type ReviewedFile } from './pull-request.ts'

/** Asks GitHub whether somebody else agreed, where the workflow requires it, and notes what was found. */
export async function checkApproval(
  settings: Pick<Settings, 'requireApproval' | 'githubToken' | 'approvedPlan' | 'mode'>,
  context: RunContext,
  files: readonly ReviewedFile[] | null,
  notes: Notes,
  stop: AbortSignal,
): Promise<void> {
  const { requireApproval: required, approvedPlan, mode } = settings
  if (required.kind === 'none' || mode === 'verify') return
  /** The requirement as it is written in the workflow, shortened where it is long. */
  const name = required.kind === 'environment' ? `environment:${clip(required.name, 80)}` : required.kind
  // Nobody can have merged it yet; the run after the merge looks. A list out of an artifact no merge can approve.
  const isUnmerged = mode === 'find' || (mode === 'plan' && context.pullRequest !== null && files !== null)
  if (isUnmerged && required.kind === 'pull-request')
    return notes.guard(notChecked('not-approved', name, 'The run after the merge checks who approved it.'))
  const github = connectGitHub(context, settings.githubToken, { signal: stop })
  const verdict =
    required.kind === 'environment'
      ? await checkEnvironmentApproval(github, context, required.name)
      : await checkPullRequestApproval(github, context, files, approvedPlan)
  if (!verdict.approved && verdict.reason === 'cancelled')
    return notes.guard(notChecked('not-approved', name, verdict.why))
  if (!verdict.approved) return notes.guard(guardApproval(verdict, name, mode))
  notes.guard(guardApproval({ approved: true, by: verdict.by.map(({ login }) => login) }, name, mode))
  notes.learn({ approvedBy: verdict.by })
  for (const warning of verdict.warnings) notes.warn(warning)
}
