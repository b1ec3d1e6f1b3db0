import { hasFailed } from '../account/result.ts'
import { type Live, readActiveCount } from '../look/live.ts'
import { type Plan, targetsOf } from '../plan/plan.ts'
import { updateOutputs } from '../publish/publish.ts'
import { type Run, recordsOf, warn } from '../run.ts'
import { count, duration } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import { createProgress } from '../world/progress.ts'
import { runCanary } from './canary.ts'
import type { RolloutContext } from './context.ts'
import { rollOut } from './rollout.ts'

/** What a deadline leaves for the last changes to be read back; the job has some minutes more, to publish. Milliseconds. */
const LONGEST_READ_BACK = 5 * 60_000

/** Changes the plan's targets: the canary first, and only when it is through, the rest. */
export async function changeAccounts(run: Run, live: Live, plan: Plan): Promise<void> {
  const { settings, stop, world } = run
  const context: RolloutContext = {
    ...live,
    journal: run.journal,
    clock: world.clock,
    stop,
    change: run.change,
    message: settings.message,
    concurrency: settings.concurrency,
  }
  const targets = targetsOf(plan).map(({ record }) => record)
  const failedBefore = recordsOf(run).filter(hasFailed).length
  world.log.info(
    `Canary: changing ${count(Math.min(settings.canarySize, targets.length), 'account')} one by one, each read back before anything else.`,
  )
  const passed = await runCanary(context, targets, settings.canarySize, settings.canaryPauseSeconds * 1000)
  if (!passed) return
  run.canaryFinishedAt = timestamp(world.clock.now())
  updateOutputs(run)
  const rest = targets.filter((target) => target.state === 'not-attempted')
  world.log.info(`The canary is through. Rollout: ${count(rest.length, 'account')} to go.`)
  if (rest.length === 0) return
  await readActiveCount(run, live, 'afterCanary')

  const deadline = run.startedAt + settings.deadlineMinutes * 60_000
  let warned = false
  const progress = createProgress(rest.length, world.clock, world.log.info, (left) => {
    if (warned || world.clock.now() + left <= deadline) return
    warned = true
    warn(
      run,
      `At the pace so far the list takes ${duration(left)} more, but "deadline-minutes" ends the run before: the rest will be left for another run.`,
    )
  })
  await rollOut(
    context,
    targets,
    {
      failedBefore,
      maxFailures: settings.maxFailures,
      readBackUntil: deadline + LONGEST_READ_BACK,
    },
    progress.step,
  )
}
