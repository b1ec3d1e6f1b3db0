import type { LiveFacts } from '../account/facts.ts'
import { readPermission, readProfile } from '../atlassian/accounts.ts'
import { describeRefusal } from '../atlassian/answers.ts'
import { type ApiKey, creatorsOf, keyThatEndsSoon } from '../atlassian/api-keys.ts'
import { type Atlassian, openAtlassian } from '../atlassian/atlassian.ts'
import { type Directory, type DirectoryRead, openDirectory } from '../atlassian/directory.ts'
import { createPacer } from '../atlassian/pacer.ts'
import { connect } from '../atlassian/transport.ts'
import * as guards from '../plan/guards.ts'
import type { Plan } from '../plan/plan.ts'
import { applyFacts, applyRules, targetsOf } from '../plan/plan.ts'
import { note, type Run, warn } from '../run.ts'
import { aimOf } from '../subject/read-plan.ts'
import { count, duration, thousands } from '../text/words.ts'
import { dayOf, timestamp } from '../world/clock.ts'
import { createProgress } from '../world/progress.ts'
import { lookAtAccounts, type Preflight } from './accounts.ts'

/** The way to Atlassian, opened for one run. */
export interface Live {
  readonly atlassian: Atlassian
  /** Null without an organization id. */
  readonly directory: Directory | null
}

/** Opens the way to Atlassian; nothing is sent yet. */
export async function openLive(run: Run): Promise<Live> {
  const { settings, world } = run
  const pacer = createPacer({
    clock: world.clock,
    random: world.random,
    concurrency: settings.concurrency,
    requestsPerSecond: settings.requestsPerSecond,
    onPause: (why, from, until) => {
      run.journal.append({ event: 'pause', at: timestamp(from), until: timestamp(until), why })
      world.log.info(`Waiting for ${duration(until - from)}, until ${timestamp(until).slice(11, 19)} UTC: ${why}.`)
    },
  })
  run.pauses = pacer.pauses
  const transport = await connect({
    origin: settings.atlassianApiUrl,
    key: settings.apiKey,
    env: world.env,
    scrub: world.log.scrub,
    connections: settings.concurrency,
    ...(world.answerTimeout === undefined ? {} : { timeout: world.answerTimeout }),
  })
  const atlassian = openAtlassian(transport, pacer, world.clock, world.random)
  const withGroups = run.exclusions.some((selector) => selector.kind === 'group')
  const directory =
    settings.organizationId === '' ? null : openDirectory(atlassian, settings.organizationId, withGroups)
  return { atlassian, directory }
}

/**
 * Reads the live organization and takes out of the plan whom it protects: admins, the executing user, the makers of
 * its keys, and everybody who cannot or need not be changed. Notes what the guards found.
 */
export async function readOrganization(run: Run, live: Live, plan: Plan): Promise<void> {
  run.live = true
  // First, because a key with scopes may be turned away from the directory with an answer that says less.
  const permission = await checkKey(run, live, plan)
  if (permission === null) return
  const organization = await readDirectory(run, live)
  if (organization === null) return
  const protectedIds = await readExecutingUser(run, live)
  if (protectedIds === null) return
  const keys = live.directory === null ? [] : await readApiKeys(run, live.directory)
  warnOfKeyEnd(run, keys, protectedIds)
  const creators = creatorsOf(keys, run.world.clock.now())
  const rules = { ...plan.rules, protectedIds: new Set([...plan.rules.protectedIds, ...protectedIds, ...creators]) }
  const narrowed = applyRules(plan, rules, organization)
  run.plan = narrowed
  warnUnlessAdmin(run, protectedIds, organization)
  await preflight(run, live, narrowed, organization, permission)
}

