import { fold } from '../text/fold.ts'
import { shorten } from './remarks.ts'
import type { Meaning } from './user-list.ts'

/** Where the columns of a list stand. */
export type Columns = Extract<ReturnType<typeof findColumns>, { readonly ok: true }>['columns']

/** Columns of one meaning that are told one by one. */
export const MAX_TOLD = 20

/** The header of the lists that mode `find` writes. */
export const FIND_HEADER: readonly string[] =
  'User id,User name,email,User status,Org role,Groups,Last active,Added to org,Deactivate after'.split(',')

/** What the columns are called in all dialects. */
const DIALECTS: readonly (readonly [meaning: Meaning, ...headers: string[]])[] = [
  ['id', 'User id', 'Atlassian ID', 'account id'],
  ['email', 'email'],
  ['name', 'User name', 'Name'],
  ['status', 'User status', 'Status', 'active'],
  ['role', 'Org role'],
  ['groups', 'Group name', 'Groups'],
  ['claimed', 'Claimed'],
  ['last-seen', 'Last active date', 'Last active'],
  ['due', 'Deactivate after'],
]
const MEANINGS = new Map(
  DIALECTS.flatMap(([meaning, ...headers]) => headers.map((header) => [plainHeader(header), meaning] as const)),
)
/** A column whose cells are one group's name each: `Group 1` … `Group n`. */
const ONE_GROUP = /^GROUP[0-9]+$/

/** A header as it is compared: without case, blanks, dashes and underscores, and without `[UTC]` or `(UTC)`. */
function plainHeader(header: string): string {
  return fold(header)
    .replaceAll(/[\s_\p{Pd}]/gu, '')
    .replace(/(?:\[UTC\]|\(UTC\))$/, '')
}

/** The meaning of a header, or null for a column that nobody needs. */
export function meaningOf(header: string): Meaning | null {
  const name = plainHeader(header)
  if (ONE_GROUP.test(name)) return 'groups'
  return MEANINGS.get(name) ?? (/^LASTSEENIN./s.test(name) ? 'last-seen' : null)
}

/** Such a file would be one long header, and so a list of nobody. */
const LONE_RETURNS =
  'The header holds a carriage return without a line feed, as if lines ended in it alone. Save the file with lines that end in LF or CRLF.'
const NO_ID =
  'No column holds account ids. Its header must be "User id", "Atlassian ID", "account_id" or "accountId"; columns are separated by commas, semicolons or tabs, or by what a first line "sep=X" names.'

/** Finds the columns by their names, whatever their order. */
export function findColumns(headers: readonly string[]) {
  const refuse = (message: string, found: string) => ({ ok: false, message, found }) as const
  if (headers.some((text) => /\r(?!\n)./s.test(text))) return refuse(LONE_RETURNS, '')
  const places = Map.groupBy(headers.entries(), ([, header]) => meaningOf(header))
  for (const [meaning, columns] of places) {
    if (columns.length < 2 || meaning === null || meaning === 'groups' || meaning === 'last-seen') continue
    const found = columns.map(([, header]) => header).join(', ')
    return refuse(`Several columns have the same meaning (${meaning}). Remove all but one of them.`, found)
  }
  const all = (meaning: Meaning) => places.get(meaning) ?? []
  const one = (meaning: Meaning): number | null => all(meaning)[0]?.[0] ?? null
  const id = one('id')
  if (id === null) return refuse(NO_ID, headers.join(', '))
  const told = [...places].flatMap(([meaning, columns]) =>
    columns.slice(0, MAX_TOLD).map(([, header]) => ({ header: shorten(header.trim()), meaning })),
  )
  const columns = {
    id,
    email: one('email'),
    name: one('name'),
    status: one('status'),
    role: one('role'),
    claimed: one('claimed'),
    due: one('due'),
    groups: all('groups').map(([index, header]) => ({ index, several: !ONE_GROUP.test(plainHeader(header)) })),
    lastSeen: all('last-seen').map(([index]) => index),
    facts: new Set([...places.keys()].filter((meaning) => meaning !== null && meaning !== 'id')),
    told: {
      used: told.flatMap(({ header, meaning }) => (meaning === null ? [] : [{ header, meaning }])),
      unused: told.flatMap(({ header, meaning }) => (meaning === null && header !== '' ? [header] : [])),
      more: headers.length - told.length,
    },
    /** Cells that every row has. */
    width: headers.length,
    /** Whether the list is one of our own, with cells that are defused. */
    defused: headers.length === FIND_HEADER.length && FIND_HEADER.every((name, index) => name === headers[index]),
  }
  return { ok: true, columns } as const
}
