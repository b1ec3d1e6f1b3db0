import { hasAddress, unite } from '../account/facts.ts'
import type { Directory, DirectoryPerson, DirectoryRead } from './directory.ts'

/** Everybody once, by account id; of several entries of one person the facts are united to the safe side. */
export function unitePeople(entries: readonly DirectoryPerson[]): ReadonlyMap<string, DirectoryPerson> {
  const people = new Map<string, DirectoryPerson>()
  for (const entry of entries) {
    const known = people.get(entry.id)
    // Whichever entry comes first, the name is the same.
    const name = known === undefined || entry.name > known.name ? entry.name : known.name
    people.set(entry.id, known === undefined ? entry : { id: entry.id, name, facts: unite(known.facts, entry.facts) })
  }
  return people
}

/** A directory that was read to its end: what it told is not asked again. @param rest answers all other questions */
export function wholeDirectory(people: ReadonlyMap<string, DirectoryPerson>, rest: Directory): Directory {
  const everybody = [...people.values()]
  const read = <T>(value: T): Promise<DirectoryRead<T>> => Promise.resolve({ kind: 'read', value })
  return {
    ...rest,
    findById: (ids) => read(ids.flatMap((id) => people.get(id) ?? [])),
    // Who is not found by an address is looked for by id.
    findByAddress: () => read([]),
    findByEmail: (email) => read(everybody.filter(({ facts }) => hasAddress(facts, email)).map(({ id }) => id)),
    walk: () => read(everybody),
    countActive: () =>
      read(everybody.filter(({ facts }) => facts.presence === 'found' && facts.active === true).length),
  }
}

/**
 * A directory for a key that may have scopes: where the search is refused, the list of managed accounts, read to its end,
 * stands in. No list of admins stands in for theirs: none is told then.
 *
 * @param readList reads the list of managed accounts
 */
export function withStandIn(
  directory: Directory,
  readList: (stop: AbortSignal) => Promise<DirectoryRead<readonly DirectoryPerson[]>>,
): Directory {
  let whole: Directory | null = null
  let reading: ReturnType<typeof readList> | null = null
  const ask = async <T>(
    stop: AbortSignal,
    question: (directory: Directory) => Promise<DirectoryRead<T>>,
  ): Promise<DirectoryRead<T>> => {
    if (whole !== null) return question(whole)
    const read = await question(directory)
    if (!isRefused(read)) return read
    reading ??= readList(stop)
    const list = await reading
    if (isRefused(list)) {
      const why = 'the key may read neither the user search nor the list of managed accounts'
      return { kind: 'unreadable', why }
    }
    if (list.kind !== 'read') return list
    whole ??= {
      ...wholeDirectory(unitePeople(list.value), directory),
      orgAdmins: async () => ({ kind: 'read', value: [] }),
    }
    return question(whole)
  }
  return {
    ...directory,
    findById: (ids, stop) => ask(stop, (from) => from.findById(ids, stop)),
    findByAddress: (addresses, stop) => ask(stop, (from) => from.findByAddress(addresses, stop)),
    findByEmail: (email, stop) => ask(stop, (from) => from.findByEmail(email, stop)),
    walk: (stop) => ask(stop, (from) => from.walk(stop)),
    orgAdmins: (stop) => ask(stop, (from) => from.orgAdmins(stop)),
    countActive: (stop) => (whole ?? directory).countActive(stop),
    standsIn: () => whole !== null,
  }
}

/** Whether a read was refused, for the key's scopes or in the words for a foreign organization. */
export function isRefused(read: DirectoryRead<unknown>): boolean {
  return read.kind === 'unreadable' ? read.refused === true : read.kind === 'key-rejected' && read.why === 'scoped'
}
