import { causeOf } from '../account/cause.ts'
import type { Facts } from '../account/facts.ts'
import type { Settings } from '../account/settings.ts'
import { readPermission } from '../atlassian/accounts.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import { guardDirectoryReadable, guardKeyAccepted } from '../plan/guards.ts'
import { type Plan, targetsOf } from '../plan/plan.ts'
import { count } from '../text/words.ts'
import { type Clock, timestamp } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import { createProgress } from '../world/progress.ts'
import { lookAtAccounts } from './accounts.ts'
import type { Live } from './connect.ts'

export interface VerifyQuestion extends Live {
  readonly settings: Pick<Settings, 'concurrency' | 'mode'>
  /** Of everybody whom the results name as deactivated. */
  readonly plan: Plan
  /** Ids that the results changed minutes ago. */
  readonly recent: ReadonlySet<string>
  readonly ledger: Ledger
  readonly notes: Notes
  readonly log: Log
  readonly clock: Clock
  readonly stop: AbortSignal
}

/**
 * Reads every account of earlier results again and notes who is active: nothing is changed. Whom the directory, which
 * may lag, shows active, and whom it shows inactive minutes after the change, the profile confirms.
 */
export async function verifyAccounts(question: VerifyQuestion): Promise<void> {
  const { atlassian, directory, refused, settings, plan, recent, ledger, notes, log, clock, stop } = question
  const targets = targetsOf(plan)
  if (targets.length === 0) return
  notes.learn({ live: true })
  log.info(`Verifying ${count(targets.length, 'account')}.`)
  const progress = createProgress(targets.length, clock, log.info)
  const seen = await lookAtAccounts(targets, {
    atlassian,
    directory,
    concurrency: settings.concurrency,
    clock,
    people: 'ask',
    stop,
    maxUnreadable: Number.POSITIVE_INFINITY,
    permissions: () => false,
    confirm: (id, { active }) => active !== false || recent.has(id),
    onProgress: progress.step,
  })
  if (seen.kind === 'key-rejected') return notes.guard(guardKeyAccepted(seen.why, settings.mode))
  if (seen.kind === 'directory-unreadable') return notes.guard(guardDirectoryReadable(seen.why))
  if (directory === null && refused().has('profile')) return notes.guard(guardKeyAccepted('scoped', settings.mode))
  notes.learn({ byDirectoryAlone: seen.byDirectoryAlone })
  const back: string[] = []
  for (const { id } of targets) {
    const facts = seen.facts.get(id)
    if (facts === undefined) continue
    const at = timestamp(clock.now())
    ledger.note({ event: 'read', at, account: id, last: true, ...sightOf(facts) })
    if (facts.presence !== 'found' || facts.active !== true) continue
    if (facts.synced) noteSync(question, id, 'externalDirectory.scim')
    else back.push(id)
  }
  await findCauses(question, back)
}

function sightOf({ presence, active, cause, statuses }: Facts): {
  found: 'active' | 'inactive' | 'unreadable'
  key: string
  words: string
} {
  if (presence === 'found' && active !== null) return { found: active ? 'active' : 'inactive', key: '', words: '' }
  if (cause !== null) return { found: 'unreadable', key: cause.key, words: cause.words }
  return { found: 'unreadable', key: 'no status that proves anything', words: statuses.join(' ') }
}

/** Why an account comes back by itself, by Atlassian's reason keys. */
const SYNCED = new Set(['externalDirectory.scim', 'externalDirectory.google'])

/** Asks about those who came back whether an identity provider manages them: it brings them back with every sync. */
async function findCauses(question: VerifyQuestion, ids: readonly string[]): Promise<void> {
  const { atlassian, settings, stop } = question
  await inParallel(
    ids,
    settings.concurrency,
    async (id) => {
      const read = await readPermission(atlassian, id, stop)
      if (read.kind === 'permission' && !read.allowed && SYNCED.has(read.reason)) noteSync(question, id, read.reason)
    },
    () => stop.aborted,
  )
}

function noteSync({ ledger, clock }: VerifyQuestion, account: string, key: string): void {
  ledger.note({ event: 'cause', at: timestamp(clock.now()), account, cause: causeOf('synced', key) })
}
