import type { Facts } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { Settings } from '../account/settings.ts'
import { creatorsOf } from '../atlassian/api-keys.ts'
import type { Atlassian } from '../atlassian/atlassian.ts'
import type { Directory, DirectoryRead } from '../atlassian/directory.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import * as guards from '../plan/guards.ts'
import { type Plan, type Seen, targetsOf } from '../plan/plan.ts'
import { count, thousands } from '../text/words.ts'
import type { Clock } from '../world/clock.ts'
import { SHORT_PATIENCE, withPatience } from '../world/patience.ts'
import { createProgress } from '../world/progress.ts'
import { lookAtAccounts } from './accounts.ts'
import { checkKey, type Permission, readApiKeys, warnOfKeyEnd } from './key.ts'
import { checkOwnerCanBeRecognised, readOwner } from './owner.ts'

/** What a look at Atlassian needs to know. */
export interface LookQuestion {
  readonly atlassian: Atlassian
  /** Null without an organization id. */
  readonly directory: Directory | null
  readonly settings: Pick<
    Settings,
    'concurrency' | 'executingUser' | 'maxFailures' | 'mode' | 'organizationId' | 'waive'
  >
  readonly plan: Plan
  /** Everybody that the list names. */
  readonly listed: readonly ListedAccount[]
  /** Ids that earlier results changed minutes ago: the directory may still show them as they were. */
  readonly recent: ReadonlySet<string>
  readonly notes: Notes
  readonly log: Log
  readonly clock: Clock
  /** Aborted when the run is stopped: nothing more is read before a change then. */
  readonly stop: AbortSignal
  /** Told when more accounts than `max-failures` stayed out of reach. */
  readonly onTooManyFailures: () => void
}

/**
 * Looks at everybody whom the plan would change, and at whom the organization protects: its admins, the executing user,
 * the makers of its keys. Notes what the guards found.
 *
 * @returns null after a refusal or a stop
 */
export async function look(question: LookQuestion): Promise<Seen | null> {
  const { atlassian, directory, settings, plan, notes, log, clock, stop } = question
  const [first] = targetsOf(plan)
  if (first === undefined) return null
  notes.learn({ live: true })
  const settled = <T>(read: DirectoryRead<T>): T | null => {
    if (read.kind === 'read') return read.value
    if (read.kind === 'unreadable') notes.guard(guards.guardDirectoryReadable(read.why))
    if (read.kind === 'key-rejected') notes.guard(guards.guardKeyAccepted(read.why))
    return null
  }
  // First, because a key with scopes may be turned away from the directory with an answer that says less.
  const permission = await checkKey(atlassian, first.id, settings.mode, notes, stop)
  if (permission === null) return null
  const admins = directory === null ? new Set<string>() : await readAdmins(question, directory, settled)
  if (admins === null) return null
  const owner = await readOwner(settings.executingUser, atlassian, directory, settled, notes, stop)
  if (owner === null) return null
  const keys = directory === null ? [] : await readApiKeys(directory, log, clock, stop)
  warnOfKeyEnd(keys, owner, clock.now(), notes)
  if (directory !== null && owner.length > 0 && !owner.some((id) => admins.has(id))) {
    notes.warn(
      'The executing user is not an organization admin, but only an admin can own such a key. Check "executing-user": it must name the owner of the API key.',
    )
  }
  const facts = await lookAtTargets(question, permission)
  if (facts === null) return null
  if (directory === null && settings.executingUser.includes('@')) {
    checkOwnerCanBeRecognised(settings.executingUser, question.listed, facts, notes)
    if (notes.refused()) return null
  }
  return { facts, admins, owners: new Set([...owner, ...creatorsOf(keys, clock.now())]) }
}

/** Ids of the organization's admins, and how many managed accounts are active; null after a refusal. */
async function readAdmins(
  { settings, plan, notes, clock, stop }: LookQuestion,
  directory: Directory,
  settled: <T>(read: DirectoryRead<T>) => T | null,
): Promise<ReadonlySet<string> | null> {
  const admins = settled(await directory.orgAdmins(stop))
  if (admins === null) return null
  const active = settled(await directory.countActive(stop))
  if (active === null) return null
  notes.learn({ activeBefore: active })
  const ids = new Set(admins.map(({ id }) => id))
  const activeIds = new Set(admins.filter(({ facts }) => facts.active === true).map(({ id }) => id))
  const aim = plan.rules.change === 'restore' ? 'restore' : settings.mode
  notes.guard(
    guards.guardAdminsKnown(settings.organizationId, activeIds.size, settings.waive.has('admins-unknown'), aim),
    guards.passed('directory-unreadable', 'read', 'a readable directory'),
  )
  const counted = await withPatience(clock, stop, SHORT_PATIENCE, directory.countAdmins)
  if (counted.kind === 'read' && counted.value > ids.size) {
    notes.warn(
      `The directory counts ${count(counted.value, 'organization admin')}, but lists ${thousands(ids.size)}: somebody who is an admin through a group may be missing. Name all admins in "exclude".`,
    )
  }
  return ids
}

/** Everybody whom the plan would change; null after a refusal. */
async function lookAtTargets(
  { atlassian, directory, settings, plan, recent, notes, log, clock, stop, onTooManyFailures }: LookQuestion,
  permission: Permission,
): Promise<ReadonlyMap<string, Facts> | null> {
  const ids = targetsOf(plan).map(({ id }) => id)
  log.info(`Looking at ${count(ids.length, 'account')} before the first change.`)
  const progress = createProgress(ids.length, clock, log.info)
  const seen = await lookAtAccounts(ids, {
    atlassian,
    directory,
    concurrency: settings.concurrency,
    clock,
    stop,
    maxUnreadable: settings.maxFailures,
    permissions: true,
    confirm: (id, { active }) => active === (plan.rules.change === 'restore') && recent.has(id),
    onProgress: progress.step,
  })
  if (seen.kind === 'key-rejected') notes.guard(guards.guardKeyAccepted(seen.why))
  if (seen.kind === 'directory-unreadable') notes.guard(guards.guardDirectoryReadable(seen.why))
  if (seen.kind === 'key-rejected' || seen.kind === 'directory-unreadable') return null
  // Only a refusal has a cause: an unmanaged account that the directory shows speaks for the organization.
  const known = [...seen.facts.values()].filter(
    ({ presence, cause }) => presence === 'found' || presence === 'unreadable' || cause === null,
  )
  if (seen.kind === 'looked') notes.guard(guards.guardAnyAccountKnown(known.length, ids.length))
  else if (!stop.aborted) onTooManyFailures()
  return withPermission(seen.facts, permission)
}

/** The key's check has asked about one account what a directory does not tell. */
function withPermission(
  facts: ReadonlyMap<string, Facts>,
  { account, blockedBy }: Permission,
): ReadonlyMap<string, Facts> {
  const seen = facts.get(account)
  if (seen === undefined || blockedBy === '' || seen.blockedBy !== '') return facts
  return new Map(facts).set(account, { ...seen, blockedBy })
}
