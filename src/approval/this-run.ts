import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { RunFacts } from '../github/facts.ts'
import { told, untold } from './verdict.ts'

/** What GitHub says of this attempt of the run that is going on. */
export async function thisRun(github: GitHub, { runId, runAttempt }: RunContext): Promise<RunFacts> {
  const run = told(await github.run(runId))
  // Who started an attempt, and what it calls, may differ from one to the next.
  if (run.attempt === runAttempt) return run
  return untold(`GitHub reports attempt ${run.attempt} of run ${runId}, and this is attempt ${runAttempt}.`)
}
