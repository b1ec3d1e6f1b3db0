import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Live } from '../look/connect.ts'
import { tellReach } from '../look/key.ts'
import { look } from '../look/look.ts'
import { verifyAccounts } from '../look/verify.ts'
import type { Notes } from '../notes.ts'
import { narrow, type Seen } from '../plan/plan.ts'
import type { Stop } from '../rollout/stop.ts'
import { quote } from '../text/words.ts'
import { findPeople } from './from-directory.ts'
import { namesSomebody, tellLeftOut } from './left-out.ts'
import type { Read } from './read-plan.ts'
import { guardBlind } from './read-rules.ts'

/**
 * Reads what Atlassian tells of those whom a plan would change, or, in `find`, of everybody, and narrows the plan by it;
 * in `verify`, how the accounts are.
 * @returns the plan, and what was seen unless everybody was read; null in `verify`, and where a find could not be made
 */
export async function readLive(
  job: Job,
  live: Live,
  read: Read,
  notes: Notes,
  ledger: Ledger,
  stop: Stop,
): Promise<(Read & { readonly seen: Seen | null }) | null> {
  const { settings, world } = job
  const { subject, selectors, plan: approved } = read
  const { clock, log } = world
  const { recent } = subject
  const onTooManyFailures = (): void => stop.halt('too-many-failures')
  const question = { ...live, settings, recent, notes, log, clock, stop: stop.changes, onTooManyFailures }
  if (settings.mode === 'verify') {
    await verifyAccounts({ ...question, plan: approved, ledger })
    tellReach(live, notes)
    return null
  }
  const isFind = settings.mode === 'find' && live.directory !== null
  const found = isFind ? await findPeople(question, live.directory, approved.rules, ledger) : undefined
  if (found === null) return null
  const seen = isFind ? null : await look({ ...question, plan: approved, listed: subject.accounts })
  const plan = found?.plan ?? (seen === null ? approved : narrow(approved, seen))
  ledger.adopt(plan)
  tellReach(live, notes)
  if (live.directory?.standsIn() === true)
    notes.guard(...guardBlind(selectors.exclude, isFind ? new Set() : subject.facts, true))
  const whole = found === undefined ? { ...read, plan, seen } : { ...read, plan, seen, found }
  tellUnmatched(whole, notes)
  if (found !== undefined && !notes.refused()) tellLeftOut(job, found, read, notes)
  return whole
}

/** A rule that is misspelled matches nobody, in the list or live. Whom a find looks for by name is told by itself. */
export function tellUnmatched({ plan: { rules }, found }: Read, notes: Notes): void {
  const include = rules.include.unmatched().filter((selector) => found === undefined || !namesSomebody(selector))
  for (const { text, source, line } of [...rules.exclude.unmatched(), ...include]) {
    notes.warn(`The selector ${quote(text)} in "${source}", line ${line}, matches no account. Is it spelled right?`)
  }
}
