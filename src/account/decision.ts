/** Why an account is left alone; the first that holds, in this order (contract, section 4). */
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

export type Decision =
  | { readonly kind: Change }
  | {
      readonly kind: 'skip'
      readonly reason: SkipReason /** Atlassian's own reason key, or empty. */
      readonly detail: string
    }
