import { type Cause, causeOf } from '../account/cause.ts'
import { type Facts, factsWith, unite } from '../account/facts.ts'
import { blockOf, readPermission, readProfile } from '../atlassian/accounts.ts'
import type { Refusal } from '../atlassian/answers.ts'
import type { Atlassian } from '../atlassian/atlassian.ts'
import type { Directory } from '../atlassian/directory.ts'
import { isBeyondScope } from '../atlassian/reach.ts'
import { inParallel } from '../world/parallel.ts'
import { type SearchOptions, searchDirectory, type Wanted } from './search.ts'

/** A look at accounts, and how it ended. */
export type Look =
  | { readonly kind: 'looked'; readonly facts: ReadonlyMap<string, Facts>; readonly byDirectoryAlone: number }
  | { readonly kind: 'key-rejected'; readonly why: 'unauthorized' | 'scoped' }
  | { readonly kind: 'directory-unreadable'; readonly why: string }
  /** Too many accounts stayed out of reach, or the run was stopped; what was seen until then is told. */
  | { readonly kind: 'stopped'; readonly facts: ReadonlyMap<string, Facts>; readonly byDirectoryAlone: number }

export interface LookOptions extends Pick<SearchOptions, 'clock' | 'concurrency' | 'people' | 'stop'> {
  readonly atlassian: Atlassian
  /** Null: every account is read by its own calls. */
  readonly directory: Directory | null
  /** More unreadable accounts than this end the look. */
  readonly maxUnreadable: number
  /** Whom to ask for by itself whether the status can be changed; a directory does not tell that. */
  readonly permissions: (id: string) => boolean
  /** Whose status in the directory, which may lag, the profile must confirm. */
  readonly confirm: (id: string, facts: Facts) => boolean
  readonly onProgress: () => void
}

/** Reads what Atlassian knows of these accounts: in bulk with a directory, else one by one. */
export async function lookAtAccounts(accounts: readonly Wanted[], options: LookOptions): Promise<Look> {
  const facts = new Map<string, Facts>()
  let end: Exclude<Look, { kind: 'looked' | 'stopped' }> | null = null
  let unreadable = 0
  const stopped = (): boolean => end !== null || options.stop.aborted || unreadable > options.maxUnreadable
  const note = (id: string, seen: Facts): void => {
    const known = facts.get(id)
    facts.set(id, known === undefined ? seen : unite(known, seen))
    if (known !== undefined) return
    if (seen.presence === 'unreadable') unreadable++
    options.onProgress()
  }
  if (options.directory !== null) {
    const onEnd: SearchOptions['onEnd'] = (why) => {
      end = why.kind === 'unreadable' ? { kind: 'directory-unreadable', why: why.why } : why
    }
    await searchDirectory(accounts, options.directory, { ...options, stopped, onFound: note, onEnd })
  }
  const alone = new Set(facts.keys())
  const byOwnCalls = async (id: string): Promise<void> => {
    const seen = await lookAtAccount(id, options)
    if (seen === 'withheld') return
    if (typeof seen === 'object' && 'rejected' in seen) end = { kind: 'key-rejected', why: seen.rejected }
    else note(id, seen)
  }
  const confirmed = async (id: string, known: Facts): Promise<void> => {
    const profile = await readProfile(options.atlassian, id, options.stop)
    // Where the key may not read profiles, the directory's word counts.
    if (profile.kind === 'withheld' || isBeyondScope(profile)) return
    if (profile.kind === 'key-rejected') end = profile
    else facts.set(id, profile.kind === 'profile' ? { ...known, active: profile.facts.active } : unread(known, profile))
    alone.delete(id)
  }
  // Without a directory all of them; with one, those that it does not know: the profile has the last word.
  const left = stopped() ? [] : accounts.flatMap(({ id }) => (alone.has(id) ? [] : [id]))
  await inParallel(left, options.concurrency, byOwnCalls, stopped)
  await inParallel(
    stopped() ? [] : [...alone].flatMap((id) => doubtful(id, facts.get(id), options)),
    options.concurrency,
    ([id, known]) => confirmed(id, known),
    stopped,
  )
  if (end !== null) return end
  return { kind: stopped() ? 'stopped' : 'looked', facts, byDirectoryAlone: alone.size }
}

function doubtful(id: string, seen: Facts | undefined, { confirm }: LookOptions): [string, Facts][] {
  return seen !== undefined && seen.presence === 'found' && confirm(id, seen) ? [[id, seen]] : []
}

/** One account by its own calls: the profile, then the permission to change it. */
async function lookAtAccount(
  id: string,
  { atlassian, directory, stop, permissions }: LookOptions,
): Promise<Facts | { rejected: 'unauthorized' | 'scoped' } | 'withheld'> {
  const profile = await readProfile(atlassian, id, stop)
  if (profile.kind === 'withheld') return 'withheld'
  if (profile.kind === 'key-rejected') return { rejected: profile.why }
  // Nobody tells anything of the account then: with a directory it is one that the organization does not know.
  if (directory === null && isBeyondScope(profile)) return factsWith({})
  if (profile.kind !== 'profile') return unread(factsWith({}), profile)
  if (!permissions(id)) return profile.facts
  const permission = await readPermission(atlassian, id, stop)
  switch (permission.kind) {
    case 'withheld':
      return 'withheld'
    case 'key-rejected':
      return { rejected: permission.why }
    case 'temporary':
      return { ...profile.facts, presence: 'unreadable', cause: causeOf('unreadable', permission.why) }
    case 'permission':
      return { ...profile.facts, blockedBy: blockOf(permission) }
    default:
      return { ...profile.facts, blockedBy: permission.refusal.key }
  }
}

/** What a profile that could not be read says of its account. */
function unread(
  known: Facts,
  read:
    | { readonly kind: 'temporary'; readonly why: string }
    | { readonly kind: 'refused' | 'conflict'; readonly refusal: Refusal },
): Facts {
  if (read.kind === 'temporary') return { ...known, presence: 'unreadable', cause: causeOf('unreadable', read.why) }
  const { status, key, words } = read.refusal
  const cause = (code: Cause['code']): Cause => causeOf(code, key, words)
  if (status === 404) return { ...known, presence: 'not-found', cause: cause('blocked') }
  // Any other refusal says nothing about the account, only that this read was not understood.
  return status === 403
    ? { ...known, presence: 'unmanaged', cause: cause('blocked') }
    : { ...known, presence: 'unreadable', cause: cause('unreadable') }
}
