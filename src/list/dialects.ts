import type { ListFact } from '../account/listed-account.ts'
import { fold } from '../text/fold.ts'
import { shorten } from './remarks.ts'
import type { ColumnsTold, Meaning } from './user-list.ts'

/** Where the columns of a list stand. */
export interface Columns extends Readonly<Record<Exclude<ListFact, 'groups' | 'last-seen'>, number | null>> {
  readonly id: number
  readonly groups: readonly { readonly index: number; readonly several: boolean }[]
  readonly lastSeen: readonly number[]
  readonly facts: ReadonlySet<ListFact>
  readonly told: ColumnsTold
  /** Cells that every row has. */
  readonly width: number
  /** Whether the list is one of our own, with cells that are defused. */
  readonly defused: boolean
}

export type ColumnsOutcome =
  | { readonly ok: true; readonly columns: Columns }
  | { readonly ok: false; readonly message: string; readonly found: string }

/** Columns of one meaning that are told one by one. */
export const MAX_TOLD = 20

/** The header of the lists that mode `find` writes. */
export const FIND_HEADER: readonly string[] = [
  'User id',
  'User name',
  'email',
  'User status',
  'Org role',
  'Groups',
  'Last active',
  'Added to org',
  'Deactivate after',
]

/** Header names of all dialects. */
const NAMES: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    'User id': 'id',
    'Atlassian ID': 'id',
    'account id': 'id',
    email: 'email',
    'User name': 'name',
    Name: 'name',
    'User status': 'status',
    Status: 'status',
    active: 'status',
    'Org role': 'role',
    'Group name': 'groups',
    Groups: 'groups',
    Claimed: 'claimed',
    'Last active date': 'last-seen',
    'Last active': 'last-seen',
    'Deactivate after': 'due',
  } as const).map(([header, meaning]) => [plainHeader(header), meaning]),
)
/** Such a file would be one long header, and so a list of nobody. */
const LONE_RETURNS =
  'The header holds a carriage return without a line feed, as if lines ended in it alone. Save the file with lines that end in LF or CRLF.'

/** A header as it is compared: without case, blanks, dashes and underscores, and without `[UTC]` or `(UTC)`. */
function plainHeader(header: string): string {
  return fold(header)
    .replaceAll(/[\s_\p{Pd}]/gu, '')
    .replace(/(?:\[UTC\]|\(UTC\))$/, '')
}

/** The meaning of a header, or null for a column that nobody needs. */
export function meaningOf(header: string): Meaning | null {
  const name = plainHeader(header)
  if (isOneGroup(header)) return 'groups'
  return NAMES.get(name) ?? (/^LASTSEENIN./s.test(name) ? 'last-seen' : null)
}

/** Whether the cells of a column are one group's name each: `Group 1` … `Group n`. */
function isOneGroup(header: string): boolean {
  return /^GROUP[0-9]+$/.test(plainHeader(header))
}

/** Finds the columns by their names, whatever their order. */
export function findColumns(headers: readonly string[]): ColumnsOutcome {
  const refuse = (message: string, found: string): ColumnsOutcome => ({ ok: false, message, found })
  if (headers.some((text) => /\r(?!\n)./s.test(text))) return refuse(LONE_RETURNS, '')
  const places = Map.groupBy(headers.keys(), (index) => meaningOf(headers[index] ?? ''))
  for (const [meaning, indexes] of places) {
    if (indexes.length < 2 || meaning === null || meaning === 'groups' || meaning === 'last-seen') continue
    const found = indexes.map((index) => headers[index] ?? '').join(', ')
    return refuse(`Several columns have the same meaning (${meaning}). Remove all but one of them.`, found)
  }
  const one = (meaning: Meaning): number | null => places.get(meaning)?.[0] ?? null
  const id = one('id')
  if (id === null) {
    return refuse(
      'No column holds account ids. Its header must be "User id", "Atlassian ID", "account_id" or "accountId"; columns are separated by commas, semicolons or tabs, or by what a first line "sep=X" names.',
      headers.join(', '),
    )
  }
  return {
    ok: true,
    columns: {
      id,
      email: one('email'),
      name: one('name'),
      status: one('status'),
      role: one('role'),
      claimed: one('claimed'),
      due: one('due'),
      groups: (places.get('groups') ?? []).map((index) => ({ index, several: !isOneGroup(headers[index] ?? '') })),
      lastSeen: places.get('last-seen') ?? [],
      facts: new Set([...places.keys()].filter((meaning) => meaning !== null && meaning !== 'id')),
      told: tellColumns(headers, places),
      width: headers.length,
      defused: headers.length === FIND_HEADER.length && FIND_HEADER.every((name, index) => name === headers[index]),
    },
  }
}

function tellColumns(headers: readonly string[], places: ReadonlyMap<Meaning | null, readonly number[]>): ColumnsTold {
  const told = [...places].flatMap(([meaning, indexes]) =>
    indexes.slice(0, MAX_TOLD).map((index) => ({ header: shorten((headers[index] ?? '').trim()), meaning })),
  )
  const used = told.flatMap(({ header, meaning }) => (meaning === null ? [] : [{ header, meaning }]))
  const unused = told.flatMap(({ header, meaning }) => (meaning === null && header !== '' ? [header] : []))
  return { used, unused, more: headers.length - told.length }
}
