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

/** About a plan of everybody whom the results name as deactivated. */
type VerifyQuestion = Question & { readonly ledger: Ledger }

/**
 * Reads every account of earlier results again and notes who is active: nothing is changed. Whom the directory, which
 * may lag, shows active, and whom it shows inactive minutes after the change, the profile confirms.
 */
export async function verifyAccounts(question: VerifyQuestion): Promise<void> {
  const { directory, refused, settings, plan, recent, ledger, notes, log, clock } = question
  const targets = targetsOf(plan)
  if (targets.length === 0) return
  notes.learn({ live: true })
  log.info(`Verifying ${count(targets.length, 'account')}.`)
  const seen = await lookAtTargets(question, {
    people: 'ask',
    maxUnreadable: Number.POSITIVE_INFINITY,
    permission: null,
    confirm: (id, { active }) => active !== false || recent.has(id),
  })
  if (seen === null) return
  if (directory === null && refused.has('profile')) return notes.guard(guardKeyAccepted('scoped', settings.mode))
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

function sightOf({ presence, active, cause, statuses }: Facts): Sight {
  if (presence === 'found' && active !== null) return { found: active ? 'active' : 'inactive', key: '', words: '' }
  if (cause !== null) return { found: 'unreadable', key: cause.key, words: cause.words }
  return { found: 'unreadable', key: 'a status that proves nothing', words: statuses.join(' ') }
}

/** Why an account comes back by itself, by Atlassian's reason keys. */
const SYNCED = new Set(['externalDirectory.scim', 'externalDirectory.google'])

/** Asks about those who came back whether an identity provider manages them: it brings them back with every sync. */
async function findCauses(question: VerifyQuestion, ids: readonly string[]): Promise<void> {
  const { atlassian, settings, stop } = question
  const ask = async (id: string): Promise<void> => {
    const read = await readWhyBlocked(atlassian, id, stop)
    if (read.kind === 'read' && SYNCED.has(read.value)) noteSync(question, id, read.value)
  }
  await inParallel(ids, settings.concurrency, ask, () => stop.aborted)
}

function noteSync({ ledger, clock }: VerifyQuestion, account: string, key: string): void {
  ledger.note({ event: 'cause', at: timestamp(clock.now()), account, cause: causeOf('synced', key) })
}
