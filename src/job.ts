import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shown } from './account/cause.ts'
import type { Change } from './account/decision.ts'
import type { Mode } from './account/mode.ts'
import { type RunContext, readContext } from './github/context.ts'
import type { Settings } from './settings/inputs.ts'
import type { Privacy } from './settings/privacy.ts'
import { plansRestore } from './settings/rules.ts'
import { dayOf } from './world/clock.ts'
import type { World } from './world/world.ts'

/** What is settled before anything is read, and never changes: what was asked, by which run, when, and where files go. */
export type Job = ReturnType<typeof openJob>

/** Settles what the run goes by, and makes its folders. */
export function openJob(world: World, settings: Settings, context: RunContext, privacy: Privacy) {
  const startedAt = world.clock.now()
  const resultsPath = join(mkdtempSync(join(context.tempDir, 'atlassian-users-')), 'results')
  mkdirSync(resultsPath)
  const change: Change = settings.mode === 'restore' || plansRestore(settings) ? 'restore' : 'deactivate'
  const aim: Mode = change === 'restore' ? 'restore' : settings.mode
  return Object.freeze({
    world,
    settings,
    context,
    privacy,
    change,
    /** The mode whose guards count: what a plan of a restore plans is a restore. */
    aim,
    /** Milliseconds since the epoch. */
    startedAt,
    /** `YYYY-MM-DD`, UTC. */
    today: dayOf(startedAt),
    /** Folder of the result files; its parent is the run's own. */
    resultsPath,
  })
}

/** What the runner says about this run, the event's payload included. */
export function contextOf(world: World): RunContext {
  return readContext(world.env, (path) => readFileSync(path, 'utf8'))
}

/** How the run may write down texts from outside: masked, only Atlassian's keys are shown, never its words. */
export function shownBy({ privacy, world }: Pick<Job, 'privacy' | 'world'>): Shown {
  return {
    text: world.log.clean,
    words: privacy === 'masked' ? () => '' : world.log.clean,
  }
}
