import { DAY } from './day.ts'
import type { Activity } from './facts.ts'

export type LateActivity = Readonly<ReturnType<typeof lateActivity>>

/**
 * How many of those who are to be deactivated were active lately: how a wrong list is noticed.
 *
 * @param now milliseconds since the epoch
 */
export function lateActivity(activities: Iterable<Activity>, now: number) {
  /** `last30Days` has those of the last 7 days in it; `unknown` are people of whom nobody told. */
  const counts = { people: 0, last7Days: 0, last30Days: 0, never: 0, unknown: 0 }
  for (const activity of activities) {
    counts.people++
    if (activity.kind === 'never') counts.never++
    else if (activity.kind === 'not-told') counts.unknown++
    else {
      if (activity.at > now - 7 * DAY) counts.last7Days++
      if (activity.at > now - 30 * DAY) counts.last30Days++
    }
  }
  return counts
}
