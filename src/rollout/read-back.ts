import type { Facts } from '../account/facts.ts'
import { isChanged } from '../account/result.ts'
import { readProfile } from '../atlassian/accounts.ts'
import type { Reply } from '../atlassian/answers.ts'
import type { Sight } from '../ledger/events.ts'
import { timestamp } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import type { RolloutContext } from './context.ts'

/** Waits before the looks for a change that may still land: a minute in all. Milliseconds. */
const SETTLING = [0, 10_000, 50_000]
/** Waits before the looks for a change that does not show yet: a minute in all. Milliseconds. */
const PATIENCE = [0, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** Notes an account's status by its profile, the authority. A rejected key stops the run. `last`: nothing follows. */
export async function lookAt(context: RolloutContext, id: string, last = false): Promise<Sight['found']> {
  const { atlassian, stop } = context
  const read = await readProfile(atlassian, id, stop.waiting, true)
  if (read.kind === 'key-rejected') stop.halt('key-rejected')
  const sight = sightOf(read)
  noteRead(context, id, sight, last)
  return sight.found
}

function sightOf(read: Reply<Facts>): Sight {
  const unreadable = (key: string, words = ''): Sight => ({ found: 'unreadable', key, words })
  if (read.kind === 'unreadable') return unreadable(read.key, read.words)
  if (read.kind === 'key-rejected') return unreadable('the key was rejected')
  if (read.kind === 'withheld') return unreadable('the run was stopped')
  const { active, statuses } = read.value
  if (active === null) return unreadable('a profile without a status that proves anything', statuses.join(' '))
  return { found: active ? 'active' : 'inactive', key: '', words: '' }
}

/** Notes what a read saw of an account. */
export function noteRead(context: RolloutContext, account: string, sight: Sight, last = false): void {
  const { clock, ledger, onReadBack } = context
  const before = ledger.fate(account).verified
  ledger.note({ event: 'read', at: timestamp(clock.now()), account, last, ...sight })
  if (before !== 'yes' && ledger.fate(account).verified === 'yes') onReadBack?.()
}

/** Looks for what lost answers came to, until it shows or a minute is over: only then may it count as unchanged. */
export function settle(context: RolloutContext, ids: readonly string[]): Promise<void> {
  return lookAgain(context, SETTLING, true, () => ids.filter((id) => context.ledger.fate(id).open > 0))
}

/** Reads back, one by one, changed accounts that do not show it yet; all share a minute, and the deadline holds. */
export function readBack(context: RolloutContext, ids: readonly string[]): Promise<void> {
  return lookAgain(context, PATIENCE, false, () => unconfirmed(context, ids))
}

/** Looks after each wait at whoever is left. @param isLast whether nothing is read any more after the last look */
async function lookAgain(
  context: RolloutContext,
  waits: readonly number[],
  isLast: boolean,
  left: () => readonly string[],
): Promise<void> {
  const { clock, concurrency, stop } = context
  for (const [turn, wait] of waits.entries()) {
    const ids = left()
    if (ids.length === 0 || noMoreReads(context)) return
    if (wait > 0) await clock.sleep(wait, stop.waiting)
    const look = async (id: string): Promise<void> => {
      await lookAt(context, id, isLast && turn === waits.length - 1)
    }
    await inParallel(ids, concurrency, look, () => noMoreReads(context))
  }
}

/** Whether no further read can go well, or nobody may wait for one any more. */
export function noMoreReads({ stop }: RolloutContext): boolean {
  return stop.waiting.aborted || stop.keyRejected()
}

/** Changed accounts that no read has shown changed so far. */
export function unconfirmed({ ledger }: RolloutContext, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => {
    const fate = ledger.fate(id)
    return isChanged(fate) && (fate.verified === '' || fate.verified === 'no')
  })
}
