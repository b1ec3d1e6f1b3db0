import { hasFailed } from '../account/result.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import { targetsOf } from '../plan/plan.ts'
import type { Settings } from '../settings/inputs.ts'
import { count, duration, thousands } from '../text/words.ts'
import { SHORT_PATIENCE, timestamp, withPatience } from '../world/clock.ts'
import { inParallel } from '../world/parallel.ts'
import { createProgress } from '../world/progress.ts'
import { changeAccount } from './attempt.ts'
import { openBulkReads } from './bulk-reads.ts'
import { runCanary } from './canary.ts'
import type { RolloutContext } from './context.ts'
import { lookAt, readBack, settle, unconfirmed } from './read-back.ts'

export interface Rollout extends RolloutContext, Pick<Settings, 'canarySize' | 'canaryPauseSeconds' | 'maxFailures'> {
  readonly notes: Notes
  readonly log: Log
  /** When the run stops starting accounts. Milliseconds since the epoch. */
  readonly deadline: number
  /** Called once the canary is through. */
  readonly onCanaryPassed: () => void
}

/** Changes the plan's targets: the canary, once that is through the rest; last, looks for what lost answers came to. */
export async function changeAccounts(rollout: Rollout): Promise<void> {
  const { canarySize, ledger, log, plan } = rollout
  const canaries = count(Math.min(canarySize, targetsOf(plan).length), 'account')
  log.info(`Canary: changing ${canaries} one by one, each read back before anything else.`)
  if (await runCanary(rollout)) await changeRest(rollout)
  await settle(rollout, ledger.open())
  await countActive(rollout, 'activeAfter')
}

/** Changes the rest, several at a time, until a stop. What settles is read back on the way: a deadline ends that. */
async function changeRest(rollout: Rollout): Promise<void> {
  const { clock, concurrency, directory, ledger, log, maxFailures, notes, stop } = rollout
  notes.learn({ canaryFinishedAt: timestamp(clock.now()) })
  rollout.onCanaryPassed()
  const isLeft = (id: string): boolean => ledger.fate(id).attempts === 0 && ledger.fate(id).state === 'not-attempted'
  const rest = targetsOf(rollout.plan)
    .map(({ id }) => id)
    .filter(isLeft)
  log.info(`The canary is through. Rollout: ${count(rest.length, 'account')} to go.`)
  if (rest.length === 0) return
  await countActive(rollout, 'activeAfterCanary')

  const step = createProgress(rest.length, clock, log.info, warnOfDeadline(rollout))
  const { failed, unknown } = ledger.tally().counts
  let failures = failed + unknown
  let stepBack = (): void => undefined
  const context: RolloutContext = { ...rollout, onReadBack: () => stepBack() }
  // With a directory, changes are read back many at a time; one by one otherwise, right after the change.
  const bulk = directory && openBulkReads(context, directory)
  const change = async (id: string): Promise<void> => {
    await changeAccount(context, id)
    if (hasFailed(ledger.fate(id)) && ++failures > maxFailures) stop.halt('too-many-failures')
    if (bulk === null && unconfirmed(context, [id]).length > 0) await lookAt(context, id)
    bulk?.changed(id)
    step()
  }
  await inParallel(rest, concurrency, change, () => stop.cause() !== null)
  const open = unconfirmed(context, rest).length
  if (open > 0 && stop.cause() === null) {
    log.info(`Reading back ${count(open, 'account')}.`)
    stepBack = createProgress(open, clock, log.info)
  }
  await bulk?.finish(rest)
  await readBack(context, rest)
}

/** Warns once that the pace so far is too slow for the deadline. */
function warnOfDeadline({ clock, deadline, notes }: Rollout): (millisecondsLeft: number) => void {
  let warned = false
  return (time) => {
    if (warned || clock.now() + time <= deadline) return
    warned = true
    notes.warn(
      `At the pace so far the list takes ${duration(time)} more, but "deadline-minutes" ends the run before: the rest will be left for another run.`,
    )
  }
}

/** Reads again how many managed accounts are active, as the manual procedure does; not known is no failure. */
async function countActive(rollout: Rollout, when: 'activeAfterCanary' | 'activeAfter'): Promise<void> {
  const { directory, stop, clock, notes, log } = rollout
  const { activeBefore } = notes.figures()
  if (directory === null || activeBefore === null || stop.cause() !== null) return
  const read = await withPatience(clock, stop.changes, SHORT_PATIENCE, directory.countActive)
  if (read.kind !== 'read') return
  notes.learn({ [when]: read.value })
  log.info(`Active managed accounts: ${thousands(read.value)} now, ${thousands(activeBefore)} before.`)
}
