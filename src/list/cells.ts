import { ACCOUNT_ID } from '../account/account-id.ts'

/** What is wrong with an account id, in words that name what a spreadsheet does to ids; null for a good one. */
export function idProblem(id: string): string | null {
  if (ACCOUNT_ID.test(id)) return null
  if (id === '') return 'The account id is missing. Every row needs one; remove the row or export again.'
  const fix = 'Export the list again, and edit it as text, or import the id column as text.'
  if (/^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$/.test(id)) {
    return `A spreadsheet has turned this account id into a number, and its digits are lost. ${fix}`
  }
  if (id.startsWith('#')) return `A spreadsheet has replaced this account id with an error value. ${fix}`
  if (/^[=@'"]/.test(id)) return `A spreadsheet has put a formula or a quote before this account id. ${fix}`
  if (/[\p{Cc}\p{Cf}\p{Z}]/u.test(id)) {
    return 'A blank, a line break or an invisible character stands inside this account id. Take it out, or export again.'
  }
  if (id.includes('@')) return 'This is an e-mail address, not an account id. Use an export with account ids.'
  return `This is not an account id: allowed are 1 to 128 letters, digits, "_", "|", ":" and "-". ${fix}`
}

/** Whether an account's last day of access is over today, in UTC; without one it is due at once. Both `YYYY-MM-DD`. */
export function isDue(due: string, today: string): boolean {
  return due === '' || today > due
}

/** Whether a text is a real day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** The later of two times as exports write them; "Never accessed" and the like come before any time. */
export function laterSeen(one: string, other: string, time = timeOf): string {
  if (one === '' || one === other) return other
  return time(other) > time(one) ? other : one
}

/** `2024-05-12`, `2024-05-12T08:30:00Z` or `3 Jan 2024`, in UTC. */
export function timeOf(text: string): number {
  const at = Date.parse(/^[0-9]{4}-/.test(text) ? text : `${text} UTC`)
  return text === '' || Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at
}
