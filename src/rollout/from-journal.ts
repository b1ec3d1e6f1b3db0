import { UNFINISHED } from '../ending.ts'
import { countStates } from '../report/counts.ts'
import type { AccountResult, RunReport } from '../report/report.ts'
import { count } from '../text.ts'
import type { AccountRecord } from './account-record.ts'
import type { JournalEvent } from './journal.ts'

/** The report of a run that died: what its journal says became of the accounts of its checkpoint. */
export function outcomeFromJournal(
  report: RunReport,
  checkpoint: readonly AccountResult[],
  events: readonly JournalEvent[],
  finishedAt: string,
): RunReport {
  const accounts = replay(checkpoint, events, report.change === 'restore' ? 'restored' : 'deactivated')
  const counts = countStates(accounts)
  const changed = counts.deactivated + counts.restored
  const cancelled = events.some((event) => event.event === 'stop' && event.cause === 'cancelled')
  const unknown =
    counts.unknown === 0
      ? ''
      : ` ${count(counts.unknown, 'account')} ended in an unknown state: look at each on admin.atlassian.com.`
  return {
    ...report,
    accounts,
    counts,
    emailed: counts.deactivated,
    outcome: cancelled ? 'partial' : UNFINISHED.outcome,
    reason: cancelled ? 'cancelled' : UNFINISHED.reason,
    headline: cancelled
      ? 'The run was cancelled and ended before it could publish.'
      : 'The run was killed before its end.',
    changed:
      changed === 0
        ? 'Nothing is known to be changed.'
        : `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} changed.`,
    next: `Run again for the rest: accounts that are done are not changed again.${unknown}`,
    finishedAt,
  }
}

/** The accounts after all events. A change that was sent and whose answer is not there is unknown. */
function replay(
  checkpoint: readonly AccountResult[],
  events: readonly JournalEvent[],
  changed: 'deactivated' | 'restored',
): AccountResult[] {
  const records = new Map<string, AccountRecord>(checkpoint.map((account) => [account.id, { ...account }]))
  for (const event of events) {
    const record = 'account' in event ? records.get(event.account) : undefined
    if (record === undefined) continue
    switch (event.event) {
      case 'intent':
        record.attempts = event.attempt
        if (record.startedAt === '') record.startedAt = event.at
        record.state = 'unknown'
        record.detail = 'the run ended before the answer was known'
        break
      case 'answer':
        record.httpStatus = event.status
        record.finishedAt = event.at
        if (event.meaning === 'done') Object.assign(record, { state: changed, detail: '' })
        else if (event.meaning === 'refused') Object.assign(record, { state: 'failed', detail: event.detail })
        else if (event.meaning === 'throttled' || event.meaning === 'temporary') {
          Object.assign(record, { state: 'not-attempted', detail: event.detail })
        } else record.detail = `the run ended before the account could be read: ${event.detail}`
        break
      case 'state':
        Object.assign(record, {
          state: event.state,
          verified: event.verified,
          detail: event.detail,
          canary: event.canary,
        })
        break
      default:
    }
  }
  return [...records.values()]
}
