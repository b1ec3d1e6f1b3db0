import { join } from 'node:path'
import { EVERY_FACT, toldSet } from './account/facts.ts'
import type { ListedAccount } from './account/listed-account.ts'
import { checkApproval } from './approval/approval.ts'
import type { ReadFile as ReviewedFile } from './approval/pull-request.ts'
import { contextOf, type Job, openJob, shownBy } from './job.ts'
import { openJournal } from './ledger/journal.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { connectAtlassian } from './look/connect.ts'
import { look } from './look/look.ts'
import { verifyAccounts } from './look/verify.ts'
import { type Notes, openNotes } from './notes.ts'
import { decide } from './plan/decide.ts'
import * as guards from './plan/guards.ts'
import { makePlan, narrow, type Plan, targetsOf } from './plan/plan.ts'
import { tellPlan } from './publish/plan-log.ts'
import {
  beginJournal,
  type Keeper,
  openKeeper,
  publish,
  publishRefusedInputs,
  startOutputs,
} from './publish/publish.ts'
import type { Read, Story } from './publish/story.ts'
import { type Ending, endingOf, refusedEnding, unexpectedEnding } from './report/ending.ts'
import { changeAccounts } from './rollout/change-accounts.ts'
import { createStop, type Stop } from './rollout/stop.ts'
import { readInputs, SECRETS } from './settings/inputs.ts'
import { resolvePrivacy } from './settings/privacy.ts'
import { notCarriedOut, parseSettings } from './settings/settings.ts'
import { exclusionsNobodyKnows, readSelectors, rulesOf } from './subject/read-rules.ts'
import { readSubject } from './subject/read-subject.ts'
import { tellSubject } from './subject/tell-subject.ts'
import { count, quote } from './text/words.ts'
import { timestamp } from './world/clock.ts'
import { sha256Of } from './world/files.ts'
import type { World } from './world/world.ts'

/**
 * One run, from the inputs to the last output: settings → list → plan → guards → approval → look → canary → rollout →
 * reports.
 *
 * @returns the exit code; a run that fails has said so in its outputs before
 */
export async function main(world: World): Promise<number> {
  const { env, log, clock } = world
  const { values: given } = readInputs(env)
  for (const name of SECRETS) log.addSecret(given[name])
  startOutputs(world)
  const context = contextOf(world)
  const parsed = parseSettings(env, log.clean)
  if (!parsed.ok) return publishRefusedInputs(world, context, parsed)
  const missing = notCarriedOut(parsed.settings)
  if (missing.length > 0) return publishRefusedInputs(world, context, { problems: missing, hidden: 0 })
  const privacy = await resolvePrivacy(parsed.settings, context)
  log.showPersonalData(privacy === 'full')
  const job = openJob(world, parsed.settings, context, privacy)
  for (const notice of parsed.notices) log.notice(notice)

  const notes = openNotes(log)
  const journal = openJournal(join(job.resultsPath, 'journal.jsonl'), () => stop.halt('unexpected'), world.journalFiles)
  const ledger = openLedger(journal, shownBy(job))
  const stop = createStop(clock, (cause) => ledger.note({ event: 'stop', at: timestamp(clock.now()), cause }))
  world.onCancel(() => stop.halt('cancelled'))
  const keeper = openKeeper(job, notes, ledger)
  const run = { job, notes, ledger, stop, keeper }
  const story = await carryOut(run).catch((error: unknown) => unexpected(run, error))
  return publish(job, notes, ledger, journal, story)
}

/** What a run goes by, and the two things that accumulate while it goes on. */
interface Stages {
  readonly job: Job
  readonly notes: Notes
  readonly ledger: Ledger
  readonly stop: Stop
  readonly keeper: Keeper
}

/** The run up to its ending. Every guard has its say before anything is changed. */
async function carryOut(run: Stages): Promise<Story> {
  const { job, notes, ledger, stop, keeper } = run
  const { settings, context } = job
  const read = await readPlan(run)
  beginJournal(job, ledger)
  const told = (ending: Ending): Story => ({ ending, read, hurried: stop.cause() === 'cancelled' })
  const isCut = stop.cause() !== null && read === null
  if (read === null) return told(notes.refused() && !isCut ? refusedEnding(notes.findings) : endOf(run))
  const early = capsOf(job, read.plan, null)
  // A list that is half done may still fit: on the list alone the caps refuse only together with something else.
  if (notes.refused()) notes.guard(...early.filter(({ verdict }) => verdict === 'refused'))
  if (notes.refused()) return told(refusedEnding(notes.findings))
  if (settings.apiKey !== '') keeper.checkpoint()

  await checkApproval(settings, context, reviewedFiles(read), notes, stop.changes)
  if (notes.refused()) return told(refusedEnding(notes.findings))
  const plan = settings.apiKey === '' || stop.cause() !== null ? read.plan : await askAtlassian(run, read)
  if (settings.apiKey === '') {
    tellUnmatched(plan, notes)
    tellPlan(job, plan)
    notes.guard(...early)
  }
  const ending = notes.refused() ? refusedEnding(notes.findings) : endOf(run)
  return { ...told(ending), read: { ...read, plan } }
}

