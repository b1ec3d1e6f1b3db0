import { causeOf } from '../account/cause.ts'
import { type Facts, factsWith, unite } from '../account/facts.ts'
import type { Settings } from '../account/settings.ts'
import { readProfile, readWhyBlocked } from '../atlassian/accounts.ts'
import type { NoReply, Reply } from '../atlassian/answers.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import { type SearchOptions, searchDirectory } from '../atlassian/search.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import { guardDirectoryReadable, guardKeyAccepted } from '../plan/guards.ts'
import { type Plan, targetsOf } from '../plan/plan.ts'
import type { Clock } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import { createProgress } from '../world/progress.ts'
import type { Live } from './connect.ts'

/** What Atlassian is asked about, and where the answers go. */
export interface Question extends Live {
  readonly settings: Pick<
    Settings,
    'concurrency' | 'executingUser' | 'maxFailures' | 'mode' | 'organizationId' | 'waive'
  >
  readonly plan: Plan
  /** Ids that earlier results changed minutes ago: the directory may still show them as they were. */
  readonly recent: ReadonlySet<string>
  readonly notes: Notes
  readonly log: Log
  readonly clock: Clock
  /** Aborted when the run is stopped: nothing more is read before a change then. */
  readonly stop: AbortSignal
}

export interface LookOptions extends Pick<SearchOptions, 'people'> {
  /** More unreadable accounts than this end the look. */
  readonly maxUnreadable: number
  /** Whom to ask for by itself whether the status can be changed; a directory does not tell that. */
  readonly permissions: (id: string) => boolean
  /** Whose status in the directory, which may lag, the profile must confirm. */
  readonly confirm: (id: string, facts: Facts) => boolean
}

/** What a look at accounts brought. */
export interface Look {
  readonly facts: ReadonlyMap<string, Facts>
  readonly byDirectoryAlone: number
  /** False where too many accounts stayed out of reach, or the run was stopped. */
  readonly isWhole: boolean
}

/** Takes the value out of a reply; null, and what stands in its way noted, where there is none. */
export function settledBy(notes: Notes): <T>(read: Reply<T>) => T | null {
  return (read) => {
    if (read.kind === 'read') return read.value
    if (read.kind === 'unreadable') notes.guard(guardDirectoryReadable(read.key))
    if (read.kind === 'key-rejected') notes.guard(guardKeyAccepted(read.why))
    return null
  }
}

/**
 * Reads what Atlassian knows of the plan's targets: in bulk with a directory, else one by one.
 *
 * @returns null after a refusal
 */
export async function lookAtTargets(question: Question, options: LookOptions): Promise<Look | null> {
  const { atlassian, directory, settings, plan, notes, log, clock, stop } = question
  const { concurrency } = settings
  const targets = targetsOf(plan)
  const progress = createProgress(targets.length, clock, log.info)
  const facts = new Map<string, Facts>()
  let end: NoReply | null = null
  let unreadable = 0
  const stopped = (): boolean => end !== null || stop.aborted || unreadable > options.maxUnreadable
  const onEnd = (why: NoReply): void => {
    end = why
  }
  const note = (id: string, entries: readonly Facts[]): void => {
    const known = facts.get(id)
    const seen = [...(known === undefined ? [] : [known]), ...entries].reduce(unite)
    facts.set(id, seen)
    if (known !== undefined) return
    if (seen.presence === 'unreadable') unreadable++
    progress.step()
  }
  const factsIn = (reply: Reply<Facts>): Facts | null => {
    if (reply.kind === 'key-rejected') onEnd(reply)
    return reply.kind === 'read' ? reply.value : null
  }
  if (directory !== null) {
    const { people } = options
    await searchDirectory(targets, directory, { clock, concurrency, people, stop, stopped, onFound: note, onEnd })
  }
  const alone = new Set(facts.keys())
  const byOwnCalls = async (id: string): Promise<void> => {
    const seen = factsIn(await lookAtAccount(id, question, options))
    if (seen !== null) note(id, [seen])
  }
  const confirm = async ([id, known]: [string, Facts]): Promise<void> => {
    const profile = await readProfile(atlassian, id, stop)
    // Where the key may not read profiles, the directory's word counts.
    if (isBeyondScope(profile)) return
    const seen = factsIn(unread(known, profile))
    if (seen === null) return
    facts.set(id, profile.kind === 'read' ? { ...known, active: seen.active } : seen)
    alone.delete(id)
  }
  // Without a directory all of them; with one, those that it does not know: the profile has the last word.
  const left = targets.flatMap(({ id }) => (alone.has(id) ? [] : [id]))
  await inParallel(left, concurrency, byOwnCalls, stopped)
  const doubtful = [...facts].filter(
    ([id, seen]) => alone.has(id) && seen.presence === 'found' && options.confirm(id, seen),
  )
  await inParallel(doubtful, concurrency, confirm, stopped)
  if (end !== null) return settledBy(notes)(end)
  return { isWhole: !stopped(), facts, byDirectoryAlone: alone.size }
}

/** One account by its own calls: the profile, then the permission to change it. */
async function lookAtAccount(
  id: string,
  { atlassian, directory, stop }: Question,
  { permissions }: LookOptions,
): Promise<Reply<Facts>> {
  const profile = await readProfile(atlassian, id, stop)
  // Nobody tells anything of the account then: with a directory it is one that the organization does not know.
  if (directory === null && isBeyondScope(profile)) return { kind: 'read', value: factsWith({}) }
  if (profile.kind !== 'read' || !permissions(id)) return unread(factsWith({}), profile)
  const blocked = await readWhyBlocked(atlassian, id, stop)
  if (blocked.kind !== 'read' && (blocked.kind !== 'unreadable' || blocked.status === 0)) {
    return unread(profile.value, blocked)
  }
  const blockedBy = blocked.kind === 'read' ? blocked.value : blocked.key
  return { kind: 'read', value: { ...profile.value, blockedBy } }
}

/** What a read that brought nothing says of its account. */
function unread(known: Facts, reply: Reply<Facts>): Reply<Facts> {
  if (reply.kind !== 'unreadable') return reply
  const { status, key, words } = reply
  // Any other refusal says nothing about the account, only that this read was not understood.
  const presence = status === 404 ? 'not-found' : status === 403 ? 'unmanaged' : 'unreadable'
  const cause = causeOf(presence === 'unreadable' ? 'unreadable' : 'blocked', key, words)
  return { kind: 'read', value: { ...known, presence, cause } }
}
