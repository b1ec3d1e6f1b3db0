import type { Cause } from './cause.ts'

/** What a run is for. */
export const MODES = ['plan', 'apply', 'restore', 'verify', 'find'] as const
export type Mode = (typeof MODES)[number]

/** Whether the mode changes accounts; the others only read. */
export function changes(mode: Mode): boolean {
  return mode === 'apply' || mode === 'restore'
}

/** Whether the mode says what would be done. */
export function plans(mode: Mode): boolean {
  return mode === 'plan' || mode === 'find'
}

/** Why an account is left alone; the first that holds, in this order. */
export const SKIP_REASONS = [
  'executing-user',
  'excluded',
  'not-included',
  'not-due',
  'not-found',
  'not-a-person',
  'unmanaged',
  'identity-mismatch',
  'org-admin',
  'already-inactive',
  'already-active',
  'recently-active',
  'scim-managed',
  'not-manageable',
  'fact-unknown',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** What a run does to accounts: `apply` deactivates, `restore` restores. */
export type Change = 'deactivate' | 'restore'

export function pastOf(change: Change): 'deactivated' | 'restored' {
  return change === 'restore' ? 'restored' : 'deactivated'
}

/** What is to become of one listed account. */
export type Decision =
  | { readonly kind: Change }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly cause: Cause | null }
  /** It could not be looked at before the change: left alone, and a failure. */
  | { readonly kind: 'unreadable'; readonly cause: Cause }