/** Ids of the active admins; null after a refusal. Without a directory, none. */
async function readDirectory(run: Run, { directory }: Live): Promise<ReadonlySet<string> | null> {
  const { settings, stop } = run
  if (directory === null) return new Set()
  const admins = settled(run, await directory.orgAdmins(stop.changes))
  if (admins === null) return null
  const active = settled(run, await directory.countActive(stop.changes))
  if (active === null) return null
  run.active = { ...run.active, before: active }
  const activeAdmins = admins.filter((admin) => admin.active)
  const isWaived = settings.waive.has('admins-unknown')
  note(
    run,
    guards.guardAdminsKnown(settings.organizationId, activeAdmins.length, isWaived, aimOf(run)),
    guards.passed('directory-unreadable', 'read', 'a readable directory'),
  )
  return new Set(admins.map((admin) => admin.id))
}

/** The value of a directory read; otherwise null, and the guard's refusal is noted. */
function settled<T>(run: Run, read: DirectoryRead<T>): T | null {
  if (read.kind === 'read') return read.value
  if (read.kind === 'unreadable') note(run, guards.guardDirectoryReadable(read.why))
  if (read.kind === 'key-rejected') note(run, guards.guardKeyAccepted(read.why))
  return null
}

/** Account ids of the executing user; null after a refusal. */
async function readExecutingUser(run: Run, { atlassian, directory }: Live): Promise<readonly string[] | null> {
  const { settings, stop } = run
  const person = settings.executingUser
  if (person === '') return []
  const refuse = (why: string): null => {
    note(run, guards.guardExecutingUserKnown(person, why))
    return null
  }
  const known = (found: string, ids: readonly string[]): readonly string[] => {
    note(run, guards.passed('executing-user-unknown', found, 'an account that Atlassian knows'))
    return ids
  }
  if (person.includes('@')) {
    // The look at every account tells the addresses by which the owner is recognised.
    if (directory === null) return known('recognised by e-mail', [])
    const written = settled(run, await directory.findByEmail(person, stop.changes))
    if (written === null) return null
    const lower = person.toLowerCase()
    const again = written.length === 0 && lower !== person
    const found = again ? settled(run, await directory.findByEmail(lower, stop.changes)) : written
    if (found === null) return null
    return found.length === 0
      ? refuse('the directory knows nobody with that address')
      : known('in the directory', found)
  }
  const profile = await readProfile(atlassian, person, stop.changes)
  switch (profile.kind) {
    case 'profile':
      return known('an account', [person])
    case 'withheld':
      return null
    case 'key-rejected':
      note(run, guards.guardKeyAccepted(profile.why))
      return null
    case 'temporary':
      return refuse(`the profile of that account cannot be read (${profile.why})`)
    default:
      return refuse(`the profile of that account cannot be read (${describeRefusal(profile.refusal)})`)
  }
}

/** Best effort: a run goes on without them. */
async function readApiKeys(run: Run, directory: Directory): Promise<readonly ApiKey[]> {
  const { keys, isComplete } = await directory.apiKeys(run.stop.changes)
  if (!isComplete && !run.stop.changes.aborted) {
    run.world.log.notice(
      keys.length === 0
        ? "The organization's API keys could not be listed, so only the executing user is protected as the owner of one."
        : `Only ${count(keys.length, 'API key')} of the organization could be listed; the owners of further ones are not protected.`,
    )
  }
  return keys
}

/** A key that ends between two runs makes the next one fail at night. */
function warnOfKeyEnd(run: Run, keys: readonly ApiKey[], executing: readonly string[]): void {
  const now = run.world.clock.now()
  const end = keyThatEndsSoon(keys, executing, now)
  if (end === null) return
  const days = Math.floor((end.endsAt - now) / 86_400_000)
  const when = `on ${dayOf(end.endsAt)}, in ${days === 0 ? 'less than a day' : count(days, 'day')}`
  warn(
    run,
    `${end.isCertain ? `The API key ends ${when}.` : `One of the executing user's API keys ends ${when}; nobody can tell whether it is the one of this run.`} ` +
      'Create a new one without scopes on admin.atlassian.com (Settings, API keys), store it in the secret, and delete the old one.',
  )
}

function warnUnlessAdmin(run: Run, executing: readonly string[], admins: ReadonlySet<string>): void {
  if (run.settings.organizationId === '' || executing.length === 0 || executing.some((id) => admins.has(id))) return
  warn(
    run,
    'The executing user is no organization admin, but only an admin can own such a key. Check "executing-user": it must name the owner of the API key.',
  )
}

