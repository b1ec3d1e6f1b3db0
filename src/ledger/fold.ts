import { countStates } from '../account/counts.ts'
import { isStopCause } from '../account/reasons.ts'
import { type AccountRecord, type AccountResult, OUTCOMES } from '../account/result.ts'
import { type Ending, endingOf, UNFINISHED } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { markUnread } from '../rollout/read-back.ts'
import { count } from '../text/words.ts'
import type { JournalEvent } from './journal.ts'

/** The report of a run that died: what its journal says became of the accounts of its checkpoint. */
export function outcomeFromJournal(
  report: RunReport,
  checkpoint: readonly AccountResult[],
  events: readonly JournalEvent[],
  finishedAt: string,
): RunReport {
  const accounts = replay(checkpoint, events, report.change === 'restore' ? 'restored' : 'deactivated')
  markUnread(accounts)
  const counts = countStates(accounts)
  const changed = counts.deactivated + counts.restored
  const unknown =
    counts.unknown === 0
      ? ''
      : ` ${count(counts.unknown, 'account')} ended in an unknown state: look at each on admin.atlassian.com.`
  return {
    ...report,
    ...endingFrom(events, report, accounts),
    accounts,
    counts,
    emailed: counts.deactivated,
    changed:
      changed === 0
        ? 'Nothing is known to be changed.'
        : `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} changed.`,
    next: `Run again for the rest: accounts that are done are not changed again.${unknown}`,
    finishedAt,
  }
}

/** What main had found out about its own end: the whole of it, the first cause that stopped it, or nothing. */
function endingFrom(
  events: readonly JournalEvent[],
  report: RunReport,
  accounts: readonly AccountResult[],
): Pick<Ending, 'outcome' | 'reason' | 'headline'> {
  const end = events.find((event) => event.event === 'end')
  const outcome = OUTCOMES.find((known) => known === end?.outcome)
  if (end !== undefined && outcome !== undefined) {
    const headline = 'The run came to its end, but the step ended before it could publish.'
    return { outcome, reason: end.reason, headline }
  }
  const cause = events.find((event) => event.event === 'stop')?.cause
  if (cause === undefined || !isStopCause(cause)) {
    const { outcome, reason } = UNFINISHED
    return { outcome, reason, headline: 'The run was killed before its end.' }
  }
  const { headline, ...stopped } = endingOf(report.mode, accounts, cause)
  return { ...stopped, headline: `${headline} It ended before it could publish.` }
}

/** The accounts after all events. A change that was sent and whose answer is not there is unknown. */
function replay(
  checkpoint: readonly AccountResult[],
  events: readonly JournalEvent[],
  changed: 'deactivated' | 'restored',
): AccountRecord[] {
  const records = new Map<string, AccountRecord>(checkpoint.map((account) => [account.id, { ...account }]))
  /** Accounts with an answer that was lost, and no read since that was written down. */
  const lost = new Set<string>()
  /** Accounts whose change was sent, and whose end is not written down yet. */
  const begun = new Set<string>()
  for (const event of events) {
    const record = 'account' in event ? records.get(event.account) : undefined
    if (record === undefined) continue
    switch (event.event) {
      case 'intent':
        begun.add(record.id)
        record.attempts = event.attempt
        if (record.startedAt === '') record.startedAt = event.at
        record.state = 'unknown'
        record.detail = 'the run ended before the answer was known'
        break
      case 'answer':
        if (event.meaning === 'ambiguous') lost.add(record.id)
        noteAnswer(record, event, changed, lost.has(record.id))
        break
      case 'state':
        if (begun.delete(record.id) && record.attempts > 0) record.finishedAt = event.at
        record.state = event.state
        record.verified = event.verified
        record.detail = event.detail
        record.canary = event.canary
        break
      default:
    }
  }
  return [...records.values()]
}

/** What the answer alone says; a state that main wrote down after it says more. */
function noteAnswer(
  record: AccountRecord,
  { meaning, status, detail, at }: Extract<JournalEvent, { event: 'answer' }>,
  changed: 'deactivated' | 'restored',
  lost: boolean,
): void {
  if (meaning === 'temporary') {
    // It was not sent after all.
    if (--record.attempts === 0) record.startedAt = ''
    record.state = 'not-attempted'
    record.detail = detail
    return
  }
  record.httpStatus = status
  record.finishedAt = at
  record.detail = meaning === 'done' ? '' : detail
  if (meaning === 'done') record.state = changed
  else if (meaning === 'refused') record.state = 'failed'
  else if (meaning === 'throttled') record.state = 'not-attempted'
  else if (meaning === 'key-rejected' && !lost) record.state = 'not-attempted'
  else record.detail = `the run ended before the account could be read: ${detail}`
}
