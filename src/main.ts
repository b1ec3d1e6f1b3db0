import { checkApproval } from './approval/approval.ts'
import { saveForPost, writeCheckpoint } from './ledger/checkpoint.ts'
import { openLive, readActiveCount, readOrganization } from './look/live.ts'
import { verifyAccounts } from './look/verify.ts'
import * as guards from './plan/guards.ts'
import { type Plan, targetsOf } from './plan/plan.ts'
import { tellPlan } from './publish/plan-log.ts'
import { publish, publishRefusedInputs, startOutputs, updateOutputs } from './publish/publish.ts'
import { publishRefusedComment } from './publish/publish-comment.ts'
import { type Ending, endingOf, refusedEnding, unexpectedEnding } from './report/ending.ts'
import { changeAccounts } from './rollout/change-accounts.ts'
import { beginJournal, contextOf, isRefused, note, openRun, type Run, recordsOf, warn } from './run.ts'
import { resolvePrivacy } from './settings/privacy.ts'
import { notCarriedOut, parseSettings } from './settings/settings.ts'
import { readPlan } from './subject/read-plan.ts'
import { count } from './text/words.ts'
import { timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/**
 * One run, from the inputs to the last output: settings → list → plan → guards → approval → preflight → canary →
 * rollout → reports.
 *
 * @returns the exit code; a run that fails has said so in its outputs before
 */
export async function main(world: World): Promise<number> {
  world.log.addSecret(world.env['INPUT_API-KEY']?.trim() ?? '')
  startOutputs(world)
  const parsed = parseSettings(world.env)
  const problems = parsed.ok ? notCarriedOut(parsed.settings) : parsed.problems
  if (!parsed.ok || problems.length > 0) {
    const exitCode = await publishRefusedInputs(world, problems)
    await publishRefusedComment(world, problems)
    return exitCode
  }
  const context = contextOf(world)
  const privacy = await resolvePrivacy(parsed.settings, context)
  world.log.showPersonalData(privacy === 'full')
  const run = openRun(world, parsed.settings, context, privacy)
  for (const notice of parsed.notices) world.log.notice(notice)
  world.onCancel(() => run.stop.halt('cancelled'))
  saveForPost(run)
  const ending = await carryOut(run).catch((error: unknown) => unexpected(run, error))
  return publish(run, ending)
}

/** The run up to its ending. Every guard has its say before anything is changed. */
async function carryOut(run: Run): Promise<Ending> {
  const { settings } = run
  const plan = await readPlan(run)
  beginJournal(run)
  if (plan === null || isRefused(run)) return refusedEnding(run.findings)
  if (settings.apiKey !== '') {
    // From here on every listed account has its line, also when this process is killed.
    writeCheckpoint(run)
    updateOutputs(run)
  }
  await checkApproval(run)
  if (isRefused(run)) return refusedEnding(run.findings)
  if (settings.apiKey === '') return capped(run, plan) ?? endOf(run)

  const live = await openLive(run)
  const deadline = startDeadline(run)
  try {
    if (settings.mode === 'verify') {
      await verifyAccounts(run, live)
      return isRefused(run) ? refusedEnding(run.findings) : endOf(run)
    }
    if (targetsOf(plan).length > 0) await readOrganization(run, live, plan)
    if (isRefused(run)) return refusedEnding(run.findings)
    const refusal = capped(run, plan)
    if (refusal !== null) return refusal
    if (settings.mode === 'plan' || run.stop.cause() !== null || targetsOf(plan).length === 0) return endOf(run)
    writeCheckpoint(run)
    updateOutputs(run)
    await changeAccounts(run, live, plan)
    await readActiveCount(run, live, 'after')
    return endOf(run)
  } finally {
    deadline.abort()
    await live.atlassian.close()
  }
}

/** Tells the plan and holds it against the caps; the ending where one refuses. */
function capped(run: Run, plan: Plan): Ending | null {
  const { settings, change } = run
  tellPlan(run, plan)
  const targets = targetsOf(plan).length
  note(run, guards.guardMaxUsers(targets, settings.maxUsers, change === 'restore' ? 'restored' : 'deactivated'))
  if (change === 'deactivate') {
    note(
      run,
      guards.guardMaxPercent(targets, run.active.before, settings.maxPercent, settings.waive.has('max-percent')),
    )
  }
  return isRefused(run) ? refusedEnding(run.findings) : null
}

function endOf(run: Run): Ending {
  const { settings, stop } = run
  const records = recordsOf(run)
  const ending = endingOf(settings.mode, records, stop.cause())
  const odd = ODD_SKIPS.map((reason) => ({
    reason,
    accounts: records.filter((record) => record.reason === reason).length,
  }))
  const told = odd
    .filter(({ accounts }) => accounts > 0)
    .map(({ reason, accounts }) => `${count(accounts, 'account')} ${reason}`)
  if (ending.outcome === 'completed' && told.length > 0) {
    warn(
      run,
      `Complete, but accounts of the list were skipped that somebody may expect to be done: ${told.join(', ')}.`,
    )
  }
  return ending
}

/** Skips that a green run must not hide. */
const ODD_SKIPS = ['scim-managed', 'unmanaged', 'not-manageable', 'identity-mismatch', 'not-found'] as const

/** Throws the stop switch in time for the job to publish. Abort it when the run is over. */
function startDeadline(run: Run): AbortController {
  const { clock } = run.world
  const over = new AbortController()
  const left = run.startedAt + run.settings.deadlineMinutes * 60_000 - clock.now()
  void clock.sleep(left, over.signal).then(() => {
    if (!over.signal.aborted) run.stop.halt('deadline')
  })
  return over
}

/** What became of accounts that were being changed when the error came is unknown. */
function unexpected(run: Run, error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error)
  run.world.log.debug(error instanceof Error ? (error.stack ?? message) : message)
  for (const record of recordsOf(run)) {
    if (record.attempts === 0 || record.state !== 'not-attempted') continue
    record.state = 'unknown'
    record.detail = 'the run failed while this account was being changed'
    record.finishedAt = timestamp(run.world.clock.now())
  }
  return unexpectedEnding(message, recordsOf(run), run.settings.mode)
}
