import { connectGitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { Settings } from './settings.ts'

/** Whether personal data is shown in logs, reports and comments. */
export type Privacy = 'full' | 'masked'

/**
 * `auto` shows personal data in private repositories only: as the event says, else as GitHub says, and where neither
 * does, the repository counts as public.
 */
export async function resolvePrivacy(settings: Settings, context: RunContext): Promise<Privacy> {
  if (settings.privacy !== 'auto') return settings.privacy
  if (context.repositoryVisibility !== 'unknown') return context.repositoryVisibility === 'private' ? 'full' : 'masked'
  if (settings.githubToken === '' || context.repository.repo === '') return 'masked'
  const answer = await connectGitHub(context, settings.githubToken).repository()
  return answer.ok && answer.value.visibility === 'private' ? 'full' : 'masked'
}
