import type { Unknowns } from '../text/unknowns.ts'
import { type Clock, unlessAborted } from '../world/clock.ts'
import { BEYOND_SCOPE, isRefused, type Reply, unreadable } from './answers.ts'
import { type Atlassian, lastPartOf } from './atlassian.ts'

/** Kinds of calls, as the last part of their path names them. */
export type CallKind = 'profile' | 'manage' | 'search' | 'count' | 'stats' | 'users' | 'api-keys'

/** How long others of a kind wait for the first: it may be throttled for ever. Milliseconds. */
const PATIENCE = 10_000

/**
 * The door to Atlassian for a key that may have scopes, and the kinds of calls that those do not reach. It tries each kind
 * with one request alone, and sends no more of a kind that is refused for the scopes. A profile that is out of reach is a
 * refusal that `isBeyondScope` knows: only the permission tells about the key itself.
 */
export function withinReach(atlassian: Atlassian, clock: Clock) {
  const refused = new Map<CallKind, Reply<Unknowns>>()
  /** What others of a kind wait for: the end of its first request, or of their patience. Null from then on. */
  const firsts = new Map<CallKind, Promise<unknown> | null>()
  const read: Atlassian['read'] = async (request, stop, ...how) => {
    const kind = lastPartOf(request.path) as CallKind
    for (let first = firsts.get(kind); first; first = firsts.get(kind)) {
      if ((await unlessAborted(first, stop)) === null) return { kind: 'withheld' }
    }
    const refusal = refused.get(kind)
    if (refusal !== undefined) return refusal
    const ended = new AbortController()
    let hasTried = true
    if (!firsts.has(kind)) {
      // One that was withheld has tried nothing: the next one is the first then.
      const free = () => (hasTried ? firsts.set(kind, null) : firsts.delete(kind))
      firsts.set(kind, clock.sleep(PATIENCE, ended.signal).then(free))
    }
    try {
      const given = await atlassian.read(request, stop, ...how)
      const isOutOfReach = kind === 'profile' && given.kind === 'key-rejected' && given.why === 'scoped'
      const answer = isOutOfReach ? unreadable(BEYOND_SCOPE, 403) : given
      // The organization's calls may refuse a key with scopes in the words for a foreign organization.
      const isOfAccount = kind === 'profile' || kind === 'manage'
      const isAboutKey = !isOfAccount || answer.kind === 'key-rejected' || isBeyondScope(answer)
      if (isRefused(answer) && isAboutKey) refused.set(kind, answer)
      hasTried = answer.kind !== 'withheld'
      return answer
    } finally {
      ended.abort()
    }
  }
  return { atlassian: { ...atlassian, read }, refused }
}

/** Whether a read was refused because the key has scopes that do not reach it. */
export function isBeyondScope(read: Reply<unknown>): boolean {
  return read.kind === 'unreadable' && read.key === BEYOND_SCOPE
}
