import { type LateActivity, lateActivity } from '../account/activity.ts'
import { cleanCause } from '../account/cause.ts'
import type { Activity } from '../account/facts.ts'
import { freedLicences } from '../account/licences.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { plans } from '../account/mode.ts'
import type { AccountResult } from '../account/result.ts'
import { fullName } from '../github/context.ts'
import { type Job, shownBy } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { activityDay } from '../list/found-list.ts'
import { allFindings, type Notes } from '../notes.ts'
import type { Plan } from '../plan/plan.ts'
import type { Ending } from '../report/ending.ts'
import { maskAccount } from '../report/mask-account.ts'
import type { RunReport, Target } from '../report/report.ts'
import { MOST_NAMED } from '../report/sections/sections.ts'
import { maskEmail } from '../text/mask.ts'
import { timestamp } from '../world/clock.ts'

/** The report of the run as it stands, with all personal data masked where privacy asks for it. */
export function reportOf(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  return { ...reportWithoutAccounts(job, notes, ledger, ending), accounts: [...shownAccounts(job, ledger)] }
}

/** The same with its counts, but without a line for each account: they may be a million. */
export function reportWithoutAccounts(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  const { settings, context, world, change, privacy } = job
  const { clean } = world.log
  const { counts } = ledger.tally()
  const { source, columns, lineProblems: _, leftOut, ...figures } = notes.figures()
  const plan = ledger.plan()
  const ends = change === 'deactivate' && settings.mode !== 'verify' && figures.live
  return {
    mode: settings.mode,
    change,
    outcome: ending.outcome,
    reason: ending.reason,
    headline: clean(ending.headline),
    changed: clean(ending.changed),
    next: clean(ending.next),
    planDigest: plan?.digest ?? '',
    today: job.today,
    source: clean(source),
    columns: clean(columns),
    organizationId: settings.organizationId,
    privacy,
    ...figures,
    leftOut: leftOut.map(({ who, email, from, ...rest }) => {
      return { who: clean(who), email: clean(email), from: clean(from), ...rest }
    }),
    activity: ends && plan !== null ? lateActivityOf(plan, job.startedAt) : null,
    licences: ends ? freedLicences(ledger.results()) : null,
    counts,
    guards: allFindings(notes.findings).map((finding) => ({
      ...finding,
      found: clean(finding.found),
      limit: clean(finding.limit),
      message: clean(finding.message),
      fix: clean(finding.fix),
    })),
    warnings: notes.warnings.map(clean),
    whom: plans(settings.mode) ? whomOf(job, ledger) : [],
    startedBy: context.actor,
    attemptStartedBy: context.triggeringActor,
    commit: context.sha,
    workflow: context.workflowRef,
    emailed: change === 'restore' ? 0 : counts.planned + counts.deactivated,
    settings: Object.fromEntries(Object.entries(settings.given).map(([name, value]) => [name, clean(value)])),
    accounts: [],
    startedAt: timestamp(job.startedAt),
    finishedAt: timestamp(world.clock.now()),
    repository: fullName(context.repository),
    runId: context.runId,
    runAttempt: context.runAttempt,
    runUrl: context.runUrl,
    artifact: null,
    uses: usesOf(world.env),
    resultsPath: job.resultsPath,
  }
}

/** The action as a workflow names it. */
export function usesOf(env: NodeJS.ProcessEnv): string {
  return `${env.GITHUB_ACTION_REPOSITORY || 'OWNER/deactivate-atlassian-users'}@${env.GITHUB_ACTION_REF || 'v1'}`
}

/** The first of those whom a plan would change, with what a reviewer asks about them. */
function whomOf(job: Job, ledger: Ledger): readonly Target[] {
  const targets: Target[] = []
  for (const { account, decision, lastActive } of ledger.plan()?.entries ?? []) {
    if (decision.kind === 'skip' || decision.kind === 'unreadable') continue
    targets.push(targetOf(account, lastActive, job))
    if (targets.length === MOST_NAMED) break
  }
  return targets
}

/** In masked privacy groups and last activity are left out. */
function targetOf(
  { id, email, name, line, due, ...account }: ListedAccount,
  last: Activity,
  { privacy, world }: Job,
): Target {
  const { clean } = world.log
  if (privacy === 'masked')
    return { id, email: email === '' ? '' : maskEmail(email), name: '', line, due, groups: '', lastActive: '' }
  const [groups, more] = [account.groupCells.slice(0, MOST_GROUPS), account.groupCells.length - MOST_GROUPS]
  const lastActive = activityDay(last) || account.lastSeen
  return {
    id,
    email,
    name,
    line,
    due,
    groups: clean(groups.map(({ text }) => text).join(', ')) + (more > 0 ? ` and ${more} more` : ''),
    lastActive: clean(lastActive),
  }
}

/** Groups of one account that a report names. */
const MOST_GROUPS = 3

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
