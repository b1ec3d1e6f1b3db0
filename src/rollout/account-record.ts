import type { AccountResult } from '../report/report.ts'

/** The line of one account in the results while the run still writes it. */
export type AccountRecord = { -readonly [field in keyof AccountResult]: AccountResult[field] }

/** States that count against `max-failures`. */
export function hasFailed(record: AccountResult): boolean {
  return record.state === 'failed' || record.state === 'unknown'
}

/** States that say that this run made the change. */
export function isChanged(record: AccountResult): boolean {
  return record.state === 'deactivated' || record.state === 'restored'
}
