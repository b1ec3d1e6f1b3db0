import { changes } from '../account/decision.ts'
import { unanswered } from '../account/left-out.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Notes } from '../notes.ts'
import { type Ending, endingOf, refusedEnding, unexpectedEnding } from '../report/ending.ts'
import type { Stop } from '../rollout/stop.ts'
import type { Read } from '../subject/read-plan.ts'
import { count, errorText } from '../text/words.ts'

/** What a run goes by, and what accumulates while it goes on. */
export type Standing = Readonly<{ job: Job; notes: Notes; ledger: Ledger; stop: Stop }>

/** How a run ended, and what it had read: null where the list or the rules could not be. */
export type Story = Readonly<{ ending: Ending; read: Read | null }>

/** How the run ends as it stands. */
export function endOf({ job, notes, ledger, stop }: Standing, read: Read | null): Story {
  const { mode } = job.settings
  const stopCause = stop.cause()
  // What could not be read because of a stop is no refusal.
  if (notes.refused() && (read !== null || stopCause === null)) return { ending: refusedEnding(notes.findings), read }
  const { canaryFinishedAt, byDirectoryAlone, leftOut } = notes.figures()
  const ending = endingOf({
    mode,
    change: job.change,
    tally: ledger.tally(),
    stopCause,
    canaryPassed: !changes(mode) || canaryFinishedAt !== '',
    byDirectoryAlone,
    unanswered: unanswered(leftOut),
  })
  if (ending.outcome === 'completed' && changes(mode)) tellOddSkips(ledger, notes)
  return { ending, read }
}

/** Skips that a green run must not hide. */
const ODD = ['scim-managed', 'unmanaged', 'not-manageable', 'identity-mismatch', 'fact-unknown', 'not-found'] as const

function tellOddSkips(ledger: Ledger, notes: Notes): void {
  const reasons = new Map<string, number>()
  for (const { reason } of ledger.results()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const odd = ODD.filter((reason) => reasons.has(reason))
  const told = odd.map((reason) => `${count(reasons.get(reason) ?? 0, 'account')} ${reason}`)
  if (told.length === 0) return
  notes.warn(`Completed, but some listed accounts were skipped that you may expect to be changed: ${told.join(', ')}.`)
}

/** What became of accounts that were being changed when the error came is unknown: the ledger says so already. */
export function unexpected({ job, notes, ledger, stop }: Standing, error: unknown): Story {
  const message = errorText(error)
  job.world.log.debug(error instanceof Error ? (error.stack ?? message) : message)
  stop.halt('unexpected')
  notes.learn({ live: true })
  return { ending: unexpectedEnding(message, ledger.tally(), job.settings.mode), read: null }
}
