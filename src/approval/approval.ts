import { connectGitHub } from '../github/api.ts'
import { guardApproval, notChecked } from '../plan/guards.ts'
import { note, type Run, warn } from '../run.ts'
import { checkEnvironmentApproval } from './environment.ts'
import { checkPullRequestApproval, type ReadFile } from './pull-request.ts'

/** Asks GitHub whether somebody else agreed, where the workflow requires it. Notes what was found. */
export async function checkApproval(run: Run): Promise<void> {
  const { settings, context } = run
  const required = settings.requireApproval
  if (required.kind === 'none' || settings.mode === 'verify') return
  // Nobody can have merged it yet; the run after the merge looks. A list out of an artifact no merge can approve.
  if (
    settings.mode === 'plan' &&
    required.kind === 'pull-request' &&
    context.pullRequest !== null &&
    run.list !== null
  ) {
    return note(run, notChecked('not-approved', required.kind, 'The run after the merge looks who approved it.'))
  }
  const github = connectGitHub(context, settings.githubToken)
  const verdict =
    required.kind === 'environment'
      ? await checkEnvironmentApproval(github, context, required.name)
      : await checkPullRequestApproval(github, { context, files: filesOf(run), approvedPlan: settings.approvedPlan })
  const name = required.kind === 'environment' ? `environment:${required.name}` : required.kind
  note(run, guardApproval(verdict, name, settings.mode))
  if (verdict.approved) for (const warning of verdict.warnings) warn(run, warning)
}

/** The files that decide who is touched, as they were read; null where the accounts came out of an artifact. */
function filesOf({ list, excludeFile }: Run): readonly ReadFile[] | null {
  if (list === null) return null
  return [
    { ...list, role: 'users-file' },
    ...(excludeFile === null ? [] : [{ ...excludeFile, role: 'exclude-file' as const }]),
  ]
}