/** Looks, narrows the plan, holds it against the caps, and, where the mode says so, changes what is left. */
async function askAtlassian(run: Stages, { subject, plan: approved }: Read): Promise<Plan> {
  const { job, notes, ledger, stop, keeper } = run
  const { settings, world } = job
  const { clock, log } = world
  const live = await connectAtlassian(job, approved.rules, notes, ledger)
  const deadline = job.startedAt + settings.deadlineMinutes * 60_000
  const callOff = stop.deadlineIn(deadline - clock.now())
  const question = { ...live, settings, recent: subject.recent, notes, log, clock, stop: stop.changes }
  try {
    if (settings.mode === 'verify') {
      await verifyAccounts({ ...question, plan: approved, ledger })
      return approved
    }
    const onTooManyFailures = (): void => stop.halt('too-many-failures')
    const seen = await look({ ...question, plan: approved, listed: subject.accounts, onTooManyFailures })
    if (seen !== null) notes.guard(...guards.passedByLooking())
    const plan = seen === null ? approved : narrow(approved, seen)
    ledger.adopt(plan)
    tellUnmatched(plan, notes)
    if (notes.refused()) return plan
    tellPlan(job, plan)
    notes.guard(...capsOf(job, plan, notes.figures().activeBefore))
    const changes = settings.mode === 'apply' || settings.mode === 'restore'
    if (notes.refused() || !changes || stop.cause() !== null || targetsOf(plan).length === 0) return plan
    keeper.checkpoint()
    const context = { ...live, plan, ledger, clock, stop, message: settings.message, concurrency: settings.concurrency }
    await changeAccounts(context, { ...settings, deadline, onCanaryPassed: keeper.outputs }, notes, log)
    return plan
  } finally {
    callOff()
    await live.atlassian.close()
  }
}

/**
 * Reads the list, or the earlier results, and the rules, and decides by them. All guards that need no network have
 * their say.
 *
 * @returns null where the list or the rules cannot be read
 */
async function readPlan({ job, notes, ledger, stop }: Stages): Promise<Read | null> {
  const { settings, context, aim, change } = job
  const { mode, organizationId, apiKey } = settings
  notes.guard(guards.guardEvent(mode, context.eventName), guards.guardExecutingUser(settings.executingUser, aim))
  if (organizationId === '' || apiKey === '') {
    notes.guard(guards.guardAdminsKnown(organizationId, null, settings.waive.has('admins-unknown'), aim))
  }
  notes.guard(guards.guardKeyGiven(apiKey !== '', mode))
  const [read, rules] = [await readSubject(job, notes, stop.changes), await readSelectors(job)]
  if (!read.ok) {
    notes.guard(read.finding)
    notes.learn({ lineProblems: read.problems })
  }
  if (!rules.ok) notes.guard(guards.guardInput(rules.problems, rules.hidden))
  if (!read.ok) return null
  const { subject } = read
  notes.learn({ source: subject.source })
  tellSubject(job, subject, notes)
  if (change === 'deactivate' && mode !== 'verify') notes.guard(guards.guardListNotEmpty(subject.accounts.length))
  if (!rules.ok) return null
  const { selectors } = rules
  const blind =
    organizationId === '' && mode !== 'verify' ? exclusionsNobodyKnows(selectors.exclude, subject.facts) : []
  if (blind.length > 0) {
    notes.guard(guards.guardInput(blind))
    return null
  }
  const compiled = rulesOf(job, selectors)
  const waiting = mode === 'plan' ? 'planned' : 'not-attempted'
  // Without the directory a look at the profiles tells e-mails alone; a plan without a key awaits what its apply will see.
  const later = organizationId === '' ? toldSet(['email']) : EVERY_FACT
  const { excludeFile, includeFile } = selectors
  notes.learn({
    sha256: { list: subject.sha256, excludeFile: hashOf(excludeFile), includeFile: hashOf(includeFile) },
  })
  notes.guard(...guards.passedByReading(subject.columns !== null))
  const plan = makePlan(subject.accounts, compiled, { organizationId, waiting, later })
  ledger.adopt(plan)
  if (mode !== 'verify') notes.guard(guards.guardPlanDigest(settings.approvedPlan, plan.digest, mode))
  if (apiKey === '') warnOfUntold(plan, notes)
  return { subject, selectors, plan }
}

