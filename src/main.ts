import { join } from 'node:path'
import { pastOf } from './account/decision.ts'
import type { GuardFinding } from './account/guard.ts'
import { unanswered } from './account/left-out.ts'
import { changes } from './account/mode.ts'
import { checkApproval } from './approval/approval.ts'
import type { ReviewedFile } from './approval/pull-request.ts'
import { contextOf, type Job, openJob, shownBy } from './job.ts'
import { openJournal } from './ledger/journal.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { connectAtlassian } from './look/connect.ts'
import { tellReach } from './look/key.ts'
import { addressesOf, look } from './look/look.ts'
import { verifyAccounts } from './look/verify.ts'
import { type Notes, openNotes } from './notes.ts'
import * as guards from './plan/guards.ts'
import { narrow, type Plan, targetsOf } from './plan/plan.ts'
import { writeFoundList } from './publish/found-list.ts'
import { tellPlan } from './publish/plan-log.ts'
import {
  beginJournal,
  type Keeper,
  openKeeper,
  publish,
  publishRefusedInputs,
  startOutputs,
} from './publish/publish.ts'
import type { Story } from './publish/report-of.ts'
import { type Ending, endingOf, refusedEnding, unexpectedEnding } from './report/ending.ts'
import { changeAccounts } from './rollout/change-accounts.ts'
import { createStop, type Stop } from './rollout/stop.ts'
import { hideSecrets } from './settings/inputs.ts'
import { namesRefused, resolvePrivacy } from './settings/privacy.ts'
import { parseSettings } from './settings/settings.ts'
import { findPeople } from './subject/from-directory.ts'
import { namesSomebody, tellLeftOut } from './subject/left-out.ts'
import { type Read, readPlan } from './subject/read-plan.ts'
import { guardBlind } from './subject/read-rules.ts'
import { count, errorText, quote } from './text/words.ts'
import { timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/**
 * One run, from the inputs to the last output: settings → list → plan → guards → approval → look → canary → rollout →
 * reports.
 *
 * @returns the exit code; a run that fails has said so in its outputs before
 */
export async function main(world: World): Promise<number> {
  const { env, log, clock } = world
  hideSecrets(world)
  startOutputs(world)
  const context = contextOf(world)
  const parsed = parseSettings(env, log.clean)
  if (!parsed.ok) return publishRefusedInputs(world, context, parsed)
  const privacy = await resolvePrivacy(parsed.settings, context)
  const shown = await namesRefused(parsed.settings, context, privacy)
  if (shown.length > 0) return publishRefusedInputs(world, context, { problems: shown, hidden: 0 })
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
  const read = await readPlan(job, notes, ledger, stop.changes)
  beginJournal(job, ledger)
  const told = (ending: Ending): Story => ({ ending, read, hurried: stop.cause() === 'cancelled' })
  if (read === null) return told(notes.refused() && stop.cause() === null ? refusedEnding(notes.findings) : endOf(run))
  const early = capsOf(job, read.plan, null)
  // A list that is half done may still fit: on the list alone the caps refuse only together with something else.
  if (notes.refused()) notes.guard(...early.filter(({ verdict }) => verdict === 'refused'))
  if (notes.refused()) return told(refusedEnding(notes.findings))
  if (settings.apiKey !== '') keeper.checkpoint()

  await checkApproval(settings, context, reviewedFiles(read), notes, stop.changes)
  if (notes.refused()) return told(refusedEnding(notes.findings))
  const { found, ...seen } = settings.apiKey === '' || stop.cause() !== null ? read : await askAtlassian(run, read)
  if (settings.apiKey === '') {
    tellUnmatched(seen, notes)
    tellPlan(job, seen.plan, false)
    notes.guard(...early)
  }
  if (notes.refused()) return { ...told(refusedEnding(notes.findings)), read: seen }
  // In one go with the ending: a cancel comes before both or after both.
  const isCut = found === undefined || stop.cause() !== null
  const plan = isCut ? seen.plan : writeFoundList(job, seen.plan, found.people, read.subject.before)
  ledger.adopt(plan)
  return { ...told(endOf(run)), read: { ...seen, plan } }
}

/** Looks, narrows the plan, holds it against the caps, and, where the mode says so, changes what is left. */
async function askAtlassian(run: Stages, read: Read): Promise<Read> {
  const { subject, selectors, plan: approved } = read
  const { job, notes, ledger, stop, keeper } = run
  const { settings, world } = job
  const { clock, log } = world
  const live = await connectAtlassian(job, approved.rules, notes, ledger)
  const deadline = job.startedAt + settings.deadlineMinutes * 60_000
  const callOff = stop.deadlineIn(deadline - clock.now())
  const onTooManyFailures = (): void => stop.halt('too-many-failures')
  const { recent } = subject
  const question = { ...live, settings, recent, notes, log, clock, stop: stop.changes, onTooManyFailures }
  try {
    if (settings.mode === 'verify') {
      await verifyAccounts({ ...question, plan: approved, ledger })
      tellReach(live, notes)
      return read
    }
    const isFind = settings.mode === 'find' && live.directory !== null
    const found = isFind ? await findPeople(question, live.directory, approved.rules, ledger) : undefined
    if (found === null) return read
    const seen = isFind ? null : await look({ ...question, plan: approved, listed: subject.accounts })
    const plan = found?.plan ?? (seen === null ? approved : narrow(approved, seen))
    ledger.adopt(plan)
    tellReach(live, notes)
    if (live.directory?.standsIn() === true)
      notes.guard(...guardBlind(selectors.exclude, isFind ? new Set() : subject.facts, true))
    const whole = found === undefined ? { ...read, plan } : { ...read, plan, found }
    tellUnmatched(whole, notes)
    if (notes.refused()) return whole
    if (found !== undefined) tellLeftOut(job, found, read, notes)
    tellPlan(job, plan, notes.figures().live)
    notes.guard(...capsOf(job, plan, notes.figures().activeBefore))
    if (notes.refused() || !changes(settings.mode)) return whole
    if (stop.cause() !== null || targetsOf(plan).length === 0) return whole
    keeper.checkpoint()
    const addresses = seen === null ? new Map<string, string>() : addressesOf(plan, seen)
    const rollout = { ...live, ...settings, plan, ledger, clock, stop, addresses, notes, log, deadline }
    await changeAccounts({ ...rollout, onCanaryPassed: keeper.outputs })
    return whole
  } finally {
    callOff()
    await live.atlassian.close()
  }
}

/** The caps, on the accounts that are still to be changed. @param active null where the directory was not read */
function capsOf({ settings, change }: Job, plan: Plan, active: number | null): readonly GuardFinding[] {
  if (settings.mode === 'verify') return []
  const targets = targetsOf(plan).length
  const { maxUsers, maxPercent, waive, mode } = settings
  const users = guards.guardMaxUsers(targets, maxUsers, pastOf(change), mode)
  if (change === 'restore') return [users]
  return [users, guards.guardMaxPercent(targets, active, maxPercent, waive.has('max-percent'), mode)]
}

/** The files that decide who is touched; null where the accounts came out of an artifact. */
function reviewedFiles({ subject, selectors }: Read): readonly ReviewedFile[] | null {
  const { list } = subject
  if (list === null) return null
  const files = { 'users-file': list, 'exclude-file': selectors.excludeFile, 'include-file': selectors.includeFile }
  const roles = ['users-file', 'exclude-file', 'include-file'] as const
  return roles.flatMap((role) => (files[role] === null ? [] : [{ ...files[role], role }]))
}

/** A rule that is misspelled matches nobody, in the list or live. Whom a find looks for by name is told by itself. */
function tellUnmatched({ plan: { rules }, found }: Read, notes: Notes): void {
  const include = rules.include.unmatched().filter((selector) => found === undefined || !namesSomebody(selector))
  for (const { text, source, line } of [...rules.exclude.unmatched(), ...include]) {
    notes.warn(`The selector ${quote(text)} in "${source}", line ${line}, matches no account. Is it spelled right?`)
  }
}

function endOf({ job, notes, ledger, stop }: Stages): Ending {
  const { mode } = job.settings
  const { canaryFinishedAt, byDirectoryAlone, leftOut } = notes.figures()
  const ending = endingOf({
    mode,
    change: job.change,
    tally: ledger.tally(),
    stopCause: stop.cause(),
    canaryPassed: !changes(mode) || canaryFinishedAt !== '',
    byDirectoryAlone,
    unanswered: unanswered(leftOut),
  })
  if (ending.outcome === 'completed' && changes(mode)) tellOddSkips(ledger, notes)
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
  notes.warn(`Completed, but some listed accounts were skipped that you may expect to be changed: ${told.join(', ')}.`)
}

/** What became of accounts that were being changed when the error came is unknown: the ledger says so already. */
function unexpected({ job, notes, ledger, stop }: Stages, error: unknown): Story {
  const message = errorText(error)
  job.world.log.debug(error instanceof Error ? (error.stack ?? message) : message)
  stop.halt('unexpected')
  const ending = unexpectedEnding(message, ledger.tally(), job.settings.mode)
  notes.learn({ live: true })
  return { ending, read: null, hurried: stop.cause() === 'cancelled' }
}
