import { connectGitHub } from '../github/api.ts'
import { guardApproval, notChecked } from '../plan/guards.ts'
import { note, type Run, warn } from '../run.ts'
import { askApproval, nameOf } from './ask-approval.ts'
import type { ReadFile } from './pull-request.ts'

/** Asks GitHub whether somebody else agreed, where the workflow requires it. Notes what was found. */
export async function checkApproval(run: Run): Promise<void> {
  const { settings, context, stop } = run
  const required = settings.requireApproval
  if (required.kind === 'none' || settings.mode === 'verify') return
  const github = connectGitHub(context, settings.githubToken, { signal: stop.changes })
  const verdict = await askApproval(github, {
    required,
    context,
    files: filesOf(run),
    approvedPlan: settings.approvedPlan,
  })
  if (!verdict.approved && verdict.reason === 'cancelled')
    return note(run, notChecked('not-approved', nameOf(required), verdict.why))
  const told = verdict.approved ? { approved: true as const, by: verdict.by.map(({ login }) => login) } : verdict
  note(run, guardApproval(told, nameOf(required), settings.mode))
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
