import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countStates } from './account/counts.ts'
import type { Change } from './account/decision.ts'
import { GUARDS, type GuardFinding } from './account/guard.ts'
import type { AccountRecord, AccountResult, Pause } from './account/result.ts'
import type { Selector } from './account/selector.ts'
import type { Settings } from './account/settings.ts'
import { fullName, type RunContext, readContext } from './github/context.ts'
import { type Journal, openJournal } from './ledger/journal.ts'
import type { Plan } from './plan/plan.ts'
import type { Ending } from './report/ending.ts'
import { maskAccount } from './report/mask-account.ts'
import type { RunReport } from './report/report.ts'
import { createStop, type Stop } from './rollout/stop.ts'
import type { Privacy } from './settings/privacy.ts'
import { plansRestore } from './settings/settings.ts'
import type { LineProblem } from './subject/subject.ts'
import { dayOf, timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/** One run of the action: what it was asked, and what it has learned so far. The reports are made from it. */
export interface Run {
  readonly world: World
  readonly settings: Settings
  readonly context: RunContext
  /** Folder of the result files; its parent is the run's own. */
  readonly resultsPath: string
  readonly journal: Journal
  readonly stop: Stop
  readonly change: Change
  readonly startedAt: number
  readonly today: string
  readonly privacy: Privacy
  readonly findings: GuardFinding[]
  readonly warnings: string[]
  /** Null until the list and the rules are read. */
  plan: Plan | null
  /** What is wrong with which lines of the list; `file` is empty where it is not in the workspace. */
  lineProblems: { readonly file: string; readonly problems: readonly LineProblem[] }
  /** What was read, for the approval to compare with the commit; null where it is not a file of the workspace. */
  list: ReadFile | null
  excludeFile: ReadFile | null
  /** The exclusions of both inputs, once they are read. */
  exclusions: readonly Selector[]
  /** In words, where the list came from. */
  source: string
  /** Something was read from Atlassian. */
  live: boolean
  pauses: readonly Pause[]
  canaryFinishedAt: string
  active: { before: number | null; afterCanary: number | null; after: number | null }
}

/** A file of the workspace as it was read. */
export interface ReadFile {
  /** As it was written, relative to the workspace, with `/`. */
  readonly path: string
  /** Where that really was, all links followed. */
  readonly realPath: string
  readonly bytes: Uint8Array
}

/** Makes the run's folders and opens its journal. */
export function openRun(world: World, settings: Settings, context: RunContext, privacy: Privacy): Run {
  const startedAt = world.clock.now()
  const resultsPath = join(mkdtempSync(join(context.tempDir, 'atlassian-users-')), 'results')
  mkdirSync(resultsPath)
  const journal = openJournal(join(resultsPath, 'journal.jsonl'), (line) => world.log.clean(line))
  const stop = createStop(world.clock, (cause) =>
    journal.append({ event: 'stop', at: timestamp(world.clock.now()), cause }),
  )
  return {
    world,
    settings,
    context,
    resultsPath,
    journal,
    stop,
    change: settings.mode === 'restore' || plansRestore(settings) ? 'restore' : 'deactivate',
    startedAt,
    today: dayOf(startedAt),
    privacy,
    findings: [],
    warnings: [],
    plan: null,
    lineProblems: { file: '', problems: [] },
    list: null,
    excludeFile: null,
    exclusions: [],
    source: '',
    live: false,
    pauses: [],
    canaryFinishedAt: '',
    active: { before: null, afterCanary: null, after: null },
  }
}

/** The lines of the results, in list order. */
export function recordsOf(run: Run): readonly AccountRecord[] {
  return (run.plan?.entries ?? []).map(({ record }) => record)
}

/** What the runner says about this run, the event's payload included. */
export function contextOf(world: World): RunContext {
  return readContext(world.env, (path) => readFileSync(path, 'utf8'))
}

/** Writes the journal's first line, once the digest is known or the run ends without one. */
export function beginJournal({ journal, settings, context, plan, world }: Run): void {
  journal.begin({
    event: 'run',
    schemaVersion: 1,
    at: timestamp(world.clock.now()),
    run: context.runUrl === '' ? `attempt ${context.runAttempt}` : `${context.runUrl}/attempts/${context.runAttempt}`,
    mode: settings.mode,
    digest: plan?.digest ?? '',
  })
}

/** Notes what guards found. */
export function note(run: Run, ...findings: readonly GuardFinding[]): void {
  for (const finding of findings) {
    run.findings.push(finding)
    if (finding.verdict === 'waived') warn(run, finding.message)
    if (finding.verdict === 'reported') warn(run, `${finding.message} ${finding.fix}`)
  }
}

/** Whether a guard has refused so far. */
export function isRefused(run: Run): boolean {
  return run.findings.some((finding) => finding.verdict === 'refused')
}

/** Tells something that needs attention, in the log and in the reports. */
export function warn(run: Run, text: string): void {
  run.warnings.push(text)
  run.world.log.warning(text)
}

/** The report of the run as it stands, with all personal data masked where privacy asks for it. */
export function reportOf(run: Run, ending: Ending): RunReport {
  return { ...reportWithoutAccounts(run, ending), accounts: shownAccounts(run) }
}

/** The same with its counts, but without a line for each account: they may be a million. */
export function reportWithoutAccounts(run: Run, ending: Ending): RunReport {
  const { settings, context, world } = run
  const clean = (text: string): string => world.log.clean(text)
  const counts = countStates(recordsOf(run))
  return {
    mode: settings.mode,
    change: run.change,
    outcome: ending.outcome,
    reason: ending.reason,
    headline: clean(ending.headline),
    changed: clean(ending.changed),
    next: clean(ending.next),
    planDigest: run.plan?.digest ?? '',
    today: run.today,
    source: clean(run.source),
    organizationId: settings.organizationId,
    privacy: run.privacy,
    live: run.live,
    counts,
    guards: run.findings
      .toSorted((a, b) => GUARDS.indexOf(a.guard) - GUARDS.indexOf(b.guard))
      .map((finding) => ({
        ...finding,
        found: clean(finding.found),
        limit: clean(finding.limit),
        message: clean(finding.message),
        fix: clean(finding.fix),
      })),
    warnings: run.warnings.map(clean),
    emailed: run.change === 'restore' ? 0 : counts.planned + counts.deactivated,
    settings: Object.fromEntries(Object.entries(settings.given).map(([name, value]) => [name, clean(value)])),
    accounts: [],
    pauses: run.pauses,
    canaryFinishedAt: run.canaryFinishedAt,
    activeBefore: run.active.before,
    activeAfterCanary: run.active.afterCanary,
    activeAfter: run.active.after,
    startedAt: timestamp(run.startedAt),
    finishedAt: timestamp(world.clock.now()),
    repository: fullName(context.repository),
    runId: context.runId,
    runAttempt: context.runAttempt,
    runUrl: context.runUrl,
    artifact: null,
    resultsPath: run.resultsPath,
  }
}

/** The accounts without what must not be shown. */
function shownAccounts(run: Run): readonly AccountResult[] {
  const { log } = run.world
  const mask = run.privacy === 'masked' ? maskAccount : (account: AccountResult) => account
  // Whatever Atlassian answered may stand in a detail, also a key that its answer wrote in another way.
  return recordsOf(run).map((record) =>
    mask(record.detail === '' ? record : { ...record, detail: log.clean(record.detail) }),
  )
}