/** What was learned of one account's permission: why its status cannot be changed, empty where it can. */
interface Permission {
  readonly account: string
  readonly blockedBy: string
}

/** Asks once for a right that only a key without scopes has. Null after a refusal or a stop. */
async function checkKey(run: Run, { atlassian }: Live, plan: Plan): Promise<Permission | null> {
  const account = targetsOf(plan)[0]?.account.id
  if (account === undefined) return { account: '', blockedBy: '' }
  const read = await readPermission(atlassian, account, run.stop.changes)
  if (read.kind === 'withheld') return null
  if (read.kind === 'key-rejected') {
    note(run, guards.guardKeyAccepted(read.why))
    return null
  }
  note(
    run,
    guards.passed('key-rejected', 'accepted', 'a valid organization API key'),
    guards.passed('key-scoped', 'no scopes', 'a key without scopes'),
  )
  const isBlocked = read.kind === 'permission' && !read.allowed
  return { account, blockedBy: isBlocked ? read.reason || 'lifecycle.enablement' : '' }
}

/** Looks at every target before the first change. */
async function preflight(
  run: Run,
  live: Live,
  plan: Plan,
  orgAdmins: ReadonlySet<string>,
  permission: Permission,
): Promise<void> {
  const { settings, world, stop } = run
  const ids = targetsOf(plan).map(({ account }) => account.id)
  if (ids.length === 0) return
  world.log.info(`Preflight: looking at ${count(ids.length, 'account')} before the first change.`)
  const progress = createProgress(ids.length, world.clock, (line) => world.log.info(line))
  const seen = await lookAtAccounts(ids, {
    atlassian: live.atlassian,
    directory: live.directory,
    orgAdmins,
    concurrency: settings.concurrency,
    stop: stop.changes,
    maxUnreadable: settings.maxFailures,
    permissions: true,
    needsDirectory: live.directory !== null && run.exclusions.some(({ kind }) => kind === 'group' || kind === 'role'),
    onProgress: progress.step,
  })
  if (seen.kind === 'key-rejected' || seen.kind === 'directory-unreadable') return noteKeyRejected(run, seen)
  applyFacts(plan, withPermission(seen.facts, permission))
  // Only a refusal carries words: an unmanaged account that the directory shows speaks for the organization.
  const known = [...seen.facts.values()].filter(
    ({ presence, detail }) => presence === 'found' || presence === 'unreadable' || detail === '',
  )
  if (seen.kind === 'looked') note(run, guards.guardAnyAccountKnown(known.length, ids.length))
  if (seen.kind === 'stopped') stop.halt('too-many-failures')
}

/** The key's check has asked about one account what a directory does not tell. */
function withPermission(facts: ReadonlyMap<string, LiveFacts>, permission: Permission): ReadonlyMap<string, LiveFacts> {
  const seen = facts.get(permission.account)
  if (seen === undefined || permission.blockedBy === '' || seen.blockedBy !== '') return facts
  return new Map(facts).set(permission.account, { ...seen, blockedBy: permission.blockedBy })
}

/** Notes the guard that a look at the accounts ran into. */
export function noteKeyRejected(
  run: Run,
  seen: Extract<Preflight, { kind: 'key-rejected' | 'directory-unreadable' }>,
): void {
  note(run, seen.kind === 'key-rejected' ? guards.guardKeyAccepted(seen.why) : guards.guardDirectoryReadable(seen.why))
}

/** Reads again how many managed accounts are active, as the manual procedure does; not known is no failure. */
export async function readActiveCount(run: Run, { directory }: Live, when: 'afterCanary' | 'after'): Promise<void> {
  if (directory === null || run.stop.cause() !== null) return
  const read = await directory.countActive(run.stop.changes)
  if (read.kind !== 'read') return
  run.active = { ...run.active, [when]: read.value }
  const { before } = run.active
  run.world.log.info(
    `Active managed accounts: ${thousands(read.value)} now, ${before === null ? 'unknown' : thousands(before)} before.`,
  )
}
