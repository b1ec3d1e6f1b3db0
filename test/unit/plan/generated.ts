import fc from 'fast-check'
import { causeOf } from '../../../src/account/cause.ts'
import { type Activity, FACT_KINDS, type Facts, toldSet } from '../../../src/account/facts.ts'
import type { ListedAccount } from '../../../src/account/listed-account.ts'
import type { Rules } from '../../../src/plan/decide.ts'
import { cells, DAY, excluding, including, NOW } from './builders.ts'

const EMAILS = ['ada@example.com', 'bob@example.com', 'owner@example.com']

/** Selectors that match some of the generated accounts, by each fact. */
export const SELECTORS = ['id-1', 'ada@example.com', '*@example.com', 'group:g1', 'group:g3', 'role:*admin']

/** What a list may tell of an account. */
export const anyListed: fc.Arbitrary<
  Pick<ListedAccount, 'email' | 'active' | 'roles' | 'groupCells' | 'due' | 'unclaimed'>
> = fc.record({
  email: fc.constantFrom('', ...EMAILS),
  active: fc.boolean(),
  unclaimed: fc.boolean(),
  roles: fc.subarray(['User', 'Org admin']),
  groupCells: fc.subarray([...cells('g1', 'g1,g2', 'g3')]),
  due: fc.constantFrom('', '2026-01-31', '2026-02-01'),
})

const maybe = fc.constantFrom(true, false, null)
const times = fc.constantFrom(NOW - 90 * DAY, NOW - 31 * DAY, NOW - 30 * DAY, NOW - 29 * DAY, NOW)
const anyActivity: fc.Arbitrary<Activity> = fc.oneof(
  fc.constant({ kind: 'not-told' } as const),
  fc.constant({ kind: 'never' } as const),
  times.map((at) => ({ kind: 'at', at }) as const),
)

export const anyTold = fc.subarray([...FACT_KINDS]).map(toldSet)

/** What Atlassian may tell of an account. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  presence: fc.constantFrom('found', 'found', 'not-found', 'unmanaged', 'unreadable'),
  cause: fc.constantFrom(null, causeOf('blocked', 'x', 'y'), causeOf('unreadable', 'HTTP 500')),
  person: maybe,
  active: maybe,
  emails: fc.subarray(EMAILS),
  groups: fc.subarray(['g1', 'g2', 'g3']),
  roles: fc.subarray(['User', 'Org admin']),
  statuses: fc.subarray(['active', 'suspended']),
  told: anyTold,
  orgAdmin: fc.boolean(),
  synced: fc.boolean(),
  blockedBy: fc.constantFrom('', '', 'x', 'externalDirectory.scim', 'administrative.notMyself'),
  lastActive: anyActivity,
  addedAt: fc.option(times),
  licences: fc.constant(null),
})

/** What a workflow's author may lay down. */
export const anyRules: fc.Arbitrary<Partial<Rules>> = fc
  .record({
    change: fc.constantFrom('deactivate', 'deactivate', 'restore'),
    ownerEmail: fc.constantFrom('', 'owner@example.com'),
    idleDays: fc.constantFrom(0, 30),
    out: fc.subarray(SELECTORS, { maxLength: 2 }),
    into: fc.oneof(fc.constant(['*']), fc.subarray(SELECTORS)),
  })
  .map(({ out, into, ...rule }) => ({
    ...rule,
    exclude: excluding(out.join('\n')),
    include: including(into.join('\n')),
  }))
