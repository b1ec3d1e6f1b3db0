import type { Approver } from '../account/approver.ts'
import type { Answer } from '../github/request.ts'

/** Whether somebody agreed to the run. */
export type ApprovalVerdict<Reason extends string = string> =
  | { readonly approved: true; readonly by: readonly Approver[]; readonly warnings: readonly string[] }
  | Refusal<Reason>

interface Refusal<Reason extends string> {
  readonly approved: false
  /** `cancelled` where the run was cancelled before GitHub had told enough. */
  readonly reason: Reason | 'unreadable' | 'cancelled'
  /** What was found, and what is needed. */
  readonly why: string
  /** What to do, with the line to write to go on. */
  readonly fix: string
}

/** What speaks against an approval. */
export interface Objection<Reason extends string = string> {
  readonly reason: Reason
  readonly found: string
  readonly goOn: string
}

/** GitHub did not tell what the judgement needs. */
class NotTold extends Error {
  override name = 'NotTold'
  readonly reason: 'unreadable' | 'cancelled'
  constructor(message: string, reason: 'unreadable' | 'cancelled') {
    super(message)
    this.reason = reason
  }
}

/** What GitHub told; where it did not, the judgement ends, and `judged` refuses. */
export function told<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new NotTold(answer.message, answer.reason === 'cancelled' ? 'cancelled' : 'unreadable')
}

/** Ends the judgement like an answer that did not come. */
export function untold(message: string): never {
  return told({ ok: false, reason: 'unexpected', message })
}

/** Puts a refusal together from its sentences. */
export function refusal<Reason extends string>(
  { reason, found, goOn }: Objection<Reason | 'unreadable' | 'cancelled'>,
  needed: string,
): Refusal<Reason> {
  return { approved: false, reason, why: `${found} ${needed}`, fix: goOn }
}

/** A judgement whose questions may stay without an answer. */
export async function judged<Reason extends string>(
  needed: string,
  judge: () => Promise<ApprovalVerdict<Reason>>,
): Promise<ApprovalVerdict<Reason>> {
  try {
    return await judge()
  } catch (error) {
    if (!(error instanceof NotTold)) throw error
    return refusal({ reason: error.reason, found: error.message, goOn: 'Once GitHub says that, run again.' }, needed)
  }
}
