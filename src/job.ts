import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shown } from './account/cause.ts'
import type { Change, Mode } from './account/decision.ts'
import { type RunContext, readContext } from './github/context.ts'
import { namesRefused, resolvePrivacy } from './settings/privacy.ts'
import { plansRestore } from './settings/rules.ts'
import { parseSettings, type SettingsOutcome } from './settings/settings.ts'
import { dayOf } from './world/clock.ts'
import type { World } from './world/world.ts'

/** What is settled before anything is read, and never changes: what was asked, by which run, when, and where files go. */
export type Job = Exclude<Awaited<ReturnType<typeof openJob>>, Refused>

/** What is wrong with the inputs, and how many more problems there are. */
export type Refused = Pick<Extract<SettingsOutcome, { ok: false }>, 'problems' | 'hidden'>

/** Settles what the run goes by, or says what is wrong with its inputs. From then on the log shows what it may. */
export async function openJob(world: World) {
  const { env, log } = world
  const context = contextOf(world)
  const parsed = parseSettings(env, log.clean)
  if (!parsed.ok) return parsed
  const { settings } = parsed
  const privacy = await resolvePrivacy(settings, context)
  const problems = await namesRefused(settings, context, privacy)
  if (problems.length > 0) return { problems, hidden: 0 }
  log.showPersonalData(privacy === 'full')
  for (const notice of parsed.notices) log.notice(notice)
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
    /** The results artifact's: as given, else from mode and attempt, because a name is taken once per run. */
    artifactName: settings.artifactName || `atlassian-users-${settings.mode}-${context.runAttempt}`,
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
  const { clean } = world.log
  return { text: clean, words: privacy === 'masked' ? () => '' : clean }
}
