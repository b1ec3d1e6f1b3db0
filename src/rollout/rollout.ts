import { type AccountRecord, hasFailed, isChanged } from '../account/result.ts'
import { IDS_PER_SEARCH } from '../atlassian/directory.ts'
import { inBatches, inParallel } from '../world/parallel.ts'
import { changeAccount } from './attempt.ts'
import type { RolloutContext } from './context.ts'
import { journalState } from './context.ts'
import { markUnread, PATIENCE, readBackOnce } from './read-back.ts'

export interface RolloutRules {
  /** Accounts that failed before, in the preflight: they count too. */
  readonly failedBefore: number
  readonly maxFailures: number
  /** No read-back is begun after this: the job must still publish. Milliseconds since the epoch. */
  readonly readBackUntil: number
}

/**
 * Changes the targets that the canary left, several at a time, until the stop switch is thrown, and reads back what was
 * changed: what has settled meanwhile, because after a deadline there is no time left for hours of changes, then the rest.
 *
 * @param onProgress called whenever an account is through
 */
export async function rollOut(
  context: RolloutContext,
  targets: readonly AccountRecord[],
  rules: RolloutRules,
  onProgress: () => void,
): Promise<void> {
  const { stop } = context
  const rest = targets.filter((target) => target.attempts === 0 && target.state === 'not-attempted')
  let failures = rules.failedBefore + targets.filter(hasFailed).length
  // With a directory, changes are read back ten at a time; one by one otherwise, right after the change.
  const oneByOne = context.directory === null
  const settled = oneByOne ? null : createSettled(context)
  await inParallel(
    rest,
    context.concurrency,
    async (target) => {
      await changeAccount(context, target)
      if (hasFailed(target) && ++failures > rules.maxFailures) stop.halt('too-many-failures')
      if (oneByOne && isChanged(target) && target.verified === '') await readBackOnce(context, target)
      await settled?.readAfter(target)
      onProgress()
    },
    () => stop.cause() !== null,
  )
  await readBackRest(context, rest, rules.readBackUntil)
}

/** A search can be expected to show a change of this age. Milliseconds. */
const SETTLED = 30_000

/** Reads changes back while others are still being made: ten at a time, one search after the other, each account once. */
function createSettled(context: RolloutContext): { readAfter(target: AccountRecord): Promise<void> } {
  const waiting: AccountRecord[] = []
  let next = 0
  let closed = false
  return {
    readAfter: async (target) => {
      if (isChanged(target) && target.verified === '') waiting.push(target)
      const batch = waiting.slice(next, next + IDS_PER_SEARCH)
      const youngest = batch[IDS_PER_SEARCH - 1]
      if (closed || youngest === undefined) return
      if (context.clock.now() < Date.parse(youngest.finishedAt) + SETTLED) return
      next += IDS_PER_SEARCH
      closed = true
      const read = await readBackTogether(context, batch)
      // A search that is out of order must not hold up the changes with its repeats: the end of the rollout asks again.
      closed = !read
    },
  }
}

/**
 * Reads back every changed account that does not show its change yet: in bulk where it can, then one by one. All of
 * them share one minute of patience, and none is read after `until`, so that the deadline keeps its meaning however many
 * there are.
 */
async function readBackRest(context: RolloutContext, changed: readonly AccountRecord[], until: number): Promise<void> {
  const { clock, stop } = context
  const stopped = (): boolean => stop.waiting.aborted || stop.keyRejected() || clock.now() >= until
  const open = (): AccountRecord[] =>
    changed.filter((target) => isChanged(target) && (target.verified === '' || target.verified === 'no'))
  for (const wait of context.directory === null ? [] : BULK_WAITS) {
    if (open().length === 0 || stopped()) break
    await context.clock.sleep(wait, stop.waiting)
    await readBackInBulk(context, open(), stopped)
  }
  for (const wait of [0, ...PATIENCE]) {
    if (open().length === 0 || stopped()) break
    if (wait > 0) await context.clock.sleep(wait, stop.waiting)
    await inParallel(
      open(),
      context.concurrency,
      async (target) => {
        await readBackOnce(context, target)
      },
      stopped,
    )
  }
  markUnread(changed)
}

/** The search may lag behind a change: it is asked again before the accounts are read one by one. Milliseconds. */
const BULK_WAITS = [0, 5000]
/** A change is not searched for before it is this old. Milliseconds. */
const SETTLING = 1000

async function readBackInBulk(
  context: RolloutContext,
  targets: readonly AccountRecord[],
  stopped: () => boolean,
): Promise<void> {
  await inParallel(
    inBatches(targets, IDS_PER_SEARCH),
    context.concurrency,
    async (batch) => {
      const youngest = Math.max(...batch.map((target) => Date.parse(target.finishedAt)))
      await context.clock.sleep(youngest + SETTLING - context.clock.now(), context.stop.waiting)
      await readBackTogether(context, batch)
    },
    stopped,
  )
}

/** Notes which of these accounts, at most ten, one search shows as changed. @returns whether it could be asked */
async function readBackTogether(context: RolloutContext, batch: readonly AccountRecord[]): Promise<boolean> {
  const { directory, stop } = context
  const wanted = context.change === 'restore'
  const read = await directory?.findById(
    batch.map((target) => target.id),
    stop.waiting,
  )
  if (read?.kind === 'key-rejected') stop.halt('key-rejected')
  if (read?.kind !== 'read') return false
  const shows = new Set(read.value.filter((person) => person.active === wanted).map((person) => person.id))
  for (const target of batch) {
    if (!shows.has(target.id)) continue
    target.verified = 'yes'
    journalState(context, target)
  }
  return true
}
