import { MODES, type Mode } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import type { RunContext } from '../github/context.ts'
import { contextOf, type Refused } from '../job.ts'
import { allFindings } from '../notes.ts'
import * as guards from '../plan/guards.ts'
import { refusedEnding } from '../report/ending.ts'
import { emptyReport } from '../report/report.ts'
import { INPUTS, type RawInputs, readInputs } from '../settings/inputs.ts'
import { inWorkspace, readListAt } from '../subject/from-list.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { endingText } from './end-log.ts'
import { setOutputs, writeSummary } from './outputs.ts'
import { publishComment } from './publish-comment.ts'
import { usesOf } from './report-of.ts'

/** Ends a run whose inputs are wrong: there is nothing yet to put into an artifact. @returns the exit code */
export async function publishRefusedInputs(world: World, { problems, hidden }: Refused): Promise<number> {
  const { env, log, clock } = world
  const context = contextOf(world)
  const { values } = readInputs(env)
  const mode = MODES.find((known) => known === values.mode)
  const beside = mode === undefined ? [] : await refusedBeside(mode, values, context)
  const findings = [guards.guardInput(problems.map(log.clean), hidden), ...beside].map((one) => {
    return { ...one, found: log.clean(one.found), message: log.clean(one.message) }
  })
  const report = {
    ...emptyReport(mode ?? 'plan', refusedEnding(findings), timestamp(clock.now())),
    guards: allFindings(findings),
    uses: usesOf(env),
  }
  setOutputs(report)
  await writeSummary(report, world)
  log.error(endingText(report))
  await publishComment(world, context, { ...report, runUrl: context.runUrl })
  return 1
}

/** Guards that event and empty inputs decide, and the list where its own input is right, told beside the refusal. */
async function refusedBeside(mode: Mode, values: RawInputs, context: RunContext): Promise<readonly GuardFinding[]> {
  const given = { executingUser: values['executing-user'], organizationId: values['organization-id'] }
  const isWaived = values.waive.includes('admins-unknown')
  const found = [...guards.guardsOfInputs(mode, mode, context.eventName, given, values['api-key'] !== '', isWaived)]
  const path = INPUTS['users-file'].parse(values['users-file'])
  const isOther = values['users-artifact'] !== '' || values['results-artifact'] !== ''
  if ((mode === 'plan' || mode === 'apply') && !isOther && path.ok && path.value !== '') {
    const read = await readListAt(inWorkspace(context, path.value), '', true)
    found.push(read.ok ? guards.guardListNotEmpty(read.subject.accounts.length) : read.finding)
  }
  return found.filter(({ verdict }) => verdict === 'refused')
}
