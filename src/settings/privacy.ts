import { connectGitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { Settings } from './inputs.ts'

/** Whether personal data is shown in logs, reports and comments. */
export type Privacy = 'full' | 'masked'

/** `auto` shows personal data in private repositories only. */
export async function resolvePrivacy(settings: Settings, context: RunContext): Promise<Privacy> {
  if (settings.privacy !== 'auto') return settings.privacy
  return (await isPrivate(settings, context)) ? 'full' : 'masked'
}

/** What is wrong where `find` would write names and addresses that strangers can read; GitHub is not asked twice. */
export async function namesRefused(settings: Settings, context: RunContext, resolved: Privacy): Promise<string[]> {
  const { mode, privacy } = settings
  if (mode !== 'find' || resolved === 'full') return []
  if (privacy === 'masked' && (await isPrivate(settings, context))) return []
  return [
    `Input "privacy": found "${privacy}", but mode "find" writes names and e-mails into its list, and this repository is not private. ` +
      'Run it in a private repository, or write "privacy: full" to publish them here.',
  ]
}

/** As the event says, else as GitHub says; where neither does, the repository counts as public. */
async function isPrivate({ githubToken }: Settings, context: RunContext): Promise<boolean> {
  if (context.repositoryVisibility !== 'unknown') return context.repositoryVisibility === 'private'
  if (githubToken === '' || context.repository.repo === '' || !context.hasApi) return false
  // The event nearly always tells; where it does not, the run does not wait for GitHub for long.
  const answer = await connectGitHub(context, githubToken, { signal: AbortSignal.timeout(2000) }).repository()
  return answer.ok && answer.value.visibility === 'private'
}
