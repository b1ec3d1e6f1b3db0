import type { Approver } from '../account/approver.ts'
import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { RunFacts } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'

/** What speaks against an approval. */
export interface Objection {
  readonly ok: false
  /** `unreadable` where GitHub did not tell enough, `cancelled` where the run was cancelled before it had. */
  readonly reason: string
  readonly found: string
  /** What to do, with the line to write to go on. */
  readonly goOn: string
}

/** Whether somebody agreed to the run. */
export type ApprovalVerdict =
  | { readonly approved: true; readonly by: readonly Approver[]; readonly warnings: readonly string[] }
  | ReturnType<typeof refusal>

/** Whether a part of it was agreed to. */
export type Verdict = { readonly ok: true; readonly by: readonly Approver[] } | Objection

export function object(reason: string, found: string, goOn: string): Objection {
  return { ok: false, reason, found, goOn }
}

/** An objection as it is told: why is what was found, and what is needed. */
export function refusal({ reason, found, goOn }: Objection, needed: string) {
  return { approved: false, reason, why: `${found} ${needed}`, fix: goOn } as const
}

/** GitHub did not tell what the judgement needs; the cause is the reason for it. */
class NotTold extends Error {}

/** What GitHub told; where it did not, the judgement ends, and `judged` refuses. */
export function told<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new NotTold(answer.message, { cause: answer.reason })
}

/** Ends the judgement like an answer that did not come. */
export function untold(message: string): never {
  throw new NotTold(message)
}

/** A judgement whose questions may stay without an answer. */
export async function judged(
  needed: string,
  judge: () => Promise<ApprovalVerdict | Objection>,
): Promise<ApprovalVerdict> {
  const verdict = await judge().catch((error: unknown) => {
    if (!(error instanceof NotTold)) throw error
    const reason = error.cause === 'cancelled' ? error.cause : 'unreadable'
    return object(reason, error.message, 'Once GitHub says that, run again.')
  })
  return 'approved' in verdict ? verdict : refusal(verdict, needed)
}

/** What GitHub says of this attempt of the run that is going on. */
export async function thisRun(github: GitHub, { runId, runAttempt }: RunContext): Promise<RunFacts> {
  const run = told(await github.run(runId))
  // Who started an attempt, and what it calls, may differ from one to the next.
  if (run.attempt === runAttempt) return run
  return untold(`GitHub reports attempt ${run.attempt} of run ${runId}, and this is attempt ${runAttempt}.`)
}
