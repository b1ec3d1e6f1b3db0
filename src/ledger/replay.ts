import { join } from 'node:path'
import { causeOf } from '../account/cause.ts'
import { changes } from '../account/decision.ts'
import { type AccountResult, isChanged } from '../account/result.ts'
import { wantedBy } from '../plan/plan.ts'
import type { RunReport } from '../report/report.ts'
import { parseObject } from '../text/unknowns.ts'
import { errorText } from '../text/words.ts'
import { checkpointAccounts, linesOf } from './checkpoint.ts'
import type { EventOf, JournalEvent } from './events.ts'
import { type Fate, fold, withFate } from './fold.ts'

/** What the files of a run say that died. */
export type Replay = Awaited<ReturnType<typeof replay>>

/**
 * Folds the journal over the accounts of the checkpoint, as main did while it wrote it. Where the journal cannot be read,
 * nobody knows what became of an account that was to be changed: it is unknown, never "not attempted".
 * @param more lines that main could not write
 */
export async function replay(resultsPath: string, { change, mode }: RunReport, more: readonly string[]) {
  const isChange = changes(mode)
  const found = {
    accounts: [] as readonly AccountResult[],
    /** What main noted about its own end, if it came to that. */
    end: null as EventOf<'end'> | null,
    stop: null as EventOf<'stop'> | null,
    /** True in a run that changes nobody. */
    canaryPassed: !isChange,
    /** Why the journal could not be read to its end; empty where it could. */
    unreadable: '',
  }
  const before = new Map<string, AccountResult>()
  for await (const account of checkpointAccounts(resultsPath)) before.set(account.id, account)
  const fates = new Map<string, Fate>()
  /** @returns whether the line holds an event */
  const take = (line: string): boolean => {
    const event = parseObject(line) as JournalEvent | null
    if (event?.event === undefined) return false
    if (event.event === 'end') found.end = event
    if (event.event === 'stop') found.stop ??= event
    if (event.event === 'canary') found.canaryPassed = event.verdict === 'passed'
    if (!('account' in event)) return true
    const account = before.get(event.account)
    const fate = fates.get(event.account) ?? (account && { ...account, open: 0 })
    if (fate !== undefined) fates.set(event.account, fold(fate, event, wantedBy(change)))
    return true
  }
  try {
    for await (const line of linesOf(join(resultsPath, 'journal.jsonl'))) {
      // What a kill tears has no line end: nothing was sent after it.
      if (!take(line) && line.endsWith('\n') && line !== '\n') found.unreadable = 'a line in it is damaged'
    }
    for (const line of more) take(line)
  } catch (error) {
    found.unreadable = errorText(error)
  }
  found.accounts = [...before.values()].map((account) => {
    const fate = fates.get(account.id)
    const result = fate === undefined ? account : withFate(account, fate)
    const isDoubtful = found.unreadable !== '' && isChange && account.state === 'not-attempted' && !isProven(result)
    return isDoubtful ? { ...result, state: 'unknown', verified: '', cause: causeOf('journal-unreadable') } : result
  })
  return found
}

/** Whether one line that is left of a damaged journal proves what became of an account: no other can take it back. */
function isProven({ state, httpStatus, attempts, cause }: AccountResult): boolean {
  if (isChanged({ state })) return httpStatus === 204
  return state === 'failed' && cause?.code === 'refused' && attempts === 1
}
