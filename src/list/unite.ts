import type { GroupCell, ListedAccount } from '../account/listed-account.ts'
import { fold } from '../text/fold.ts'
import { laterSeen } from './cells.ts'

/** An account while its rows are still being read. */
export type AccountDraft = { -readonly [field in keyof ListedAccount]: ListedAccount[field] }

/** Texts up to which a list is searched one by one; beyond, a set is kept of it. */
const FEW = 32

/** The keys of long lists. An export with a row per group may have thousands of rows of one account. */
const sets = new WeakMap<readonly unknown[], Set<string>>()

/** Joins another row to an account, to the safe side. @returns false if the rows disagree on the e-mail */
export function unite(account: AccountDraft, row: ListedAccount): boolean {
  if (account.email !== '' && row.email !== '' && fold(account.email) !== fold(row.email)) return false
  account.email ||= row.email
  account.name ||= row.name
  account.active ||= row.active
  // Who belongs to no domain of the organization is left alone.
  account.unclaimed ||= row.unclaimed
  account.statuses = joined(account.statuses, row.statuses, String)
  account.roles = joined(account.roles, row.roles, String)
  account.groupCells = joined(account.groupCells, row.groupCells, cellKey)
  account.lastSeen = laterSeen(account.lastSeen, row.lastSeen)
  // An empty due date means due at once, so that any date is later.
  if (row.due > account.due) account.due = row.due
  return true
}

/** Tells apart one name with commas and several names in the same text. */
export function cellKey({ text, several }: GroupCell): string {
  return several ? `,${text}` : text
}

function joined<T>(known: readonly T[], more: readonly T[], keyOf: (value: T) => string): readonly T[] {
  if (known.length <= FEW) {
    const keys = known.map(keyOf)
    const fresh = more.filter((value) => !keys.includes(keyOf(value)))
    return fresh.length === 0 ? known : [...known, ...fresh]
  }
  // A longer list is this account's own, made by a join or from many columns: it can grow in place.
  const own = known as T[]
  const set = sets.get(own) ?? new Set(own.map(keyOf))
  sets.set(own, set)
  for (const value of more) {
    const { size } = set
    if (set.add(keyOf(value)).size > size) own.push(value)
  }
  return own
}
