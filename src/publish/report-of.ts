import { type LateActivity, lateActivity } from '../account/activity.ts'
import { cleanCause } from '../account/cause.ts'
import { type Tally, tally } from '../account/counts.ts'
import type { Activity } from '../account/facts.ts'
import { freedLicences } from '../account/licences.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { plans } from '../account/mode.ts'
import { isStopCause } from '../account/reasons.ts'
import { type AccountResult, OUTCOMES } from '../account/result.ts'
import { type Job, shownBy } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Replay } from '../ledger/replay.ts'
import { activityDay } from '../list/found-list.ts'
import { allFindings, type Notes } from '../notes.ts'
import type { Plan } from '../plan/plan.ts'
import { type Ending, endingOf, UNFINISHED } from '../report/ending.ts'
import { maskAccount, maskPerson, type RunReport, type Target } from '../report/report.ts'
import { MOST_NAMED } from '../report/sections.ts'
import type { Read } from '../subject/read-plan.ts'
import { count } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'

/** How a run ended, and what it had read. */
export interface Story {
  readonly ending: Ending
  /** Null where the list or the rules could not be read. */
  readonly read: Read | null
  /** Only seconds are left: the runner has been told to end. */
  readonly hurried: boolean
}

/** The results artifact's name: as given, else from mode and attempt, because a name is taken once per run. */
export function artifactNameOf({ settings, context }: Pick<Job, 'settings' | 'context'>): string {
  return settings.artifactName || `atlassian-users-${settings.mode}-${context.runAttempt}`
}

/** The report of the run as it stands, with all personal data masked where privacy asks for it. */
export function reportOf(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  return { ...reportWithoutAccounts(job, notes, ledger, ending), accounts: [...shownAccounts(job, ledger)] }
}

/** The same with its counts, but without a line for each account: they may be a million. */
export function reportWithoutAccounts(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  const { settings, context, world, change, privacy, today, resultsPath } = job
  const { mode, organizationId, given } = settings
  const { runId, runAttempt, runUrl, workflowRef, sha } = context
  const clean = <T extends object>(value: T, ...texts: readonly (keyof T)[]): T => {
    const cleaned = texts.map((name) => [name, world.log.clean(String(value[name]))])
    return { ...value, ...Object.fromEntries(cleaned) }
  }
  const { counts } = ledger.tally()
  const { lineProblems: _, ...figures } = notes.figures()
  const plan = ledger.plan()
  const ends = change === 'deactivate' && mode !== 'verify' && figures.live
  return {
    mode,
    change,
    ...clean(ending, 'headline', 'changed', 'next'),
    planDigest: plan?.digest ?? '',
    today,
    organizationId,
    privacy,
    ...clean(figures, 'source', 'columns'),
    leftOut: figures.leftOut.map((one) => clean(one, 'who', 'email', 'from')),
    activity: ends && plan !== null ? lateActivityOf(plan, job.startedAt) : null,
    licences: ends ? freedLicences(ledger.results()) : null,
    counts,
    guards: allFindings(notes.findings).map((one) => clean(one, 'found', 'limit', 'message', 'fix')),
    warnings: notes.warnings.map(world.log.clean),
    whom: plans(mode) ? whomOf(job, ledger) : [],
    startedBy: context.actor,
    attemptStartedBy: context.triggeringActor,
    commit: sha,
    workflow: workflowRef,
    emailed: change === 'restore' ? 0 : counts.planned + counts.deactivated,
    settings: clean(given, ...Object.keys(given)),
    accounts: [],
    startedAt: timestamp(job.startedAt),
    finishedAt: timestamp(world.clock.now()),
    repository: context.repository.fullName,
    runId,
    runAttempt,
    runUrl,
    artifact: null,
    uses: usesOf(world.env),
    resultsPath,
  }
}

/** The action as a workflow names it. */
export function usesOf(env: NodeJS.ProcessEnv): string {
  return `${env.GITHUB_ACTION_REPOSITORY || 'OWNER/deactivate-atlassian-users'}@${env.GITHUB_ACTION_REF || 'v1'}`
}

