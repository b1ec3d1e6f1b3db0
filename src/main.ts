import { join } from 'node:path'
import { changes } from './account/decision.ts'
import { checkApproval } from './approval/approval.ts'
import { openJob, shownBy } from './job.ts'
import { openJournal } from './ledger/journal.ts'
import { openLedger } from './ledger/ledger.ts'
import { connectAtlassian } from './look/connect.ts'
import { addressesOf } from './look/look.ts'
import { openNotes } from './notes.ts'
import { guardCaps } from './plan/caps.ts'
import { type Plan, targetsOf } from './plan/plan.ts'
import { writeFoundList } from './publish/found-list.ts'
import { beginJournal, keep, keepOutputs } from './publish/keep.ts'
import { startOutputs } from './publish/outputs.ts'
import { tellPlan } from './publish/plan-log.ts'
import { publish } from './publish/publish.ts'
import { publishRefusedInputs } from './publish/refused-inputs.ts'
import { endOf, type Standing, type Story, unexpected } from './publish/story.ts'
import { changeAccounts } from './rollout/change-accounts.ts'
import { createStop } from './rollout/stop.ts'
import { hideSecrets } from './settings/inputs.ts'
import { readLive, tellUnmatched } from './subject/read-live.ts'
import { type Read, readPlan, reviewedFiles } from './subject/read-plan.ts'
import { timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/** One run: settings → list → plan → guards → approval → look → canary → rollout → reports. @returns the exit code */
export async function main(world: World): Promise<number> {
  const { log, clock } = world
  hideSecrets(world)
  startOutputs(world)
  const job = await openJob(world)
  if ('problems' in job) return publishRefusedInputs(world, job)
  const notes = openNotes(log)
  const journal = openJournal(join(job.resultsPath, 'journal.jsonl'), world.journalFiles)
  const ledger = openLedger(journal, shownBy(job))
  const stop = createStop(clock, (cause) => ledger.note({ event: 'stop', at: timestamp(clock.now()), cause }))
  journal.broken.addEventListener('abort', () => stop.halt('unexpected'))
  world.onCancel(() => stop.halt('cancelled'))
  const run = { job, notes, ledger, stop }
  keep(run)
  const story = await carryOut(run).catch((error: unknown) => unexpected(run, error))
  return publish(run, story)
}

/** The run up to its ending. Every guard has its say before anything is changed. */
async function carryOut(run: Standing): Promise<Story> {
  const { job, notes, ledger, stop } = run
  const { settings } = job
  const isOffline = settings.apiKey === ''
  const read = await readPlan(job, notes, ledger, stop.changes)
  beginJournal(run)
  if (read === null) return endOf(run, null)
  // A list that is half done may still fit: on the list alone the caps refuse only together with something else.
  if (notes.refused())
    notes.guard(...guardCaps(settings, read.plan, null).filter(({ verdict }) => verdict === 'refused'))
  if (notes.refused()) return endOf(run, read)
  if (!isOffline) keep(run)

  await checkApproval(settings, job.context, reviewedFiles(read), notes, stop.changes)
  if (notes.refused()) return endOf(run, read)
  if (isOffline) {
    tellUnmatched(read, notes)
    judge(run, read.plan)
  }
  const seen = isOffline || stop.cause() !== null ? read : await askAtlassian(run, read)
  if (notes.refused()) return endOf(run, read)
  // In one go with the ending: a cancel comes before both or after both.
  const plan = stop.cause() === null ? writeFoundList(job, seen) : seen.plan
  ledger.adopt(plan)
  return endOf(run, { ...read, plan })
}

/** Looks, narrows the plan, holds it against the caps, and, where the mode says so, changes what is left. */
async function askAtlassian(run: Standing, read: Read): Promise<Read> {
  const { job, notes, ledger, stop } = run
  const { settings, startedAt, world } = job
  const { clock, log } = world
  const connection = await connectAtlassian(job, read.plan.rules, notes, ledger)
  const deadline = startedAt + settings.deadlineMinutes * 60_000
  const callOff = stop.deadlineIn(deadline - clock.now())
  try {
    const live = await readLive(job, connection, read, notes, ledger, stop)
    if (live === null || notes.refused()) return live ?? read
    const { plan, seen } = live
    judge(run, plan)
    const isLeft = changes(settings.mode) && seen !== null && targetsOf(plan).length > 0
    if (notes.refused() || stop.cause() !== null || !isLeft) return live
    keep(run)
    const rollout = { ...connection, ...settings, plan, ledger, clock, stop, notes, log, deadline }
    await changeAccounts({ ...rollout, addresses: addressesOf(plan, seen), onCanaryPassed: () => keepOutputs(run) })
    return live
  } finally {
    callOff()
    await connection.atlassian.close()
  }
}

/** Tells what the plan has come to, and holds it against the caps. */
function judge({ job, notes }: Standing, plan: Plan): void {
  const { live, activeBefore } = notes.figures()
  tellPlan(job, plan, live)
  notes.guard(...guardCaps(job.settings, plan, activeBefore))
}
