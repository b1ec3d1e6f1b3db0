import type { ListFact } from '../account/listed-account.ts'

/** What a column means to us. */
export type Meaning = 'id' | ListFact

/** Where the columns of a list stand. */
export interface Columns {
  readonly id: number
  readonly email: number | null
  readonly name: number | null
  readonly status: number | null
  readonly role: number | null
  readonly due: number | null
  readonly groups: readonly number[]
  readonly facts: ReadonlySet<ListFact>
  /** Cells that every row has. */
  readonly width: number
}

export type ColumnsOutcome =
  | { readonly ok: true; readonly columns: Columns }
  | { readonly ok: false; readonly message: string; readonly found: string }

/** Header names of all dialects, lower case. */
const NAMES: ReadonlyMap<string, Meaning> = new Map([
  ['user id', 'id'],
  ['atlassian id', 'id'],
  ['account_id', 'id'],
  ['accountid', 'id'],
  ['email', 'email'],
  ['user name', 'name'],
  ['name', 'name'],
  ['user status', 'status'],
  ['status', 'status'],
  ['active', 'status'],
  ['org role', 'role'],
  ['group name', 'groups'],
  ['last active date [utc]', 'last-seen'],
  ['deactivate after', 'due'],
])

/** Meanings that may have several columns. */
const REPEATABLE: ReadonlySet<Meaning> = new Set<Meaning>(['groups', 'last-seen'])

/** The meaning of a header, or null for a column that nobody needs. */
export function meaningOf(header: string): Meaning | null {
  const name = header.trim().toLowerCase()
  const known = NAMES.get(name)
  if (known !== undefined) return known
  if (/^group [0-9]+$/.test(name)) return 'groups'
  return name.startsWith('last seen in ') ? 'last-seen' : null
}

/** Finds the columns by their names, whatever their order. */
export function findColumns(headers: readonly string[]): ColumnsOutcome {
  const places = new Map<Meaning, number[]>()
  for (const [index, header] of headers.entries()) {
    const meaning = meaningOf(header)
    if (meaning !== null) places.set(meaning, [...(places.get(meaning) ?? []), index])
  }
  for (const [meaning, indexes] of places) {
    if (indexes.length < 2 || REPEATABLE.has(meaning)) continue
    const found = indexes.map((index) => headers[index] ?? '').join(', ')
    return { ok: false, found, message: `Several columns mean the same (${meaning}). Remove all but one of them.` }
  }
  const id = places.get('id')?.[0]
  if (id === undefined) {
    return {
      ok: false,
      found: headers.join(', '),
      message:
        'No column holds account ids. Its header must be "User id", "Atlassian ID", "account_id" or "accountId"; columns are separated by commas, semicolons or tabs.',
    }
  }
  const one = (meaning: ListFact): number | null => places.get(meaning)?.[0] ?? null
  const facts = new Set<ListFact>()
  for (const meaning of places.keys()) if (meaning !== 'id') facts.add(meaning)
  return {
    ok: true,
    columns: {
      id,
      email: one('email'),
      name: one('name'),
      status: one('status'),
      role: one('role'),
      due: one('due'),
      groups: places.get('groups') ?? [],
      facts,
      width: headers.length,
    },
  }
}
