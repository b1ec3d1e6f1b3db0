export const STOP_CAUSES = [
  'canary-failed',
  'canary-not-verified',
  'too-many-failures',
  'key-rejected',
  'deadline',
  'cancelled',
] as const

/** What ends a rollout before its end; the first cause counts. */
export type StopCause = (typeof STOP_CAUSES)[number]

export function isStopCause(text: string): text is StopCause {
  return STOP_CAUSES.some((cause) => cause === text)
}
