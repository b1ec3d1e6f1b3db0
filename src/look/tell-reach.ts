import type { CallKind } from '../atlassian/reach.ts'
import type { Notes } from '../notes.ts'
import type { Live } from './connect.ts'

/** What a refused kind of call leaves unknown, and what follows; the API keys and the permission are told where they are read. */
const FOLLOWS: Partial<Readonly<Record<CallKind, string>>> = {
  search:
    'the search, so the list of managed accounts replaces it. That has status, e-mail and last activity, but no groups, roles, admins or joining dates: admins are not recognized, and newcomers without activity are left alone where "idle-days" asks',
  profile: 'profiles, so the status in the directory counts, which may lag, and anybody it does not know is left alone',
  count: 'the count of active accounts, so "max-percent" is only checked where all accounts were read',
  stats: 'the figures of the directory, so whether all organization admins are listed is not checked',
}

/** Tells which calls the scopes of the key do not reach, and what follows from that. */
export function tellReach({ directory, refused }: Live, notes: Notes): void {
  const told = (Object.keys(FOLLOWS) as CallKind[]).filter(
    (kind) => refused.has(kind) && (kind !== 'search' || directory?.standsIn() === true),
  )
  if (told.length === 0) return
  const follows = { ...FOLLOWS, ...(directory === null ? WITHOUT_DIRECTORY : {}) }
  notes.warn(`The scopes of the API key do not reach ${told.map((kind) => follows[kind]).join('; ')}.`)
}

const WITHOUT_DIRECTORY: typeof FOLLOWS = {
  profile: 'profiles, so nothing is read about anybody without "organization-id"',
}