function hashOf(file: { readonly bytes: Uint8Array } | null): string {
  return file === null ? '' : sha256Of(file.bytes)
}

/** What an offline plan cannot know takes nobody off; it is told, because an apply may leave these people alone. */
function warnOfUntold(plan: Plan, notes: Notes): void {
  const targets = targetsOf(plan)
  const isUntold = (account: ListedAccount): boolean => decide(account, plan.rules, null, toldSet([])).kind === 'skip'
  const untold = plan.rules.idleDays > 0 ? targets.length : targets.filter(isUntold).length
  if (untold === 0) return
  notes.warn(
    `Not checked for ${count(untold, 'account')}: the list does not tell what a protection asks for, and a plan without a key reads nothing from Atlassian. An apply leaves them alone where Atlassian does not tell it either.`,
  )
}

/** The caps, on the accounts that are still to be changed. @param active null where the directory was not read */
function capsOf(
  { settings, change }: Job,
  plan: Plan,
  active: number | null,
): ReturnType<typeof guards.guardMaxUsers>[] {
  if (settings.mode === 'verify') return []
  const targets = targetsOf(plan).length
  const verb = change === 'restore' ? 'restored' : 'deactivated'
  const { maxUsers, maxPercent, waive, mode } = settings
  const users = guards.guardMaxUsers(targets, maxUsers, verb, mode)
  if (change === 'restore') return [users]
  return [users, guards.guardMaxPercent(targets, active, maxPercent, waive.has('max-percent'), mode)]
}

/** The files that decide who is touched; null where the accounts came out of an artifact. */
function reviewedFiles({ subject, selectors }: Read): readonly ReviewedFile[] | null {
  const { list } = subject
  if (list === null) return null
  const roles = { 'exclude-file': selectors.excludeFile, 'include-file': selectors.includeFile } as const
  const others = (['exclude-file', 'include-file'] as const).flatMap((role) => {
    const file = roles[role]
    return file === null ? [] : [{ ...file, role }]
  })
  return [{ ...list, role: 'users-file' }, ...others]
}

/** A rule that is spelt wrong matches nobody, in the list or live. */
function tellUnmatched({ rules }: Plan, notes: Notes): void {
  for (const { text, source, line } of [...rules.exclude.unmatched(), ...rules.include.unmatched()]) {
    notes.warn(`The selector ${quote(text)} in "${source}", line ${line}, matches no account. Is it spelt right?`)
  }
}

function endOf({ job, notes, ledger, stop }: Stages): Ending {
  const { mode } = job.settings
  const changes = mode === 'apply' || mode === 'restore'
  const { canaryFinishedAt, byDirectoryAlone } = notes.figures()
  const ending = endingOf({
    mode,
    change: job.change,
    tally: ledger.tally(),
    stopCause: stop.cause(),
    canaryPassed: !changes || canaryFinishedAt !== '',
    byDirectoryAlone,
  })
  if (ending.outcome === 'completed' && changes) tellOddSkips(ledger, notes)
  return ending
}

/** Skips that a green run must not hide. */
const ODD_SKIPS = [
  'scim-managed',
  'unmanaged',
  'not-manageable',
  'identity-mismatch',
  'fact-unknown',
  'not-found',
] as const

function tellOddSkips(ledger: Ledger, notes: Notes): void {
  const reasons = new Map<string, number>()
  for (const { reason } of ledger.results()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const odd = ODD_SKIPS.filter((reason) => reasons.has(reason))
  if (odd.length === 0) return
  const told = odd.map((reason) => `${count(reasons.get(reason) ?? 0, 'account')} ${reason}`)
  notes.warn(`Complete, but accounts of the list were skipped that somebody may expect to be done: ${told.join(', ')}.`)
}

/** What became of accounts that were being changed when the error came is unknown: the ledger says so already. */
function unexpected({ job, notes, ledger, stop }: Stages, error: unknown): Story {
  const message = error instanceof Error ? error.message : String(error)
  job.world.log.debug(error instanceof Error ? (error.stack ?? message) : message)
  stop.halt('unexpected')
  const ending = unexpectedEnding(message, ledger.tally(), job.settings.mode)
  notes.learn({ live: true })
  return { ending, read: null, hurried: stop.cause() === 'cancelled' }
}
