import { unite } from '../account/facts.ts'
import { isRefused, unreadable } from './answers.ts'
import type { Directory, DirectoryPerson } from './directory.ts'

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
  let byAddress: ReadonlyMap<string, readonly { readonly person: DirectoryPerson }[]> | null = null
  const withAddress = (address: string): readonly DirectoryPerson[] => {
    const all = () => everybody.flatMap((person) => person.facts.emails.map((email) => ({ email, person })))
    byAddress ??= Map.groupBy(all(), ({ email }) => email.toLowerCase())
    return (byAddress.get(address) ?? []).map(({ person }) => person)
  }
  return {
    ...rest,
    search: async ({ accountIds, emails, roleIds }, stop) => {
      if (roleIds !== undefined) return rest.search({ roleIds }, stop)
      const byId = accountIds?.flatMap((id) => people.get(id) ?? [])
      const byEmail = emails && [...new Set(emails.map((email) => email.toLowerCase()))].flatMap(withAddress)
      return { kind: 'read', value: byId ?? byEmail ?? everybody }
    },
    countActive: async () => {
      const active = everybody.filter(({ facts }) => facts.presence === 'found' && facts.active === true)
      return { kind: 'read', value: active.length }
    },
  }
}

/** A directory; where a scoped key's search is refused, the managed-accounts list stands in, which tells no admins. */
export function withStandIn(
  directory: Directory,
  readList: (stop: AbortSignal) => ReturnType<Directory['search']>,
): Directory {
  let whole: Directory | null = null
  let reading: ReturnType<typeof readList> | null = null
  return {
    ...directory,
    search: async (filter, stop) => {
      if (whole !== null) return whole.search(filter, stop)
      const found = await directory.search(filter, stop)
      if (!isRefused(found)) return found
      reading ??= readList(stop)
      const list = await reading
      if (isRefused(list)) {
        return unreadable('the key may read neither the user search nor the list of managed accounts')
      }
      if (list.kind !== 'read') return list
      const noAdmins = { ...directory, search: async () => ({ kind: 'read', value: [] }) as const }
      whole ??= wholeDirectory(unitePeople(list.value), noAdmins)
      return whole.search(filter, stop)
    },
    countActive: (stop) => (whole ?? directory).countActive(stop),
    standsIn: () => whole !== null,
  }
}
