import type { Approver } from '../account/approver.ts'
import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { RunFacts } from '../github/facts.ts'
import type { Answer } from '../github/request.ts'

/** Whether a part of the run was agreed to. */
export type Verdict = { readonly approved: true; readonly by: readonly Approver[] } | Objection

/** Whether the run was agreed to; warned about is what would have let it through without a second person. */
export type ApprovalVerdict =
  | { readonly approved: true; readonly by: readonly Approver[]; readonly warnings: readonly string[] }
  | Objection

export type Objection = ReturnType<typeof object>

/**
 * What speaks against an approval.
 *
 * @param reason `unreadable` where GitHub did not tell enough, `cancelled` where the run was cancelled before it had
 * @param fix what to do, with the line to write to go on
 */
export function object(reason: string, why: string, fix: string) {
  return { approved: false, reason, why, fix } as const
}

/** GitHub did not tell what the judgement needs; the cause is the reason for it. */
class NotTold extends Error {}

/** What GitHub told; where it did not, the judgement ends, and `judged` refuses. */
export function told<T>(answer: Answer<T>): T {
  return answer.ok ? answer.value : untold(answer.message, answer.reason)
}

/** Ends the judgement like an answer that did not come. */
export function untold(message: string, cause = 'unexpected'): never {
  throw new NotTold(message, { cause })
}

/** A judgement whose questions may stay without an answer; an objection also says what is needed. */
export async function judged(needed: string, judge: () => Promise<ApprovalVerdict>): Promise<ApprovalVerdict> {
  const verdict = await judge().catch((error: unknown) => {
    if (!(error instanceof NotTold)) throw error
    const reason = error.cause === 'cancelled' ? error.cause : 'unreadable'
    return object(reason, error.message, 'Once GitHub says that, run again.')
  })
  return verdict.approved ? verdict : { ...verdict, why: `${verdict.why} ${needed}` }
}

/** What GitHub says of this attempt of the run that is going on. */
export async function thisRun(github: GitHub, { runId, runAttempt }: RunContext): Promise<RunFacts> {
  const run = told(await github.run(runId))
  // Who started an attempt, and what it calls, may differ from one to the next.
  if (run.attempt === runAttempt) return run
  return untold(`GitHub reports attempt ${run.attempt} of run ${runId}, and this is attempt ${runAttempt}.`)
}
