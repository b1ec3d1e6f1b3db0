import { hasFailed, isChanged } from '../account/result.ts'
import { IDS_PER_SEARCH } from '../atlassian/directory.ts'
import { wantedBy } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import { inBatches, inParallel } from '../world/parallel.ts'
import { changeAccount } from './attempt.ts'
import type { RolloutContext } from './context.ts'
import { lookAt, PATIENCE, unconfirmed } from './read-back.ts'

/**
 * Changes the targets that the canary left, several at a time, until the stop switch is thrown, and reads back what was
 * changed: what has settled meanwhile, because after a deadline there is no time left for hours of changes, then the rest.
 *
 * @param maxFailures more failed accounts than this halt the run; those before count too
 * @param onProgress called whenever an account is through
 */
export async function rollOut(
  context: RolloutContext,
  targets: readonly string[],
  maxFailures: number,
  failedBefore: number,
  onProgress: () => void,
): Promise<void> {
  const { ledger, stop, directory } = context
  const rest = targets.filter((id) => ledger.fate(id).attempts === 0 && ledger.fate(id).state === 'not-attempted')
  let failures = failedBefore
  // With a directory, changes are read back ten at a time; one by one otherwise, right after the change.
  const settled = directory === null ? null : createSettled(context)
  await inParallel(
    rest,
    context.concurrency,
    async (id) => {
      await changeAccount(context, id)
      if (hasFailed(ledger.fate(id)) && ++failures > maxFailures) stop.halt('too-many-failures')
      if (settled === null && unconfirmed(context, [id]).length > 0) await lookAt(context, id)
      await settled?.readAfter(id)
      onProgress()
    },
    () => stop.cause() !== null,
  )
  await readBackRest(context, rest)
}

/** A search can be expected to show a change of this age. Milliseconds. */
const SETTLED = 30_000

/** Reads changes back while others are still being made: ten at a time, one search after the other, each account once. */
function createSettled(context: RolloutContext): { readAfter(id: string): Promise<void> } {
  const { clock, ledger } = context
  const waiting: string[] = []
  let next = 0
  let closed = false
  return {
    readAfter: async (id) => {
      if (isChanged(ledger.fate(id)) && ledger.fate(id).verified === '') waiting.push(id)
      const batch = waiting.slice(next, next + IDS_PER_SEARCH)
      const youngest = batch[IDS_PER_SEARCH - 1]
      if (closed || youngest === undefined) return
      if (clock.now() < Date.parse(ledger.fate(youngest).finishedAt) + SETTLED) return
      next += IDS_PER_SEARCH
      closed = true
      const read = await readBackTogether(context, batch)
      // A search that is out of order must not hold up the changes with its repeats: the end of the rollout asks again.
      closed = !read
    },
  }
}

/** The search may lag behind a change: it is asked again before the accounts are read one by one. Milliseconds. */
const BULK_WAITS = [0, 5000]
/** A change is not searched for before it is this old. Milliseconds. */
const SETTLING = 1000

/**
 * Reads back every changed account that does not show its change yet: in bulk where it can, then one by one. All of
 * them share one minute of patience, and the deadline keeps its meaning however many there are.
 */
async function readBackRest(context: RolloutContext, changed: readonly string[]): Promise<void> {
  const { clock, concurrency, directory, ledger, stop } = context
  const stopped = (): boolean => stop.waiting.aborted || stop.keyRejected()
  for (const wait of directory === null ? [] : BULK_WAITS) {
    const open = unconfirmed(context, changed)
    if (open.length === 0 || stopped()) break
    await clock.sleep(wait, stop.waiting)
    await inParallel(
      inBatches(open, IDS_PER_SEARCH),
      concurrency,
      async (batch) => {
        const youngest = Math.max(...batch.map((id) => Date.parse(ledger.fate(id).finishedAt)))
        await clock.sleep(youngest + SETTLING - clock.now(), stop.waiting)
        await readBackTogether(context, batch)
      },
      stopped,
    )
  }
  for (const wait of [0, ...PATIENCE]) {
    const open = unconfirmed(context, changed)
    if (open.length === 0 || stopped()) break
    if (wait > 0) await clock.sleep(wait, stop.waiting)
    await inParallel(
      open,
      concurrency,
      async (id) => {
        await lookAt(context, id)
      },
      stopped,
    )
  }
}

/** Notes which of these accounts, at most ten, one search shows as changed. @returns whether it could be asked */
async function readBackTogether(context: RolloutContext, batch: readonly string[]): Promise<boolean> {
  const { clock, directory, ledger, plan, stop } = context
  const found = wantedBy(plan.rules.change)
  const read = await directory?.findById(batch, stop.waiting)
  if (read?.kind === 'key-rejected') stop.halt('key-rejected')
  if (read?.kind !== 'read') return false
  const shown = (id: string): boolean => {
    const entries = read.value.filter((person) => person.id === id)
    return entries.length > 0 && entries.every(({ facts }) => facts.active === (found === 'active'))
  }
  for (const id of batch.filter(shown)) {
    ledger.note({ event: 'read', at: timestamp(clock.now()), account: id, found, key: '', words: '', last: false })
  }
  return true
}
