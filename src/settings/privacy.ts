import type { Settings } from '../account/settings.ts'
import { connectGitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import { unlessAborted } from '../world/unless-aborted.ts'

/** The event nearly always tells; where GitHub must be asked, the run does not wait for it for long. Milliseconds. */
const PATIENCE = 2000

/** Whether personal data is shown in logs, reports and comments. */
export type Privacy = 'full' | 'masked'

/** `auto` shows personal data in private repositories only. */
export async function resolvePrivacy(settings: Settings, context: RunContext): Promise<Privacy> {
  if (settings.privacy !== 'auto') return settings.privacy
  return (await isPrivate(settings, context)) ? 'full' : 'masked'
}

/** Whether names may stand in what the run writes: `auto` has found that out already, and GitHub is not asked again. */
export async function mayShowNames(settings: Settings, context: RunContext, resolved: Privacy): Promise<boolean> {
  return resolved === 'full' || (settings.privacy === 'masked' && (await isPrivate(settings, context)))
}

/** As the event says, else as GitHub says; where neither does, the repository counts as public. */
async function isPrivate({ githubToken }: Settings, context: RunContext): Promise<boolean> {
  if (context.repositoryVisibility !== 'unknown') return context.repositoryVisibility === 'private'
  if (githubToken === '' || context.repository.repo === '' || !context.hasApi) return false
  const asking = connectGitHub(context, githubToken, { attempts: 1 }).repository()
  const answer = await unlessAborted(asking, AbortSignal.timeout(PATIENCE))
  return answer?.ok === true && answer.value.visibility === 'private'
}
