import type { LateActivity } from '../account/activity.ts'
import { count, thousands } from '../text/words.ts'
import type { RunReport } from './report.ts'
import { people } from './words.ts'

/** How many were active lately of those who are to be deactivated; empty where there is nobody to tell of. */
export function activitySentence(activity: LateActivity | null): string {
  if (activity === null || activity.people === 0) return ''
  const { last7Days, last30Days, never, unknown } = activity
  const were = (number: number): string => `${thousands(number)} ${number === 1 ? 'was' : 'were'}`
  const parts = [
    last30Days === 0
      ? 'nobody was active in the last 30 days'
      : `${were(last7Days)} active in the last 7 days and ${thousands(last30Days)} in the last 30 days`,
    ...(never > 0 ? [`${were(never)} never active`] : []),
    ...(unknown > 0 ? [`of ${thousands(unknown)} Atlassian does not tell it`] : []),
  ]
  return `Of the ${people(activity.people)} to deactivate, ${parts.join('; ')}.`
}

/** Products of which the people are told; of more, how many. */
const MOST_PRODUCTS = 20

/** The licences that are freed as rows of a table, the most first; none where Atlassian told of none. */
export function licenceRows({ licences }: RunReport): readonly (readonly [what: string, people: number | null])[] {
  if (licences === null) return []
  const { products, billable, unknown } = licences
  const shown = products.slice(0, MOST_PRODUCTS).map(({ product, people }) => [product, people] as const)
  const more = products.length - shown.length
  return [
    ...shown,
    ...(more > 0 ? [[`… and ${count(more, 'more product')}, in plan.json`, null] as const] : []),
    ...(billable === null ? [] : [['Billable accounts', billable] as const]),
    ...(unknown > 0 && products.length > 0 ? [['Licences not told', unknown] as const] : []),
  ]
}

/** What the table of licences tells. */
export function licenceTitle({ mode }: RunReport): string {
  return mode === 'apply' ? 'Licences freed, as Atlassian told' : 'Licences that would be freed, as Atlassian told'
}
