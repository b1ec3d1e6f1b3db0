import { GUARDS } from './guard.ts'

/** What ends a rollout before its end; the first cause counts. `unexpected`: the journal cannot be written any more. */
export const STOP_CAUSES = [
  'canary-failed',
  'canary-not-verified',
  'too-many-failures',
  'key-rejected',
  'deadline',
  'cancelled',
  'unexpected',
] as const
export type StopCause = (typeof STOP_CAUSES)[number]

/** What a run that was not stopped may have found at its end. */
export const END_REASONS = [
  'accounts-failed',
  'accounts-not-verified',
  'accounts-reactivated',
  'accounts-not-found',
  'not-published',
] as const

/** Every value of the output `reason`, but the empty one of success. */
export const REASONS = [...new Set([...GUARDS, ...STOP_CAUSES, ...END_REASONS])] as const
export type Reason = (typeof REASONS)[number]

export function isStopCause(text: string): text is StopCause {
  return STOP_CAUSES.some((cause) => cause === text)
}
