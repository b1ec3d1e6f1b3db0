import { createOrganization, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'

export const ADMIN = 'admin-of-the-organization'
/** Ids in list order; the first is the canary. */
export const [CANARY, SECOND, VICTIM, FOURTH] = ['canary-1', 'account-2', 'account-3', 'account-4'] as const
export const TARGETS: readonly string[] = [CANARY, SECOND, VICTIM, FOURTH]

/** An organization with one admin and four people of one domain, all of them listed by default. */
export async function openScene(overrides: Partial<Record<string, Partial<Person>>> = {}): Promise<StandIn> {
  const targets = TARGETS.map((id) => person({ id, email: `${id}@example.com`, ...overrides[id] }))
  return startStandIn(createOrganization({ people: [admin(), ...targets] }))
}

export function admin(): Person {
  return person({ id: ADMIN, email: 'the.admin@example.com', roles: ['atlassian/org-admin'] })
}

/** How often the account was really changed. */
export function changesOf({ organization }: StandIn, id: string): number {
  return organization.changes.filter((change) => change.accountId === id).length
}
