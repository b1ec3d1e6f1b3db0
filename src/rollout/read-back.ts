import { isChanged } from '../account/result.ts'
import { readProfile } from '../atlassian/accounts.ts'
import { timestamp } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import type { RolloutContext } from './context.ts'
import type { Stop } from './stop.ts'

/** Waits before each further read of a change that does not show yet: a minute in all. Milliseconds. */
const PATIENCE = [1000, 2000, 4000, 8000, 15_000, 30_000]

/**
 * Reads the account's profile, the authority on its status, and notes what was seen. A key that is rejected here stops
 * the run as well.
 *
 * @param last nothing is sent or read for the account after this
 */
export async function lookAt(
  { atlassian, clock, ledger, stop }: RolloutContext,
  id: string,
  last = false,
): Promise<'active' | 'inactive' | 'unreadable'> {
  const read = await unlessAborted(readProfile(atlassian, id, stop.waiting, true), stop.waiting)
  const sight = toSight(read)
  if (read?.kind === 'key-rejected') stop.halt('key-rejected')
  ledger.note({ event: 'read', at: timestamp(clock.now()), account: id, last, ...sight })
  return sight.found
}

interface Sight {
  readonly found: 'active' | 'inactive' | 'unreadable'
  readonly key: string
  readonly words: string
}

function toSight(read: Awaited<ReturnType<typeof readProfile>> | null): Sight {
  const unreadable = (key: string, words = ''): Sight => ({ found: 'unreadable', key, words })
  switch (read?.kind) {
    case 'profile': {
      const { active, statuses } = read.facts
      if (active !== null) return { found: active ? 'active' : 'inactive', key: '', words: '' }
      return unreadable('a profile without a status that proves anything', statuses.join(' '))
    }
    case 'refused':
    case 'conflict':
      return unreadable(read.refusal.key, read.refusal.words)
    case 'temporary':
      return unreadable(read.why)
    case 'key-rejected':
      return unreadable('the key was rejected')
    default:
      return unreadable('the run was stopped')
  }
}

/** Reads a changed account until it shows the change or cannot be read, for a minute at most. */
export async function readBackPatiently(context: RolloutContext, id: string): Promise<void> {
  for (const wait of [0, ...PATIENCE]) {
    if (wait > 0) await context.clock.sleep(wait, context.stop.waiting)
    await lookAt(context, id)
    if (context.ledger.fate(id).verified !== 'no') return
  }
}

/** Waits before the looks for a change that may still land: a minute in all. Milliseconds. */
const SETTLING = [0, 10_000, 50_000]

/**
 * Looks for what came of requests whose answers were lost, until it shows or a minute is over: only then may an account
 * count as unchanged. Does nothing for accounts of which all is known.
 */
export async function settle(context: RolloutContext, ids: readonly string[]): Promise<void> {
  const { clock, ledger, stop } = context
  const open = (): readonly string[] => ids.filter((id) => ledger.fate(id).open > 0)
  for (const [turn, wait] of SETTLING.entries()) {
    const left = open()
    if (left.length === 0 || noMoreReads(stop)) return
    if (wait > 0) await clock.sleep(wait, stop.waiting)
    await lookAtAll(context, left, turn === SETTLING.length - 1)
  }
}

/** Whether no further read can go well, or nobody may wait for one any more. */
export function noMoreReads(stop: Stop): boolean {
  return stop.waiting.aborted || stop.keyRejected()
}

function lookAtAll(context: RolloutContext, ids: readonly string[], last = false): Promise<void> {
  const look = async (id: string): Promise<void> => {
    await lookAt(context, id, last)
  }
  return inParallel(ids, context.concurrency, look, () => noMoreReads(context.stop))
}

/** Changed accounts that no read has shown changed so far. */
export function unconfirmed({ ledger }: RolloutContext, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => {
    const fate = ledger.fate(id)
    return isChanged(fate) && (fate.verified === '' || fate.verified === 'no')
  })
}

/**
 * Reads back, one by one, every changed account that does not show its change yet. All of them share one minute of
 * patience, and the deadline keeps its meaning however many there are.
 */
export async function readBackRest(context: RolloutContext, changed: readonly string[]): Promise<void> {
  const { clock, stop } = context
  for (const wait of [0, ...PATIENCE]) {
    const open = unconfirmed(context, changed)
    if (open.length === 0 || noMoreReads(stop)) return
    if (wait > 0) await clock.sleep(wait, stop.waiting)
    await lookAtAll(context, open)
  }
}
