import type { Approver } from '../account/approver.ts'
import type { GitHub } from '../github/api.ts'
import type { RunContext } from '../github/context.ts'
import type { Answer } from '../github/request.ts'

export type Objection = ReturnType<typeof object>
type Agreement = { readonly approved: true; readonly by: readonly Approver[] }

/** Whether a part of the run was agreed to. */
export type Verdict = Agreement | Objection
/** Whether the run was; warned about is what would have let it through without a second person. */
export type ApprovalVerdict = (Agreement & { readonly warnings: readonly string[] }) | Objection

/** What speaks against an approval, and what to do, with the line to write to go on. */
export function object(reason: string, why: string, fix: string) {
  return { approved: false, reason, why, fix } as const
}

/** GitHub did not tell enough, or the run was cancelled before it had. */
export function unreadable(why: string, reason: 'unreadable' | 'cancelled' = 'unreadable') {
  return object(reason, why, 'Once GitHub says that, run again.')
}

/** GitHub did not tell what the judgement needs; the cause is the reason for it. */
class NotTold extends Error {}

/** What GitHub told; where it did not, the judgement ends, and `judged` refuses. */
export function told<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new NotTold(answer.message, { cause: answer.reason })
}

/** A judgement whose questions may stay without an answer; what speaks against it says what is needed. */
export async function judged(needed: string, judge: () => Promise<ApprovalVerdict>): Promise<ApprovalVerdict> {
  const verdict = await judge().catch((error: unknown) => {
    if (!(error instanceof NotTold)) throw error
    return unreadable(error.message, error.cause === 'cancelled' ? 'cancelled' : 'unreadable')
  })
  return verdict.approved ? verdict : { ...verdict, why: `${verdict.why} ${needed}` }
}

/** What GitHub says of this attempt of the run that is going on. */
export async function thisRun(github: GitHub, { runId, runAttempt }: RunContext) {
  const run = told(await github.run(runId))
  // Who started an attempt, and what it calls, may differ from one to the next.
  if (run.attempt === runAttempt) return run
  throw new NotTold(`GitHub reports attempt ${run.attempt} of run ${runId}, and this is attempt ${runAttempt}.`)
}
