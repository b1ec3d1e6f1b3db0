import type { ListedAccount } from '../account/listed-account.ts'
import type { Settings } from '../account/settings.ts'
import type { Log } from '../log.ts'
import type { Notes } from '../notes.ts'
import { targetsOf } from '../plan/plan.ts'
import { count, duration, thousands } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import { SHORT_PATIENCE, withPatience } from '../world/patience.ts'
import { createProgress, type Progress } from '../world/progress.ts'
import { runCanary } from './canary.ts'
import type { RolloutContext } from './context.ts'
import { settle, unconfirmed } from './read-back.ts'
import { rollOut } from './rollout.ts'

export interface ChangeRules extends Pick<Settings, 'canarySize' | 'canaryPauseSeconds' | 'maxFailures'> {
  /** When the run stops starting accounts. Milliseconds since the epoch. */
  readonly deadline: number
  /** Called once the canary is through. */
  readonly onCanaryPassed: () => void
}

/**
 * Changes the plan's targets: the canary first, and only when it is through, the rest. Last of all it looks for what came
 * of requests whose answers were lost.
 */
export async function changeAccounts(
  context: RolloutContext,
  rules: ChangeRules,
  notes: Notes,
  log: Log,
): Promise<void> {
  const targets = targetsOf(context.plan)
  await inOrder(context, targets, rules, notes, log)
  await settle(context, context.ledger.open())
  await countActive(context, notes, log, 'activeAfter')
}

async function inOrder(
  context: RolloutContext,
  targets: readonly ListedAccount[],
  { canarySize, canaryPauseSeconds, maxFailures, deadline, onCanaryPassed }: ChangeRules,
  notes: Notes,
  log: Log,
): Promise<void> {
  const { clock, ledger } = context
  const ids = targets.map(({ id }) => id)
  log.info(
    `Canary: changing ${count(Math.min(canarySize, targets.length), 'account')} one by one, each read back before anything else.`,
  )
  const passed = await runCanary(context, targets, canarySize, canaryPauseSeconds * 1000)
  if (!passed) return
  notes.learn({ canaryFinishedAt: timestamp(clock.now()) })
  onCanaryPassed()
  const left = ids.filter((id) => ledger.fate(id).state === 'not-attempted').length
  log.info(`The canary is through. Rollout: ${count(left, 'account')} to go.`)
  if (left === 0) return
  await countActive(context, notes, log, 'activeAfterCanary')
  let warned = false
  const progress = createProgress(left, clock, log.info, (time) => {
    if (warned || clock.now() + time <= deadline) return
    warned = true
    notes.warn(
      `At the pace so far the list takes ${duration(time)} more, but "deadline-minutes" ends the run before: the rest will be left for another run.`,
    )
  })
  const { failed, unknown } = ledger.tally().counts
  let through = 0
  let reading: Progress | null = null
  const onProgress = (): void => {
    progress.step()
    if (++through < left) return
    const open = unconfirmed(context, ids).length
    if (open > 0) log.info(`Reading back ${count(open, 'account')}.`)
    reading = open > 0 ? createProgress(open, clock, log.info) : null
  }
  const onReadBack = (): void => reading?.step()
  await rollOut({ ...context, onReadBack }, ids, maxFailures, failed + unknown, onProgress)
}

/** Reads again how many managed accounts are active, as the manual procedure does; not known is no failure. */
async function countActive(
  { directory, stop, clock }: RolloutContext,
  notes: Notes,
  log: Log,
  when: 'activeAfterCanary' | 'activeAfter',
): Promise<void> {
  if (directory === null || stop.cause() !== null) return
  const read = await withPatience(clock, stop.changes, SHORT_PATIENCE, directory.countActive)
  if (read.kind !== 'read') return
  notes.learn({ [when]: read.value })
  const { activeBefore } = notes.figures()
  log.info(
    `Active managed accounts: ${thousands(read.value)} now, ${activeBefore === null ? 'unknown' : thousands(activeBefore)} before.`,
  )
}
