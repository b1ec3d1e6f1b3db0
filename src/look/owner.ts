import { readProfile } from '../atlassian/accounts.ts'
import { type DirectoryPerson, idsWith } from '../atlassian/directory.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import { notChecked, passed } from '../plan/findings.ts'
import { guardExecutingUserKnown } from '../plan/guards.ts'
import { type Question, settled } from './connect.ts'

export const OWNER_LIMIT = 'an account that Atlassian knows'

/**
 * Account ids of the executing user: none where an e-mail can only be recognised among the listed accounts, null after
 * a refusal or a stop.
 */
export async function readOwner(question: Question, admins: readonly DirectoryPerson[]) {
  const { atlassian, directory, notes, stop } = question
  const person = question.settings.executingUser
  if (person === '') return []
  const refuse = (why: string): null => {
    notes.guard(guardExecutingUserKnown(person, why))
    return null
  }
  const known = (found: string, ids: readonly string[]): readonly string[] => {
    notes.guard(passed('executing-user-unknown', found, OWNER_LIMIT))
    return ids
  }
  if (person.includes('@')) {
    if (directory === null) return []
    const own = idsWith(person, admins)
    if (own.length > 0) return known('in the directory', own)
    // As it is written, and as Atlassian is used to store it.
    const emails = [...new Set([person, person.toLowerCase()])]
    const found = settled(await directory.search({ emails }, stop), notes)
    if (found === null) return null
    const ids = idsWith(person, found)
    return ids.length > 0 ? known('in the directory', ids) : refuse('the directory knows nobody with that address')
  }
  const profile = await readProfile(atlassian, person, stop)
  if (profile.kind === 'read') return known('an account', [person])
  if (!isBeyondScope(profile)) {
    return profile.kind === 'unreadable'
      ? refuse(`the profile of that account cannot be read (${profile.key})`)
      : settled<never>(profile, notes)
  }
  const found = directory === null ? [] : settled(await directory.search({ accountIds: [person] }, stop), notes)
  if (found === null) return null
  if (found.length > 0) return known('in the directory', [person])
  if (directory?.standsIn() === false) return refuse('the directory knows no such account')
  const why = 'The key may not read the profile of that account. It is protected by its id.'
  notes.guard(notChecked('executing-user-unknown', OWNER_LIMIT, why))
  return [person]
}
