import type { ListedAccount } from './account.ts'

/** An account while its rows are still being read. */
export type AccountDraft = { -readonly [field in keyof ListedAccount]: ListedAccount[field] }

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
  const fresh = more.filter((text) => !known.includes(text))
  return fresh.length === 0 ? known : [...known, ...fresh]
}
