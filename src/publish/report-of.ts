import { cleanCause } from '../account/cause.ts'
import { plans } from '../account/decision.ts'
import { type LateActivity, lateActivity } from '../account/facts.ts'
import { freedLicences } from '../account/licences.ts'
import { isStopCause } from '../account/reasons.ts'
import { type AccountResult, OUTCOMES, type Tally, tally } from '../account/result.ts'
import { type Job, shownBy } from '../job.ts'
import type { Replay } from '../ledger/replay.ts'
import { activityDay } from '../list/found-list.ts'
import { allFindings } from '../notes.ts'
import type { Plan } from '../plan/plan.ts'
import { type Ending, endingOf, UNFINISHED } from '../report/ending.ts'
import { maskAccount, maskPerson, type RunReport, type Target } from '../report/report.ts'
import { MOST_NAMED } from '../report/sections.ts'
import { count } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import type { Standing } from './story.ts'

/** The report of the run as it stands, with all personal data masked where privacy asks for it. */
export function reportOf(run: Standing, ending: Ending): RunReport {
  return { ...reportWithoutAccounts(run, ending), accounts: [...shownAccounts(run)] }
}

/** The same with its counts, but without a line for each account: they may be a million. */
export function reportWithoutAccounts({ job, notes, ledger }: Standing, ending: Ending): RunReport {
  const { settings, context, world, change, privacy, startedAt, today, resultsPath } = job
  const { mode, organizationId, given } = settings
  const { runId, runAttempt, runUrl } = context
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
    activity: ends && plan !== null ? lateActivityOf(plan, startedAt) : null,
    licences: ends ? freedLicences(ledger.results()) : null,
    counts,
    guards: allFindings(notes.findings).map((one) => clean(one, 'found', 'limit', 'message', 'fix')),
    warnings: notes.warnings.map(world.log.clean),
    whom: plan !== null && plans(mode) ? whomOf(job, plan) : [],
    startedBy: context.actor,
    attemptStartedBy: context.triggeringActor,
    commit: context.sha,
    workflow: context.workflowRef,
    emailed: change === 'restore' ? 0 : counts.planned + counts.deactivated,
    settings: clean(given, ...Object.keys(given)),
    accounts: [],
    startedAt: timestamp(startedAt),
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

/** Groups of one account that a report names. */
const MOST_GROUPS = 3

/** The first of those whom a plan would change, with what a reviewer asks about them: masked, without groups and activity. */
function whomOf({ world, privacy }: Job, { entries }: Plan): readonly Target[] {
  const { clean } = world.log
  const targets = entries.values().filter(({ decision: { kind } }) => kind !== 'skip' && kind !== 'unreadable')
  return Array.from(targets.take(MOST_NAMED), ({ account, lastActive }) => {
    const { id, email, name, line, due, groupCells, lastSeen } = account
    const person = { id, email, name, line, due, groups: '', lastActive: '' }
    if (privacy === 'masked') return maskPerson(person)
    const groups = groupCells.slice(0, MOST_GROUPS).map(({ text }) => text)
    const more = groupCells.length > MOST_GROUPS ? ` and ${groupCells.length - MOST_GROUPS} more` : ''
    const last = activityDay(lastActive) || lastSeen
    return { ...person, groups: clean(groups.join(', ')) + more, lastActive: clean(last) }
  })
}

/** How many of the plan's targets were active lately. @param now milliseconds since the epoch */
export function lateActivityOf({ entries }: Plan, now: number): LateActivity {
  const targets = entries.filter(({ decision }) => decision.kind !== 'skip')
  const activities = targets.map(({ lastActive }) => lastActive)
  return lateActivity(activities, now)
}

/** The accounts without what must not be shown. */
export function* shownAccounts({ job, ledger }: Standing): Generator<AccountResult> {
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
    licences: report.licences && freedLicences(accounts),
    changed: changed === 0 ? 'No change is known.' : `${count(changed, 'account was', 'accounts were')} changed.`,
    next: `Run again for the rest: accounts that are done are not changed again.${counts.unknown === 0 ? '' : look}`,
    finishedAt: at,
  }
}

/** What main had found out about its own end: the whole of it, the first cause that stopped it, or nothing. */
function endingFrom({ mode, change }: RunReport, found: Replay, figures: Tally): Omit<Ending, 'changed' | 'next'> {
  const { end, stop, canaryPassed, unreadable } = found
  if (unreadable !== '') {
    const headline = `The run ended before it could publish, and its journal could not be read: ${unreadable}.`
    return { ...UNFINISHED, headline }
  }
  const outcome = OUTCOMES.find((known) => known === end?.outcome)
  if (end !== null && outcome !== undefined) {
    const headline = 'The run finished, but the step ended before it could publish.'
    return { outcome, reason: end.reason, headline }
  }
  if (stop === null || !isStopCause(stop.cause))
    return { ...UNFINISHED, headline: 'The run was killed before it finished.' }
  const facts = { mode, change, tally: figures, stopCause: stop.cause, canaryPassed, byDirectoryAlone: 0 }
  const stopped = endingOf(facts)
  return { ...stopped, headline: `${stopped.headline} It ended before it could publish.` }
}