/** The first of those whom a plan would change, with what a reviewer asks about them. */
function whomOf(job: Job, ledger: Ledger): readonly Target[] {
  const entries = ledger.plan()?.entries ?? []
  const targets = entries.filter(({ decision: { kind } }) => kind !== 'skip' && kind !== 'unreadable')
  return targets.slice(0, MOST_NAMED).map(({ account, lastActive }) => targetOf(account, lastActive, job))
}

/** Groups of one account that a report names. */
const MOST_GROUPS = 3

/** In masked privacy groups and last activity are left out. */
function targetOf({ id, email, name, line, due, ...account }: ListedAccount, last: Activity, job: Job): Target {
  const { clean } = job.world.log
  const person = { id, email, name, line, due, groups: '', lastActive: '' }
  if (job.privacy === 'masked') return maskPerson(person)
  const groups = account.groupCells.slice(0, MOST_GROUPS).map(({ text }) => text)
  const more = account.groupCells.length - groups.length
  return {
    ...person,
    groups: clean(groups.join(', ')) + (more > 0 ? ` and ${more} more` : ''),
    lastActive: clean(activityDay(last) || account.lastSeen),
  }
}

/** How many of the plan's targets were active lately. @param now milliseconds since the epoch */
export function lateActivityOf({ entries }: Plan, now: number): LateActivity {
  const targets = entries.filter(({ decision }) => decision.kind !== 'skip')
  return lateActivity(
    targets.map(({ lastActive }) => lastActive),
    now,
  )
}

/** The accounts without what must not be shown. */
export function* shownAccounts(job: Job, ledger: Ledger): Generator<AccountResult> {
  const shown = shownBy(job)
  for (const account of ledger.results()) {
    const cleaned = account.cause === null ? account : { ...account, cause: cleanCause(account.cause, shown) }
    yield job.privacy === 'masked' ? maskAccount(cleaned) : cleaned
  }
}

/** The report of a run that died, from what it left. @param at ISO 8601 UTC */
export function reportOfDead(report: RunReport, found: Replay, at: string): RunReport {
  const { accounts } = found
  const figures = tally(accounts)
  const { counts } = figures
  const changed = counts.deactivated + counts.restored
  const look = ` ${count(counts.unknown, 'account')} ended in an unknown state: look at each on admin.atlassian.com.`
  return {
    ...report,
    ...endingFrom(report, found, figures),
    accounts,
    counts,
    emailed: counts.deactivated,
    licences: report.licences === null ? null : freedLicences(accounts),
    changed: changed === 0 ? 'No change is known.' : `${count(changed, 'account was', 'accounts were')} changed.`,
    next: `Run again for the rest: accounts that are done are not changed again.${counts.unknown === 0 ? '' : look}`,
    finishedAt: at,
  }
}

/** What main had found out about its own end: the whole of it, the first cause that stopped it, or nothing. */
function endingFrom(report: RunReport, found: Replay, figures: Tally): Pick<Ending, 'outcome' | 'reason' | 'headline'> {
  const { end, stop, canaryPassed, unreadable } = found
  const { mode, change } = report
  const died = (headline: string) => ({ outcome: UNFINISHED.outcome, reason: UNFINISHED.reason, headline })
  if (unreadable !== '')
    return died(`The run ended before it could publish, and its journal could not be read: ${unreadable}.`)
  const outcome = OUTCOMES.find((known) => known === end?.outcome)
  if (end !== null && outcome !== undefined) {
    const headline = 'The run finished, but the step ended before it could publish.'
    return { outcome, reason: end.reason, headline }
  }
  if (stop === null || !isStopCause(stop.cause)) return died('The run was killed before it finished.')
  const facts = { mode, change, tally: figures, stopCause: stop.cause, canaryPassed, byDirectoryAlone: 0 }
  const stopped = endingOf(facts)
  return { ...stopped, headline: `${stopped.headline} It ended before it could publish.` }
}
