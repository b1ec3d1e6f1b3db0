import { type LiveFacts, PLAIN_FACTS } from '../account/facts.ts'
import { readPermission, readProfile } from '../atlassian/accounts.ts'
import { describeRefusal } from '../atlassian/answers.ts'
import type { Atlassian } from '../atlassian/atlassian.ts'
import { type Directory, type DirectoryPerson, IDS_PER_SEARCH } from '../atlassian/directory.ts'
import { inBatches, inParallel } from '../world/parallel.ts'

/** The look at every account before the first change. */
export type Preflight =
  | { readonly kind: 'looked'; readonly facts: ReadonlyMap<string, LiveFacts> }
  | { readonly kind: 'key-rejected'; readonly why: 'unauthorized' | 'scoped' }
  | { readonly kind: 'directory-unreadable'; readonly why: string }
  /** Too many accounts stayed out of reach, or the run was stopped; what was seen until then is told. */
  | { readonly kind: 'stopped'; readonly facts: ReadonlyMap<string, LiveFacts> }

export interface PreflightOptions {
  readonly atlassian: Atlassian
  /** Null: every account is read by its own calls. */
  readonly directory: Directory | null
  /** Ids of the organization's admins as the directory names them. */
  readonly orgAdmins: ReadonlySet<string>
  readonly concurrency: number
  readonly stop: AbortSignal
  /** More unreadable accounts than this end the look. */
  readonly maxUnreadable: number
  /** Whether to ask, one by one, if the status can be changed; a directory does not tell that. */
  readonly permissions: boolean
  /** Whether the rules go by groups or roles, which the directory alone tells: an account that it lacks is left alone. */
  readonly needsDirectory: boolean
  readonly onProgress: () => void
}

/** An account that can be read, but that the directory does not know. */
const OUTSIDE = { presence: 'unmanaged', detail: 'not in the directory, which alone tells groups and roles' } as const

/** A walk is taken only when it costs clearly less than searching by id. */
const WALK_ADVANTAGE = 1.5
const PEOPLE_PER_PAGE = 100
/** Below this many searches nobody asks how many pages a walk would have. */
const FEW_SEARCHES = 20

/** Reads what Atlassian knows of these accounts: in bulk with a directory, else one by one. */
export async function lookAtAccounts(ids: readonly string[], options: PreflightOptions): Promise<Preflight> {
  const facts = new Map<string, LiveFacts>()
  let end: Exclude<Preflight, { kind: 'looked' | 'stopped' }> | null = null
  let unreadable = 0
  const stopped = (): boolean => end !== null || options.stop.aborted || unreadable > options.maxUnreadable
  const note = (id: string, seen: LiveFacts): void => {
    facts.set(id, seen)
    if (seen.presence === 'unreadable') unreadable++
    options.onProgress()
  }
  const people = (found: readonly DirectoryPerson[], wanted: ReadonlySet<string>): void => {
    for (const person of found) {
      if (wanted.has(person.id)) note(person.id, factsOfPerson(person, options.orgAdmins))
    }
  }

  if (options.directory !== null) {
    const { directory } = options
    const walk = await walkIsCheaper(ids.length, directory, options.stop)
    const reads: Iterable<readonly string[]> = walk ? [ids] : inBatches(ids, IDS_PER_SEARCH)
    await inParallel(
      reads,
      options.concurrency,
      async (batch) => {
        const read = walk ? await directory.walk(options.stop) : await directory.findById(batch, options.stop)
        if (read.kind === 'read') people(read.value, new Set(batch))
        else if (read.kind === 'unreadable') end = { kind: 'directory-unreadable', why: read.why }
        else if (read.kind === 'key-rejected') end = read
      },
      stopped,
    )
  }
  // Without a directory all of them; with one, those that it does not know: the profile has the last word.
  const unseen = stopped() ? [] : ids.filter((id) => !facts.has(id))
  await inParallel(
    unseen,
    options.concurrency,
    async (id) => {
      const seen = await lookAtAccount(id, options)
      if (seen === 'withheld') return
      if (typeof seen === 'object' && 'key' in seen) end = { kind: 'key-rejected', why: seen.key }
      else note(id, options.needsDirectory && seen.presence === 'found' ? { ...seen, ...OUTSIDE } : seen)
    },
    stopped,
  )
  if (end !== null) return end
  return { kind: stopped() ? 'stopped' : 'looked', facts }
}

/** One account by its own calls: the profile, then the permission to change it. */
async function lookAtAccount(
  id: string,
  { atlassian, orgAdmins, stop, permissions }: PreflightOptions,
): Promise<LiveFacts | { key: 'unauthorized' | 'scoped' } | 'withheld'> {
  const unreadable = (detail: string): LiveFacts => ({ ...PLAIN_FACTS, presence: 'unreadable', detail })
  const profile = await readProfile(atlassian, id, stop)
  if (profile.kind === 'withheld') return 'withheld'
  if (profile.kind === 'key-rejected') return { key: profile.why }
  if (profile.kind === 'temporary') return unreadable(profile.why)
  if (profile.kind !== 'profile') {
    const detail = describeRefusal(profile.refusal)
    if (profile.refusal.status === 404) return { ...PLAIN_FACTS, presence: 'not-found', detail }
    // Any other refusal says nothing about the account, only that this read was not understood.
    return profile.refusal.status === 403 ? { ...PLAIN_FACTS, presence: 'unmanaged', detail } : unreadable(detail)
  }
  const known: LiveFacts = { ...PLAIN_FACTS, ...profile.profile, orgAdmin: orgAdmins.has(id) }
  if (!permissions) return known
  const permission = await readPermission(atlassian, id, stop)
  switch (permission.kind) {
    case 'withheld':
      return 'withheld'
    case 'key-rejected':
      return { key: permission.why }
    case 'temporary':
      return unreadable(permission.why)
    case 'permission':
      return { ...known, blockedBy: permission.allowed ? '' : permission.reason || 'lifecycle.enablement' }
    default:
      return { ...known, blockedBy: permission.refusal.key || `HTTP ${permission.refusal.status}` }
  }
}

function factsOfPerson(person: DirectoryPerson, orgAdmins: ReadonlySet<string>): LiveFacts {
  return {
    ...PLAIN_FACTS,
    presence: person.managed ? 'found' : 'unmanaged',
    person: person.person,
    active: person.active,
    email: person.email,
    orgAdmin: orgAdmins.has(person.id) || person.roles.some((role) => role.includes('org-admin')),
    synced: person.synced,
    roles: person.roles,
    groups: person.groups,
  }
}

async function walkIsCheaper(accounts: number, directory: Directory, stop: AbortSignal): Promise<boolean> {
  const searches = Math.ceil(accounts / IDS_PER_SEARCH)
  if (searches <= FEW_SEARCHES) return false
  const everybody = await directory.countAll(stop)
  return everybody.kind === 'read' && Math.ceil(everybody.value / PEOPLE_PER_PAGE) * WALK_ADVANTAGE < searches
}
