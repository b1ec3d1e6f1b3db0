import type { Facts } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { type Clock, SHORT_PATIENCE, withPatience } from '../world/clock.ts'
import { inBatches, inParallel } from '../world/parallel.ts'
import type { NoReply } from './answers.ts'
import { ADDRESSES_PER_SEARCH, type Directory, IDS_PER_SEARCH, isSearchable } from './directory.ts'
import { cheapestWay, isWorthCounting, type Way } from './way.ts'

/** Somebody to look at; `email` as the list has it, empty where it has none. */
export type Wanted = Pick<ListedAccount, 'id' | 'email'>

export interface SearchOptions {
  readonly concurrency: number
  readonly stop: AbortSignal
  readonly clock: Clock
  /** Everybody in the organization; null where nobody knows, `ask` where nobody asked. */
  readonly people: number | null | 'ask'
  /** Once true, nothing more is asked. */
  readonly stopped: () => boolean
  /** Is told of everybody who is wanted, with all entries of that person in one answer. */
  readonly onFound: (id: string, entries: readonly Facts[]) => void
  /** Is told why the directory cannot be read. */
  readonly onEnd: (end: NoReply) => void
}

/**
 * Finds accounts in the directory, in as few calls as can be. Whom an address does not bring (renamed, hidden, wrong) is
 * asked for by id. Where an answer names somebody twice, there are several directories, which may know a person by
 * different addresses: then everybody is asked for by id, so that no entry is missed.
 */
export async function searchDirectory(wanted: readonly Wanted[], directory: Directory, options: SearchOptions) {
  const { concurrency, stop, stopped, onFound, onEnd } = options
  const seen = new Set<string>()
  let namesTwice = false
  type Read = (batch: readonly Wanted[]) => ReturnType<Directory['search']>
  const ask = (batches: Iterable<readonly Wanted[]>, read: Read): Promise<void> => {
    const take = async (batch: readonly Wanted[]): Promise<void> => {
      const found = await read(batch)
      if (found.kind === 'withheld') return
      if (found.kind !== 'read') return onEnd(found)
      const ids = new Set(batch.map(({ id }) => id))
      for (const [id, entries] of Map.groupBy(found.value, (person) => person.id)) {
        if (entries.length > 1) namesTwice = true
        if (!ids.has(id)) continue
        seen.add(id)
        const facts = entries.map((entry) => entry.facts)
        onFound(id, facts)
      }
    }
    return inParallel(batches, concurrency, take, stopped)
  }
  const byAddress: Read = async (batch) => {
    const found = await directory.search({ emails: [...new Set(batch.map(({ email }) => email))] }, stop)
    // One bad address may be refused with all the others: who is missing is asked for by id, which has the last word.
    return found.kind === 'unreadable' && found.status !== 0 ? { kind: 'read', value: [] } : found
  }
  const byId: Read = (batch) => directory.search({ accountIds: batch.map(({ id }) => id) }, stop)

  const way = await chooseWay(wanted, directory, options)
  if (way === 'walk') return ask([wanted], () => directory.search({}, stop))
  if (way === 'by-address') {
    const written = wanted.filter(({ email }) => isSearchable(email))
    await ask(inBatches(written, ADDRESSES_PER_SEARCH), byAddress)
    // An address is tried as it is written, then as Atlassian is used to store it.
    const stored = written.flatMap(({ id, email }) => {
      const lower = email.toLowerCase()
      return seen.has(id) || lower === email ? [] : [{ id, email: lower }]
    })
    await ask(inBatches(stored, ADDRESSES_PER_SEARCH), byAddress)
  }
  const left = namesTwice ? wanted : wanted.filter(({ id }) => !seen.has(id))
  await ask(inBatches(left, IDS_PER_SEARCH), byId)
}

async function chooseWay(wanted: readonly Wanted[], directory: Directory, options: SearchOptions): Promise<Way> {
  const { clock, stop, people } = options
  const addresses = wanted.filter(({ email }) => isSearchable(email)).length
  const crowd = { accounts: wanted.length, addresses, people: people === 'ask' ? null : people }
  if (people !== 'ask' || !isWorthCounting(crowd)) return cheapestWay(crowd)
  const counted = await withPatience(clock, stop, SHORT_PATIENCE, directory.stats)
  return cheapestWay({ ...crowd, people: counted.kind === 'read' ? counted.value.people : null })
}
