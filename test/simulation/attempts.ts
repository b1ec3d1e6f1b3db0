import { runStep, type Step } from '../integration/run-main.ts'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import type { Campaign } from './campaign.ts'

/** One job of the workflow, and which of the stand-in's records are of it. */
export interface Attempt {
  readonly step: Step
  /** Milliseconds since the epoch, of the simulated time. */
  readonly from: number
  readonly until: number
  /** Places in `organization.calls`. */
  readonly firstCall: number
  readonly endCall: number
  /** Real milliseconds. */
  readonly took: number
}

/** The reusable workflow has no more. */
const MOST_ATTEMPTS = 5

/** Runs main once, in simulated time. */
export async function attempt(campaign: Campaign, inputs: Readonly<Record<string, string>>): Promise<Attempt> {
  const { standIn, time, list } = campaign
  const { clock } = time
  const { calls } = standIn.organization
  const [from, firstCall, started] = [clock.now(), calls.length, performance.now()]
  const step = await clock.until(
    runStep(standIn, {
      inputs: { ...campaign.inputs, ...inputs },
      list,
      env: artifactEnvironment(standIn.url, '1000'),
      clock,
    }),
  )
  return { step, from, until: clock.now(), firstCall, endCall: calls.length, took: performance.now() - started }
}

/** Runs main again for as long as nothing but its deadline has ended it, as the workflow does with `attempts`. */
export async function inAttempts(
  campaign: Campaign,
  inputs: Readonly<Record<string, string>>,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  for (;;) {
    const latest = await attempt(campaign, inputs)
    attempts.push(latest)
    if (latest.step.outputs.reason !== 'deadline' || attempts.length === MOST_ATTEMPTS) return attempts
  }
}

/** What `results-artifact` takes to undo all of these attempts. */
export function artifactsOf(attempts: readonly Attempt[]): string {
  return attempts.map(({ step }) => step.outputs['artifact-name'] ?? '').join('\n')
}

/** What a workflow run does to its list, and what another makes undone. */
export interface Undone {
  readonly plan: Attempt
  readonly applied: readonly Attempt[]
  readonly restored: readonly Attempt[]
}

/** One plan; attempts that are all held to its digest; and one restore, in attempts too, of all that they did. */
export async function applyAndRestore(campaign: Campaign): Promise<Undone> {
  const plan = await attempt(campaign, { mode: 'plan' })
  const approved = { 'approved-plan': plan.step.outputs['plan-digest'] ?? '' }
  const applied = await inAttempts(campaign, { mode: 'apply', ...approved })
  const restored = await inAttempts(campaign, { mode: 'restore', 'results-artifact': artifactsOf(applied) })
  return { plan, applied, restored }
}
