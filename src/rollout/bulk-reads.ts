import { isChanged } from '../account/result.ts'
import { ADDRESSES_PER_SEARCH, type Directory, IDS_PER_SEARCH } from '../atlassian/directory.ts'
import { wantedBy } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import { inBatches, inParallel } from '../world/parallel.ts'
import type { RolloutContext } from './context.ts'
import { noMoreReads, unconfirmed } from './read-back.ts'

/** Reads changes back by the directory's search, many at a time. */
export interface BulkReads {
  /** Tells that an account is through. What has settled is read back meanwhile; no change waits for it. */
  changed(id: string): void
  /** Reads what is left, once no more changes are made. Whom no search shows as changed is left to the profile. */
  finish(ids: readonly string[]): Promise<void>
}

/** A search can be expected to show a change of this age. Milliseconds. */
const SETTLED = 30_000
/** A change is not searched for before it is this old. Milliseconds. */
const SETTLING = 500
/** The search may lag behind a change: who does not show it is looked for once more. Milliseconds. */
const FINISH_WAITS = [0, 5000]
const MOST_LOOKS = FINISH_WAITS.length

/** Because after a deadline there is no time left for hours of changes, what has settled is read back on the way. */
export function openBulkReads(context: RolloutContext, directory: Directory): BulkReads {
  const { addresses, clock, concurrency, ledger, plan, stop } = context
  const found = wantedBy(plan.rules.change)
  /** Searches that did not show the change, by id. */
  const looks = new Map<string, number>()
  /** Whom their address does not bring any more: they are asked for by id. */
  const missing = new Set<string>()
  const addressOf = (id: string): string => (missing.has(id) ? '' : (addresses.get(id) ?? ''))
  const settledAt = (id: string, age: number): number => Date.parse(ledger.fate(id).finishedAt) + age

  /** @returns whether the search could be asked */
  const read = async (ids: readonly string[], byAddress: boolean): Promise<boolean> => {
    const answer = await (byAddress
      ? directory.findByAddress(ids.map(addressOf), stop.waiting)
      : directory.findById(ids, stop.waiting))
    if (answer.kind === 'key-rejected') stop.halt('key-rejected')
    if (answer.kind !== 'read') return false
    const people = Map.groupBy(answer.value, ({ id }) => id)
    for (const id of ids) {
      const entries = people.get(id)
      if (entries?.every(({ facts }) => facts.active === (found === 'active')) === true) {
        ledger.note({ event: 'read', at: timestamp(clock.now()), account: id, found, key: '', words: '', last: false })
      } else if (entries !== undefined) looks.set(id, (looks.get(id) ?? 0) + 1)
      else if (byAddress) missing.add(id)
      // Somebody whom the directory does not know needs no second look.
      else looks.set(id, MOST_LOOKS)
    }
    return true
  }

  /** What waits to be read back while changes are being made, oldest first. */
  const queues = { byAddress: [] as string[], byId: [] as string[] }
  const queue = (id: string): void => {
    queues[addressOf(id) === '' ? 'byId' : 'byAddress'].push(id)
  }
  const stopped = (): boolean => noMoreReads(stop)
  let reading: Promise<void> | null = null
  let closed = false
  const errors: unknown[] = []
  const readSettled = async (): Promise<void> => {
    for (const byAddress of [true, false]) {
      const [waiting, size] = byAddress ? [queues.byAddress, ADDRESSES_PER_SEARCH] : [queues.byId, IDS_PER_SEARCH]
      const youngest = waiting[size - 1]
      if (closed || youngest === undefined || clock.now() < settledAt(youngest, SETTLED)) continue
      const batch = waiting.splice(0, size)
      // A search that is out of order is left alone until the changes are made.
      closed = !(await read(batch, byAddress))
      if (byAddress) for (const id of batch) if (missing.has(id)) queue(id)
    }
  }

  const finishTogether = (ids: readonly string[], byAddress: boolean): Promise<void> =>
    inParallel(
      inBatches(
        ids.filter((id) => byAddress === (addressOf(id) !== '')),
        byAddress ? ADDRESSES_PER_SEARCH : IDS_PER_SEARCH,
      ),
      concurrency,
      async (batch) => {
        const settled = Math.max(...batch.map((id) => settledAt(id, SETTLING)))
        await clock.sleep(settled - clock.now(), stop.waiting)
        await read(batch, byAddress)
      },
      stopped,
    )

  return {
    changed: (id) => {
      const fate = ledger.fate(id)
      if (isChanged(fate) && fate.verified === '') queue(id)
      reading ??= readSettled()
        .catch((error: unknown) => {
          errors.push(error)
        })
        .finally(() => {
          reading = null
        })
    },
    finish: async (ids) => {
      await reading
      if (errors.length > 0) throw errors[0]
      for (const wait of FINISH_WAITS) {
        const open = unconfirmed(context, ids).filter((id) => (looks.get(id) ?? 0) < MOST_LOOKS)
        if (open.length === 0 || stopped()) return
        await clock.sleep(wait, stop.waiting)
        await finishTogether(open, true)
        await finishTogether(open, false)
      }
    },
  }
}
