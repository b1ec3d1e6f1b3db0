import { changes } from '../account/decision.ts'
import type { Reply } from '../atlassian/answers.ts'
import { openAtlassian } from '../atlassian/atlassian.ts'
import { openDirectory, PAGE_SIZE } from '../atlassian/directory.ts'
import { readManagedAccounts } from '../atlassian/managed-accounts.ts'
import { createPacer } from '../atlassian/pacer.ts'
import { type CallKind, withinReach } from '../atlassian/reach.ts'
import { connect } from '../atlassian/transport.ts'
import { withStandIn } from '../atlassian/whole-directory.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import type { Rules } from '../plan/decide.ts'
import { guardDirectoryReadable, guardKeyAccepted } from '../plan/guards.ts'
import type { Plan } from '../plan/plan.ts'
import type { Settings } from '../settings/inputs.ts'
import { duration } from '../text/words.ts'
import { type Clock, timestamp } from '../world/clock.ts'
import { createPageProgress } from '../world/progress.ts'

/** The way to Atlassian, opened for one run. */
export type Live = Awaited<ReturnType<typeof connectAtlassian>>

/** What Atlassian is asked about, and where the answers go. */
export interface Question extends Live {
  readonly settings: Settings
  readonly plan: Plan
  /** Ids that earlier results changed minutes ago: the directory may still show them as they were. */
  readonly recent: ReadonlySet<string>
  readonly notes: Notes
  readonly log: Log
  readonly clock: Clock
  /** Aborted when the run is stopped: nothing more is read before a change then. */
  readonly stop: AbortSignal
}

/** Takes the value out of a reply; null, and what stands in its way noted, where there is none. */
export function settled<T>(reply: Reply<T>, notes: Notes): T | null {
  if (reply.kind === 'read') return reply.value
  if (reply.kind === 'unreadable') notes.guard(guardDirectoryReadable(reply.key))
  if (reply.kind === 'key-rejected') notes.guard(guardKeyAccepted(reply.why))
  return null
}

/** Opens the way to Atlassian; nothing is sent yet. */
export async function connectAtlassian({ settings, world }: Job, rules: Rules, notes: Notes, ledger: Ledger) {
  const { clock, env, random, log } = world
  const { mode, organizationId, atlassianApiUrl: origin, concurrency, requestsPerSecond } = settings
  const onPause = (why: string, from: number, until: number): void => {
    ledger.note({ event: 'pause', at: timestamp(from), until: timestamp(until), why })
    log.info(`Waiting for ${duration(until - from)}, until ${timestamp(until).slice(11, 19)} UTC: ${why}.`)
  }
  const pacer = createPacer({ clock, random, concurrency, requestsPerSecond, onPause })
  notes.learn({ pauses: pacer.pauses })
  const timeout = world.answerTimeout === undefined ? {} : { timeout: world.answerTimeout }
  const options = { origin, key: settings.apiKey, env, scrub: log.scrub, connections: concurrency, ...timeout }
  const door = openAtlassian(await connect(options), pacer, clock, random)
  // Where something is to be changed, a key with scopes is refused as a whole.
  const { atlassian, refused } = changes(mode)
    ? { atlassian: door, refused: new Set<CallKind>() }
    : withinReach(door, clock)
  const withGroups = mode === 'find' || rules.exclude.asks.has('group')
  const onPage = createPageProgress(PAGE_SIZE, clock, log.info)
  const search = openDirectory(atlassian, organizationId, withGroups, clock.now, onPage)
  const readList = (stop: AbortSignal): ReturnType<typeof readManagedAccounts> =>
    readManagedAccounts(atlassian, { origin, organizationId }, clock.now, onPage, stop)
  const directory = changes(mode) ? search : withStandIn(search, readList)
  return Object.freeze({
    atlassian,
    /** Null without an organization id. */
    directory: organizationId === '' ? null : directory,
    /** Calls that were refused for the key's scopes. */
    refused,
  })
}
