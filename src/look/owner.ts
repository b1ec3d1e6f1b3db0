import { type Facts, hasAddress } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { readProfile } from '../atlassian/accounts.ts'
import type { Atlassian } from '../atlassian/atlassian.ts'
import type { Directory, DirectoryPerson, DirectoryRead } from '../atlassian/directory.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import type { Notes } from '../notes.ts'
import { notChecked, passed } from '../plan/findings.ts'
import { guardExecutingUserKnown, guardKeyAccepted } from '../plan/guards.ts'

const LIMIT = 'an account that Atlassian knows'

/**
 * Account ids of the executing user: none where an e-mail can only be recognised among the listed accounts, null after
 * a refusal or a stop.
 *
 * @param settled takes the value out of a directory read, and notes what stands in its way
 */
export async function readOwner(
  person: string,
  atlassian: Atlassian,
  directory: Directory | null,
  admins: readonly DirectoryPerson[],
  settled: <T>(read: DirectoryRead<T>) => T | null,
  notes: Notes,
  stop: AbortSignal,
): Promise<readonly string[] | null> {
  if (person === '') return []
  const refuse = (why: string): null => {
    notes.guard(guardExecutingUserKnown(person, why))
    return null
  }
  const known = (found: string, ids: readonly string[]): readonly string[] => {
    notes.guard(passed('executing-user-unknown', found, LIMIT))
    return ids
  }
  if (person.includes('@')) {
    if (directory === null) return []
    const own = admins.filter(({ facts }) => hasAddress(facts, person))
    if (own.length > 0) return known('in the directory', [...new Set(own.map(({ id }) => id))])
    const found = settled(await directory.findByEmail(person, stop))
    if (found === null) return null
    return found.length === 0
      ? refuse('the directory knows nobody with that address')
      : known('in the directory', found)
  }
  const profile = await readProfile(atlassian, person, stop)
  if (isBeyondScope(profile)) {
    const found = directory === null ? [] : settled(await directory.findById([person], stop))
    if (found === null) return null
    if (found.length > 0) return known('in the directory', [person])
    if (directory?.standsIn() === false) return refuse('the directory knows no such account')
    const why = 'The key may not read the profile of that account. It is protected by its id.'
    notes.guard(notChecked('executing-user-unknown', LIMIT, why))
    return [person]
  }
  switch (profile.kind) {
    case 'profile':
      return known('an account', [person])
    case 'withheld':
      return null
    case 'key-rejected':
      notes.guard(guardKeyAccepted(profile.why))
      return null
    case 'temporary':
      return refuse(`the profile of that account cannot be read (${profile.why})`)
    default:
      return refuse(`the profile of that account cannot be read (${profile.refusal.key})`)
  }
}

/** Without a directory, an executing user given by e-mail can only be recognised where addresses are told at all. */
export function checkOwnerCanBeRecognised(
  person: string,
  accounts: readonly ListedAccount[],
  facts: ReadonlyMap<string, Facts>,
  notes: Notes,
): void {
  const isTold = accounts.some(({ id, email }) => email !== '' || (facts.get(id)?.emails.length ?? 0) > 0)
  notes.guard(
    isTold
      ? passed('executing-user-unknown', 'recognised by e-mail', LIMIT)
      : guardExecutingUserKnown(person, 'neither the list nor the profiles tell the e-mail of a single listed account'),
  )
}
