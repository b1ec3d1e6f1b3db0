import { causeOf } from '../account/cause.ts'
import { type Facts, factsWith, unite } from '../account/facts.ts'
import { readProfile, readWhyBlocked } from '../atlassian/accounts.ts'
import type { NoReply, Reply } from '../atlassian/answers.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import { type SearchOptions, searchDirectory } from '../atlassian/search.ts'
import { targetsOf } from '../plan/plan.ts'
import { inParallel } from '../world/parallel.ts'
import { createProgress } from '../world/progress.ts'
import { type Question, settled } from './connect.ts'
import type { Permission } from './key.ts'

interface LookOptions extends Pick<SearchOptions, 'people'> {
  /** More unreadable accounts than this end the look. */
  readonly maxUnreadable: number
  readonly permission: Permission
  /** Whose status in the directory, which may lag, the profile must confirm. */
  readonly confirm: (id: string, facts: Facts) => boolean
}

/** Reads what Atlassian knows of the plan's targets: in bulk with a directory, else one by one. Null after a refusal. */
export async function lookAtTargets(question: Question, { maxUnreadable, permission, ...options }: LookOptions) {
  const { atlassian, directory, settings, plan, notes, log, clock, stop } = question
  const { concurrency } = settings
  const targets = targetsOf(plan)
  const step = createProgress(targets.length, clock, log.info)
  const facts = new Map<string, Facts>()
  let end: NoReply | null = null
  let unreadable = 0
  const stopped = (): boolean => end !== null || stop.aborted || unreadable > maxUnreadable
  const onEnd = (why: NoReply): void => {
    end = why
  }
  const note = (id: string, entries: readonly Facts[]): void => {
    const known = facts.get(id)
    const seen = (known === undefined ? entries : [known, ...entries]).reduce(unite)
    facts.set(id, seen)
    if (known !== undefined) return
    if (seen.presence === 'unreadable') unreadable++
    step()
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
    const seen = factsIn(await lookAtAccount(id, question, permission))
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
  if (end !== null) return settled<never>(end, notes)
  const checked = facts.get(permission.account)
  if (checked?.blockedBy === '') facts.set(permission.account, { ...checked, blockedBy: permission.blockedBy })
  return {
    facts: facts as ReadonlyMap<string, Facts>,
    byDirectoryAlone: alone.size,
    /** False where too many accounts stayed out of reach, or the run was stopped. */
    isWhole: !stopped(),
  }
}

/** One account by its own calls: the profile, then the permission to change it. */
async function lookAtAccount(id: string, question: Question, permission: Permission): Promise<Reply<Facts>> {
  const { atlassian, directory, stop } = question
  const profile = await readProfile(atlassian, id, stop)
  // Nobody tells anything of the account then: with a directory it is one that the organization does not know.
  if (directory === null && isBeyondScope(profile)) return { kind: 'read', value: factsWith({}) }
  if (profile.kind !== 'read' || !permission.asksOthers || permission.account === id) {
    return unread(factsWith({}), profile)
  }
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
