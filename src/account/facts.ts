/**
 * What was read from Atlassian about an account, from the directory or its own calls. Facts can take an account out
 * of the approved set, never add one.
 */
export interface LiveFacts {
  /** `unreadable`: it stayed out of reach, so the account is left alone. */
  readonly presence: 'found' | 'not-found' | 'unmanaged' | 'unreadable'
  /** Why it is unreadable or unmanaged; outside text. */
  readonly detail: string
  /** False for apps and customers. */
  readonly person: boolean
  readonly active: boolean
  readonly email: string
  readonly orgAdmin: boolean
  /** Provisioned from an identity provider through SCIM. */
  readonly synced: boolean
  /** Atlassian's reason key why its status cannot be changed; empty where it can, or where nobody asked. */
  readonly blockedBy: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
}

/** An active person that nothing stands in the way of. */
export const PLAIN_FACTS: LiveFacts = {
  presence: 'found',
  detail: '',
  person: true,
  active: true,
  email: '',
  orgAdmin: false,
  synced: false,
  blockedBy: '',
  roles: [],
  groups: [],
}
