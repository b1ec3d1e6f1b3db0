import { unlessAborted } from '../world/unless-aborted.ts'
import { BEYOND_SCOPE } from './answers.ts'
import { type Atlassian, lastPartOf, type Read } from './atlassian.ts'
import { WITHHELD } from './pacer.ts'

/** Kinds of calls, as the last part of their path names them. */
export type CallKind = 'profile' | 'manage' | 'search' | 'count' | 'stats' | 'users' | 'api-keys'

/** The door to Atlassian for a key that may have scopes, and what those do not reach. */
export interface Reach {
  readonly atlassian: Atlassian
  /** Kinds of calls that were refused for the key's scopes. */
  readonly refused: ReadonlySet<CallKind>
}

/**
 * Tries each kind of call with one request alone, and sends no more of a kind that is refused for the key's scopes. A
 * profile that is out of reach is a refusal that `isBeyondScope` knows: only the permission tells about the key itself.
 */
export function withinReach(atlassian: Atlassian): Reach {
  const refusals = new Map<CallKind, Read>()
  const tried = new Set<CallKind>()
  const trying = new Map<CallKind, Promise<Read>>()
  const read: Atlassian['read'] = async (request, stop, urgent) => {
    const kind = lastPartOf(request.path) as CallKind
    for (let first = trying.get(kind); first !== undefined; first = trying.get(kind)) {
      if ((await unlessAborted(first, stop)) === null) return WITHHELD
    }
    const refusal = refusals.get(kind)
    if (refusal !== undefined) return refusal
    const reading = atlassian.read(request, stop, urgent).then((answer) => within(kind, answer))
    if (!tried.has(kind)) trying.set(kind, reading)
    try {
      const answer = await reading
      if (answer.kind !== 'withheld') tried.add(kind)
      if (isRefusal(kind, answer)) refusals.set(kind, answer)
      return answer
    } finally {
      if (trying.get(kind) === reading) trying.delete(kind)
    }
  }
  return {
    atlassian: { ...atlassian, read },
    get refused() {
      return new Set(refusals.keys())
    },
  }
}

/** Whether a read was refused because the key has scopes that do not reach it. */
export function isBeyondScope(read: Read | { readonly kind: 'profile' }): boolean {
  return read.kind === 'refused' && read.refusal.key === BEYOND_SCOPE
}

function within(kind: CallKind, read: Read): Read {
  if (kind !== 'profile' || read.kind !== 'key-rejected' || read.why !== 'scoped') return read
  return { kind: 'refused', refusal: { status: 403, key: BEYOND_SCOPE, words: '' } }
}

/** The organization's calls may refuse a key with scopes in the words for a foreign organization. */
function isRefusal(kind: CallKind, read: Read): boolean {
  if (read.kind === 'key-rejected') return read.why === 'scoped'
  if (read.kind !== 'refused') return false
  return kind === 'profile' || kind === 'manage' ? isBeyondScope(read) : read.refusal.status === 403
}
