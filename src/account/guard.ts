/** Guards in the order in which they are looked at; the first that refuses is the run's `reason` (contract, section 4). */
export const GUARDS = [
  'invalid-input',
  'event-not-allowed',
  'invalid-list',
  'results-unreadable',
  'empty-list',
  'executing-user-missing',
  'admins-unknown',
  'key-missing',
  'plan-mismatch',
  'not-approved',
  'key-rejected',
  'key-scoped',
  'directory-unreadable',
  'executing-user-unknown',
  'no-account-known',
  'max-users',
  'max-percent',
] as const
export type Guard = (typeof GUARDS)[number]

export interface GuardFinding {
  readonly guard: Guard
  /** `refused` stops the run; `reported` would stop an `apply` but only shows in a `plan`; `waived` is set aside on purpose. */
  readonly verdict: 'passed' | 'refused' | 'reported' | 'waived' | 'not-checked'
  /** A short phrase with its figure: `612 accounts`. */
  readonly found: string
  /** What is allowed, as a short phrase: `at most 500`. */
  readonly limit: string
  /** In a sentence; empty for `passed`. */
  readonly message: string
  /** For `refused` and `reported`: what to do, with the line to write to go on. */
  readonly fix: string
}
