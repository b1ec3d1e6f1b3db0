import type { Unknowns } from '../text/unknowns.ts'
import type { Clock } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import { BEYOND_SCOPE, isRefused, type Reply, unreadable, WITHHELD } from './answers.ts'
import { type Atlassian, lastPartOf } from './atlassian.ts'

/** Kinds of calls, as the last part of their path names them. */
export type CallKind = 'profile' | 'manage' | 'search' | 'count' | 'stats' | 'users' | 'api-keys'

/** How long others of a kind wait for the first: it may be throttled for ever. Milliseconds. */
const PATIENCE = 10_000

/**
 * Tries each kind of call with one request alone, and sends no more of a kind that is refused for the key's scopes. A
 * profile that is out of reach is a refusal that `isBeyondScope` knows: only the permission tells about the key itself.
 *
 * @returns the door to Atlassian for a key that may have scopes, and the kinds of calls that those do not reach
 */
export function withinReach(atlassian: Atlassian, clock: Clock) {
  const refused = new Map<CallKind, Reply<Unknowns>>()
  const tried = new Set<CallKind>()
  const trying = new Map<CallKind, Promise<true>>()
  const send = async (kind: CallKind, ...asked: Parameters<Atlassian['read']>): Promise<Reply<Unknowns>> => {
    const answer = within(kind, await atlassian.read(...asked))
    if (isOutOfReach(kind, answer)) refused.set(kind, answer)
    return answer
  }
  /** Resolves once others may be sent, too: answered, or after a time. */
  const hold = async (kind: CallKind, first: Promise<Reply<Unknowns>>): Promise<true> => {
    const done = new AbortController()
    const answer = await Promise.race([first.catch(() => null), clock.sleep(PATIENCE, done.signal)])
    done.abort()
    if (answer?.kind !== 'withheld') tried.add(kind)
    trying.delete(kind)
    return true
  }
  const read: Atlassian['read'] = async (request, stop, ...how) => {
    const kind = lastPartOf(request.path) as CallKind
    for (let first = trying.get(kind); first !== undefined; first = trying.get(kind)) {
      if ((await unlessAborted(first, stop)) === null) return WITHHELD
    }
    const refusal = refused.get(kind)
    if (refusal !== undefined) return refusal
    const reading = send(kind, request, stop, ...how)
    if (!tried.has(kind)) trying.set(kind, hold(kind, reading))
    return reading
  }
  return { atlassian: { ...atlassian, read }, refused }
}

/** Whether a read was refused because the key has scopes that do not reach it. */
export function isBeyondScope(read: Reply<unknown>): boolean {
  return read.kind === 'unreadable' && read.key === BEYOND_SCOPE
}

function within(kind: CallKind, read: Reply<Unknowns>): Reply<Unknowns> {
  const isProfile = kind === 'profile' && read.kind === 'key-rejected' && read.why === 'scoped'
  return isProfile ? unreadable(BEYOND_SCOPE, 403) : read
}

/** The organization's calls may refuse a key with scopes in the words for a foreign organization. */
function isOutOfReach(kind: CallKind, read: Reply<Unknowns>): boolean {
  const isOrganization = kind !== 'profile' && kind !== 'manage'
  return isRefused(read) && (isOrganization || read.kind === 'key-rejected' || isBeyondScope(read))
}
