import type { LateActivity } from '../account/activity.ts'
import { people, thousands } from '../text/words.ts'

/** How many were active lately of those who are to be deactivated; empty where there is nobody to tell of. */
export function activitySentence(activity: LateActivity | null): string {
  if (activity === null || activity.people === 0) return ''
  const { last7Days, last30Days, never, unknown } = activity
  if (unknown === activity.people)
    return `Atlassian does not say when the ${people(unknown)} to deactivate ${unknown === 1 ? 'was' : 'were'} last active.`
  const were = (number: number): string => `${thousands(number)} ${number === 1 ? 'was' : 'were'}`
  const parts = [
    last30Days === 0
      ? 'nobody was active in the last 30 days'
      : `${were(last7Days)} active in the last 7 days and ${thousands(last30Days)} in the last 30 days`,
    ...(never > 0 ? [`${were(never)} never active`] : []),
    ...(unknown > 0 ? [`for ${thousands(unknown)}, Atlassian does not say`] : []),
  ]
  return `Of the ${people(activity.people)} to deactivate, ${parts.join('; ')}.`
}
