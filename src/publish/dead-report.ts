import { type Tally, tally } from '../account/counts.ts'
import { freedLicences } from '../account/licences.ts'
import { isStopCause } from '../account/reasons.ts'
import { OUTCOMES } from '../account/result.ts'
import type { Replay } from '../ledger/replay.ts'
import { type Ending, endingOf, UNFINISHED } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { count } from '../text/words.ts'

/** The report of a run that died, from what it left. @param at ISO 8601 UTC */
export function reportOfDead(report: RunReport, found: Replay, at: string): RunReport {
  const figures = tally(found.accounts)
  const { counts } = figures
  const changed = counts.deactivated + counts.restored
  const unknown =
    counts.unknown === 0
      ? ''
      : ` ${count(counts.unknown, 'account')} ended in an unknown state: look at each on admin.atlassian.com.`
  return {
    ...report,
    ...endingFrom(report, found, figures),
    accounts: found.accounts,
    counts,
    emailed: counts.deactivated,
    licences: report.licences === null ? null : freedLicences(found.accounts),
    changed:
      changed === 0 ? 'No change is known.' : `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} changed.`,
    next: `Run again for the rest: accounts that are done are not changed again.${unknown}`,
    finishedAt: at,
  }
}

/** What main had found out about its own end: the whole of it, the first cause that stopped it, or nothing. */
function endingFrom(report: RunReport, found: Replay, figures: Tally): Pick<Ending, 'outcome' | 'reason' | 'headline'> {
  const { end, stop, canaryPassed, unreadable } = found
  if (unreadable !== '') {
    const { outcome, reason } = UNFINISHED
    const headline = `The run ended before it could publish, and its journal could not be read: ${unreadable}.`
    return { outcome, reason, headline }
  }
  const outcome = OUTCOMES.find((known) => known === end?.outcome)
  if (end !== null && outcome !== undefined) {
    const headline = 'The run finished, but the step ended before it could publish.'
    return { outcome, reason: end.reason, headline }
  }
  if (stop === null || !isStopCause(stop.cause)) {
    const { outcome, reason } = UNFINISHED
    return { outcome, reason, headline: 'The run was killed before it finished.' }
  }
  const { mode, change } = report
  const facts = { mode, change, tally: figures, stopCause: stop.cause, canaryPassed, byDirectoryAlone: 0 }
  const stopped = endingOf(facts)
  return { ...stopped, headline: `${stopped.headline} It ended before it could publish.` }
}
