import { cleanCause, type Shown } from '../account/cause.ts'
import { type AccountResult, type Tally, tally } from '../account/result.ts'
import { entryOf, type Plan, wantedBy } from '../plan/plan.ts'
import type { AccountEvent, JournalEvent, RunEvent } from './events.ts'
import { type Fate, fold, untouched } from './fold.ts'
import type { Journal } from './journal.ts'
import { initialFate, resultsOf } from './results.ts'

/** What became of every account of the plan. The journal on disk says the same. */
export interface Ledger {
  /** Takes the plan as it is now; an older one counts no more. */
  adopt(plan: Plan): void
  /** The one way in: writes the journal's line, then folds it into the account's fate. */
  note(event: AccountEvent | RunEvent): void
  /** Resolves when everything noted is on the disk itself; false where it is not, and nothing may be sent. */
  toDisk(): Promise<boolean>
  fate(id: string): Fate
  /** Accounts for which something was sent of which nobody knows what came of it. */
  open(): readonly string[]
  /** One result for each listed account, in list order. */
  results(): Iterable<AccountResult>
  tally(): Tally
  plan(): Plan | null
}

/**
 * Opens the ledger over a journal.
 *
 * @param shown takes secrets, and personal data where privacy asks for it, out of a text from outside: what is written
 *   and what is folded are the same
 */
export function openLedger(journal: Journal, shown: Shown): Ledger {
  const fates = new Map<string, Fate>()
  let current: Plan | null = null
  const fateOf = (id: string): Fate => {
    const known = fates.get(id)
    if (known !== undefined) return known
    const entry = current === null ? undefined : entryOf(current, id)
    return current === null || entry === undefined ? untouched('skipped') : initialFate(entry.decision, current.waiting)
  }
  const results = (): Iterable<AccountResult> => (current === null ? [] : resultsOf(current, fates))
  return {
    adopt: (plan) => {
      current = plan
    },
    note: (event) => {
      const clean = cleaned(event, shown)
      if (clean.event === 'run') return journal.begin(clean)
      journal.append(clean)
      if (!('account' in clean) || current === null) return
      fates.set(clean.account, fold(fateOf(clean.account), clean, wantedBy(current.rules.change)))
    },
    toDisk: journal.toDisk,
    fate: fateOf,
    open: () => [...fates].flatMap(([id, fate]) => (fate.open > 0 ? [id] : [])),
    results,
    tally: () => tally(results()),
    plan: () => current,
  }
}

function cleaned<E extends JournalEvent>(event: E, shown: Shown): E {
  switch (event.event) {
    case 'answer':
    case 'read':
      return { ...event, key: shown.text(event.key), words: shown.words(event.words) }
    case 'cause':
      return { ...event, cause: cleanCause(event.cause, shown) }
    case 'pause':
      return { ...event, why: shown.text(event.why) }
    default:
      return event
  }
}
