import { DAY } from './day.ts'
import type { Activity } from './facts.ts'

/** How many of those who are to be deactivated were active lately: how a wrong list is noticed. */
export interface LateActivity {
  readonly people: number
  readonly last7Days: number
  /** Those of the last 7 days included. */
  readonly last30Days: number
  readonly never: number
  /** People of whom nobody told. */
  readonly unknown: number
}

/** @param now milliseconds since the epoch */
export function lateActivity(activities: Iterable<Activity>, now: number): LateActivity {
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
