import type { Job } from '../job.ts'

/** The results artifact's name: as given, else from mode and attempt, because a name is taken once per run. */
export function artifactNameOf({ settings, context }: Pick<Job, 'settings' | 'context'>): string {
  return settings.artifactName || `atlassian-users-${settings.mode}-${context.runAttempt}`
}
