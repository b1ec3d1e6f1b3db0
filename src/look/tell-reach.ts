import type { CallKind } from '../atlassian/reach.ts'
import type { Notes } from '../notes.ts'
import type { Live } from './connect.ts'

/** What a refused kind of call leaves unknown, and what follows; the API keys and the permission are told where they are read. */
const FOLLOWS: Partial<Readonly<Record<CallKind, string>>> = {
  search:
    'the search: the list of managed accounts stands in. It tells status, e-mail and last activity, but no groups, no roles, no admins, and not since when somebody is in the organization; so admins are not recognised, and newcomers without activity are left alone where "idle-days" asks',
  profile:
    'profiles: the status that the directory tells counts, which may lag, and whom it does not know is left alone',
  count: 'the count of active accounts: "max-percent" is only checked where all accounts were read',
  stats: 'the figures of the directory: nobody checks whether all organization admins are listed',
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
  profile: 'profiles: nothing is read of anybody without "organization-id"',
}
