import { isChanged } from '../account/result.ts'
import { ADDRESSES_PER_SEARCH, type Directory } from '../atlassian/directory.ts'
import { searchDirectory } from '../atlassian/search.ts'
import { wantedBy } from '../plan/plan.ts'
import type { RolloutContext } from './context.ts'
import { noMoreReads, noteRead, unconfirmed } from './read-back.ts'

/** A search can be expected to show a change of this age. Milliseconds. */
const SETTLED = 30_000
/** The search may lag behind a change: who does not show it is looked for once more. Milliseconds. */
const FINISH_WAITS = [500, 5000]
const MOST_LOOKS = FINISH_WAITS.length

/** Reads changes back by the directory's search, many at a time and on the way: after a deadline there is no time. */
export function openBulkReads(context: RolloutContext, directory: Directory) {
  const { addresses, clock, concurrency, ledger, plan, stop } = context
  const found = wantedBy(plan.rules.change)
  /** Searches that did not show the change, by id. */
  const looks = new Map<string, number>()
  /** What waits to be read back while changes are being made, oldest first. */
  const waiting: string[] = []
  let reading: Promise<void> | null = null
  let isDown = false

  const read = async (ids: readonly string[]): Promise<void> => {
    const seen = new Set<string>()
    const wanted = ids.map((id) => ({ id, email: addresses.get(id) ?? '' }))
    isDown = false
    await searchDirectory(wanted, directory, {
      clock,
      concurrency,
      people: null,
      stop: stop.waiting,
      stopped: () => isDown || noMoreReads(context),
      onFound: (id, entries) => {
        seen.add(id)
        const isShown = entries.every(({ active }) => active === (found === 'active'))
        if (isShown) noteRead(context, id, { found, key: '', words: '' })
        else looks.set(id, (looks.get(id) ?? 0) + 1)
      },
      onEnd: ({ kind }) => {
        isDown = true
        if (kind === 'key-rejected') stop.halt('key-rejected')
      },
    })
    // Somebody whom the directory does not know needs no second look.
    if (!isDown) for (const id of ids) if (!seen.has(id)) looks.set(id, MOST_LOOKS)
  }

  return {
    /** Tells that an account is through. What has settled is read back meanwhile; no change waits for it. */
    changed: (id: string): void => {
      const fate = ledger.fate(id)
      if (isChanged(fate) && fate.verified === '') waiting.push(id)
      const youngest = waiting[ADDRESSES_PER_SEARCH - 1]
      // A search that is out of order is left alone until the changes are made.
      if (reading !== null || isDown || youngest === undefined) return
      if (clock.now() < Date.parse(ledger.fate(youngest).finishedAt) + SETTLED) return
      reading = read(waiting.splice(0, ADDRESSES_PER_SEARCH))
      const end = (): void => {
        reading = null
      }
      // One that failed stays: `finish` throws its error.
      reading.then(end, () => undefined)
    },
    /** Reads what is left, once no more changes are made. Whom no search shows as changed is left to the profile. */
    finish: async (ids: readonly string[]): Promise<void> => {
      await reading
      for (const wait of FINISH_WAITS) {
        const open = unconfirmed(context, ids).filter((id) => (looks.get(id) ?? 0) < MOST_LOOKS)
        if (open.length === 0 || noMoreReads(context)) return
        await clock.sleep(wait, stop.waiting)
        await read(open)
      }
    },
  }
}
