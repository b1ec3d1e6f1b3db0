import type { SkipReason } from './decision.ts'

/** Somebody who is not in the list that `find` wrote, although somebody may look for them there. */
export interface LeftOut {
  /** Account id or, where a rule names somebody, the rule's text. Outside text. */
  readonly who: string
  /** Empty where nobody tells it. */
  readonly email: string
  /** In words, where they are named: `users.csv, line 12`. */
  readonly from: string
  /** Whether a line of `include` or `include-file` names them; else the list did that was there before. */
  readonly isNamed: boolean
  /** `not-found`: nobody in the directory answers to that. */
  readonly reason: SkipReason
}

/** Lines of `include` and `include-file` to which nobody in the directory answers. */
export function unanswered(leftOut: readonly LeftOut[]): readonly LeftOut[] {
  return leftOut.filter(({ isNamed, reason }) => isNamed && reason === 'not-found')
}
