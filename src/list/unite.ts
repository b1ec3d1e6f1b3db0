import type { ListedAccount } from '../account/listed-account.ts'

/** An account while its rows are still being read. */
export type AccountDraft = { -readonly [field in keyof ListedAccount]: ListedAccount[field] }

/** Texts up to which a list is searched one by one; beyond, a set is kept of it. */
const FEW = 32

/** The texts of long lists. An export with a row per group may have thousands of rows of one account. */
const sets = new WeakMap<readonly string[], Set<string>>()

/** Joins another row to an account, to the safe side. @returns false if the rows disagree on the e-mail */
export function unite(account: AccountDraft, row: ListedAccount): boolean {
  if (account.email !== '' && row.email !== '' && account.email.toLowerCase() !== row.email.toLowerCase()) return false
  account.email ||= row.email
  account.name ||= row.name
  account.active ||= row.active
  account.statuses = joined(account.statuses, row.statuses)
  account.roles = joined(account.roles, row.roles)
  account.groupCells = joined(account.groupCells, row.groupCells)
  // An empty due date means due at once, so that any date is later.
  if (row.due > account.due) account.due = row.due
  return true
}

function joined(known: readonly string[], more: readonly string[]): readonly string[] {
  if (known.length > FEW) return joinedToMany(known, more)
  const fresh = more.filter((text) => !known.includes(text))
  return fresh.length === 0 ? known : [...known, ...fresh]
}

/** A list of more than `FEW` is this account's own, made by a join or from many columns: it can grow in place. */
function joinedToMany(known: readonly string[], more: readonly string[]): readonly string[] {
  const own = known as string[]
  const set = sets.get(own) ?? new Set(own)
  sets.set(own, set)
  for (const text of more) {
    if (set.has(text)) continue
    set.add(text)
    own.push(text)
  }
  return own
}
