import { plans } from '../account/decision.ts'
import type { Facts } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { readProfile } from '../atlassian/accounts.ts'
import { isRefused } from '../atlassian/answers.ts'
import { creatorsOf } from '../atlassian/api-keys.ts'
import { type Directory, type DirectoryPerson, idsWith, isSearchable, ORG_ADMINS } from '../atlassian/directory.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import { guardAdminsKnown, guardAnyAccountKnown, guardExecutingUserKnown, notChecked, passed } from '../plan/guards.ts'
import { type Plan, type Seen, targetsOf } from '../plan/plan.ts'
import { count, thousands } from '../text/words.ts'
import { SHORT_PATIENCE, withPatience } from '../world/clock.ts'
import { lookAtTargets } from './accounts.ts'
import { type Question, settled } from './connect.ts'
import { checkKey, NOTHING_LEARNED, type Permission, readApiKeys, warnOfKeyEnd } from './key.ts'

const OWNER_LIMIT = 'an account that Atlassian knows'

export interface LookQuestion extends Question {
  /** Everybody that the list names. */
  readonly listed: readonly ListedAccount[]
  /** What the directory told of everybody, where it was read to its end: nobody is looked at again, nor the key. */
  readonly told?: ReadonlyMap<string, Facts>
  /** Told when more accounts than `max-failures` stayed out of reach. */
  readonly onTooManyFailures: () => void
}

/** Looks at the targets and at whom the organization protects; notes what guards find. Null once refused or stopped. */
export async function look(question: LookQuestion): Promise<Seen | null> {
  const { directory, plan, listed, told, notes, clock } = question
  const { executingUser } = question.settings
  const [first] = targetsOf(plan)
  if (first === undefined) return null
  notes.learn({ live: true })
  // First, because a key with scopes may be turned away from the directory with an answer that says less.
  const permission = told === undefined ? await checkKey(question, first.id) : NOTHING_LEARNED
  if (permission === null) return null
  const known =
    directory === null ? { admins: [], ids: new Set<string>(), people: null } : await readAdmins(question, directory)
  if (known === null) return null
  const owner = await readOwner(question, known.admins)
  if (owner === null) return null
  const keys = await readApiKeys(question)
  warnOfKeyEnd(keys, owner, clock.now(), notes)
  if (directory?.standsIn() === false && owner.length > 0 && !owner.some((id) => known.ids.has(id))) {
    notes.warn(
      'The executing user is not an organization admin, but only an admin can own such a key. Check "executing-user": it must name the owner of the API key.',
    )
  }
  const facts = told ?? (await lookAtAll(question, permission, known.people))
  if (facts === null) return null
  // Without a directory, an executing user given by e-mail can only be recognised where addresses are told at all.
  if (directory === null && executingUser.includes('@')) {
    const isTold = listed.some(({ id, email }) => email !== '' || (facts.get(id)?.emails.length ?? 0) > 0)
    const why = 'neither the list nor the profiles give the e-mail of a single listed account'
    const recognized = passed('executing-user-unknown', 'recognized by e-mail', OWNER_LIMIT)
    notes.guard(isTold ? recognized : guardExecutingUserKnown(executingUser, why))
    if (notes.refused()) return null
  }
  return { facts, admins: known.ids, owners: new Set([...owner, ...creatorsOf(keys, clock.now())]) }
}

/** By id, the one address by which the directory's search finds each account that is still to be changed. */
export function addressesOf(plan: Plan, { facts }: Seen): ReadonlyMap<string, string> {
  const known = targetsOf(plan).map(({ id }) => [id, facts.get(id)?.emails ?? []] as const)
  return new Map(
    known.flatMap(([id, [one = '', ...more]]) => (more.length === 0 && isSearchable(one) ? [[id, one]] : [])),
  )
}

/** Reads who the admins are, how many managed accounts are active, and how many people there are; null after a refusal. */
async function readAdmins({ settings, plan, notes, clock, stop }: LookQuestion, directory: Directory) {
  const admins = settled(await directory.search(ORG_ADMINS, stop), notes)
  if (admins === null) return null
  const activeRead = await directory.countActive(stop)
  const isHidden = plans(settings.mode) && isRefused(activeRead)
  const active = isHidden ? null : settled(activeRead, notes)
  if (active === null && !isHidden) return null
  notes.learn({ activeBefore: active })
  const ids = new Set(admins.map(({ id }) => id))
  const activeIds = new Set(admins.filter(({ facts }) => facts.active === true).map(({ id }) => id))
  const known = directory.standsIn() ? 'hidden' : activeIds.size
  const aim = plan.rules.change === 'restore' ? 'restore' : settings.mode
  notes.guard(
    guardAdminsKnown(settings.organizationId, known, settings.waive.has('admins-unknown'), aim),
    passed('directory-unreadable', 'read', 'a readable directory'),
  )
  const stats = await withPatience(clock, stop, SHORT_PATIENCE, directory.stats)
  const counted = stats.kind === 'read' ? stats.value : { admins: null, people: null }
  if (counted.admins !== null && counted.admins > ids.size) {
    notes.warn(
      `The directory counts ${count(counted.admins, 'organization admin')}, but lists ${thousands(ids.size)}: somebody who is an admin through a group may be missing. Name all admins in "exclude".`,
    )
  }
  return { admins, ids, people: counted.people }
}

/** The executing user's ids; none where an e-mail waits for the listed accounts, null after a refusal or a stop. */
async function readOwner(question: Question, admins: readonly DirectoryPerson[]) {
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

/** Everybody whom the plan would change; null after a refusal. */
async function lookAtAll(question: LookQuestion, permission: Permission, people: number | null) {
  const { directory, refused, settings, plan, recent, notes, log, stop, onTooManyFailures } = question
  const { length } = targetsOf(plan)
  log.info(`Looking at ${count(length, 'account')} before the first change.`)
  const seen = await lookAtTargets(question, {
    people,
    maxUnreadable: settings.maxFailures,
    permission,
    confirm: (id, { active }) => active === (plan.rules.change === 'restore') && recent.has(id),
  })
  if (seen === null) return null
  // Only a refusal has a cause: an unmanaged account that the directory shows speaks for the organization.
  const known = [...seen.facts.values()].filter(
    ({ presence, cause }) => presence === 'found' || presence === 'unreadable' || cause === null,
  )
  const isBlind = directory === null && refused.has('profile')
  if (isBlind) notes.learn({ live: false })
  else if (seen.isWhole) notes.guard(guardAnyAccountKnown(known.length, length))
  else if (!stop.aborted) onTooManyFailures()
  return seen.facts
}
