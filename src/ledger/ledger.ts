import { cleanCause, type Shown } from '../account/cause.ts'
import { type AccountResult, type Tally, tally } from '../account/result.ts'
import { entryOf, type Plan, wantedBy } from '../plan/plan.ts'
import type { JournalEvent } from './events.ts'
import { type Fate, fold, initialFate, resultsOf, untouched } from './fold.ts'
import type { Journal } from './journal.ts'

/** What became of every account of the plan. The journal on disk says the same. */
export type Ledger = ReturnType<typeof openLedger>

/** Opens the ledger over a journal. @param shown cleans texts from outside: what is written and what is folded are the same */
export function openLedger({ begin, append, toDisk, retry, close }: Journal, shown: Shown) {
  const fates = new Map<string, Fate>()
  let current: Plan | null = null
  /** Null where the plan or a fate has changed since. */
  let counted: Tally | null = null
  const fateOf = (id: string): Fate => {
    const known = fates.get(id)
    if (known !== undefined) return known
    const entry = current === null ? undefined : entryOf(current, id)
    return current === null || entry === undefined ? untouched('skipped') : initialFate(entry.decision, current.waiting)
  }
  const results = (): Iterable<AccountResult> => (current === null ? [] : resultsOf(current, fates))
  return {
    /** Takes the plan as it is now; an older one counts no more. */
    adopt: (plan: Plan): void => {
      current = plan
      counted = null
    },
    /** The one way in: writes the journal's line, then folds it into the account's fate. */
    note: (event: JournalEvent): void => {
      const clean = cleaned(event, shown)
      if (clean.event === 'run') begin(clean)
      else append(clean)
      if (!('account' in clean) || current === null) return
      counted = null
      fates.set(clean.account, fold(fateOf(clean.account), clean, wantedBy(current.rules.change)))
    },
    fate: fateOf,
    /** Accounts for which something was sent of which nobody knows what came of it. */
    open: (): readonly string[] => [...fates].flatMap(([id, fate]) => (fate.open > 0 ? [id] : [])),
    /** One result for each listed account, in list order. */
    results,
    tally: (): Tally => {
      counted ??= tally(results())
      return counted
    },
    plan: (): Plan | null => current,
    /** Resolves when everything noted is on the disk itself; to false where it is not, and nothing may be sent. */
    toDisk,
    retry,
    close,
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
