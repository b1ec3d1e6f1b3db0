import { causeOf } from '../account/cause.ts'
import type { Facts } from '../account/facts.ts'
import { readWhyBlocked } from '../atlassian/accounts.ts'
import type { Sight } from '../ledger/events.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { guardKeyAccepted } from '../plan/guards.ts'
import { targetsOf } from '../plan/plan.ts'
import { count } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import { lookAtTargets } from './accounts.ts'
import type { Question } from './connect.ts'
import { NOBODY_ASKED } from './key.ts'

/** Why an account comes back by itself, by Atlassian's reason keys. */
const SYNCED = ['externalDirectory.scim', 'externalDirectory.google']

/** Reads who of earlier results is active. Whom the directory, which may lag, shows doubtful, the profile confirms. */
export async function verifyAccounts(question: Question & { readonly ledger: Ledger }): Promise<void> {
  const { atlassian, directory, refused, settings, plan, recent, ledger, notes, log, clock, stop } = question
  const targets = targetsOf(plan)
  if (targets.length === 0) return
  notes.learn({ live: true })
  log.info(`Verifying ${count(targets.length, 'account')}.`)
  const seen = await lookAtTargets(question, {
    people: 'ask',
    maxUnreadable: Number.POSITIVE_INFINITY,
    permission: NOBODY_ASKED,
    confirm: (id, { active }) => active !== false || recent.has(id),
  })
  if (seen === null) return
  if (directory === null && refused.has('profile')) return notes.guard(guardKeyAccepted('scoped', settings.mode))
  notes.learn({ byDirectoryAlone: seen.byDirectoryAlone })
  const noteSync = (account: string, key: string): void =>
    ledger.note({ event: 'cause', at: timestamp(clock.now()), account, cause: causeOf('synced', key) })
  const back: string[] = []
  for (const { id } of targets) {
    const facts = seen.facts.get(id)
    if (facts === undefined) continue
    const at = timestamp(clock.now())
    ledger.note({ event: 'read', at, account: id, last: true, ...sightOf(facts) })
    if (facts.presence !== 'found' || facts.active !== true) continue
    if (facts.synced) noteSync(id, 'externalDirectory.scim')
    else back.push(id)
  }
  // Of the others only the permission tells that an identity provider brings them back with every sync.
  const ask = async (id: string): Promise<void> => {
    const read = await readWhyBlocked(atlassian, id, stop)
    if (read.kind === 'read' && SYNCED.includes(read.value)) noteSync(id, read.value)
  }
  await inParallel(back, settings.concurrency, ask, () => stop.aborted)
}

function sightOf({ presence, active, cause, statuses }: Facts): Sight {
  if (presence === 'found' && active !== null) return { found: active ? 'active' : 'inactive', key: '', words: '' }
  if (cause !== null) return { found: 'unreadable', key: cause.key, words: cause.words }
  return { found: 'unreadable', key: 'a status that proves nothing', words: statuses.join(' ') }
}
