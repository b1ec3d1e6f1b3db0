import { EVERY_FACT, type FactKind, type Facts, factsWith, toldSet } from '../../../src/account/facts.ts'
import type { GroupCell, ListedAccount } from '../../../src/account/listed-account.ts'
import type { Selector } from '../../../src/account/selector.ts'
import { decide, type Rules } from '../../../src/plan/decide.ts'
import { compileSelectors, type Matcher } from '../../../src/plan/matcher.ts'
import { makePlan, type Plan, type PlanOptions, type Seen, targetsOf } from '../../../src/plan/plan.ts'
import { parseSelectors } from '../../../src/plan/selector.ts'
import { fold } from '../../../src/text/fold.ts'

/** The moment of all tests: the first of February 2026, noon, UTC. */
export const NOW = Date.UTC(2026, 1, 1, 12)
export const DAY = 86_400_000
/** Nothing more will be told. */
export const NOTHING: ReadonlySet<FactKind> = toldSet([])

/** An active account that is due at once. */
export function account(overrides: Partial<ListedAccount> = {}): ListedAccount {
  return {
    id: 'id-1',
    line: 2,
    email: 'ada@example.com',
    name: 'Ada',
    statuses: ['Active'],
    active: true,
    unclaimed: false,
    roles: [],
    groupCells: [],
    lastSeen: '',
    due: '',
    ...overrides,
  }
}

/** Cells that hold one group's name each. */
export function groups(...names: readonly string[]): readonly GroupCell[] {
  return names.map((text) => ({ text, several: false }))
}

/** Cells that may hold several names, with commas between them. */
export function cells(...texts: readonly string[]): readonly GroupCell[] {
  return texts.map((text) => ({ text, several: true }))
}

/** What was read of an active person that nothing stands in the way of; only the address is hidden. */
export function facts(overrides: Partial<Facts> = {}): Facts {
  return factsWith({ person: true, active: true, told: toldSet(['group', 'role', 'status']), ...overrides })
}

/** What a look brought: facts by id, and whom the organization protects. */
export function seen(facts: Readonly<Record<string, Facts>>, overrides: Partial<Seen> = {}): Seen {
  return { facts: new Map(Object.entries(facts)), owners: new Set(), admins: new Set(), ...overrides }
}

/** The selectors of a text that holds good ones. */
export function selectors(text: string): readonly Selector[] {
  const parsed = parseSelectors(text, 'exclude')
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.problems)}`)
  return parsed.selectors
}

/** Exclusions. */
export function excluding(text: string): Matcher {
  return compileSelectors(selectors(text), { wholeCells: true })
}

/** Inclusions. */
export function including(text: string): Matcher {
  return compileSelectors(selectors(text), { wholeCells: false })
}

/** Rules that deactivate everybody. @param overrides the owner's address as people write it */
export function rules(overrides: Partial<Rules> = {}): Rules {
  return {
    change: 'deactivate',
    owners: new Set(),
    exclude: excluding(''),
    include: including('*'),
    idleDays: 0,
    today: '2026-02-01',
    now: NOW,
    ...overrides,
    ownerEmail: fold(overrides.ownerEmail ?? ''),
  }
}

/** The plan of an apply that has not looked yet. */
export function plan(accounts: readonly ListedAccount[], rule = rules(), options: Partial<PlanOptions> = {}): Plan {
  return makePlan(accounts, rule, { organizationId: 'o', waiting: 'not-attempted', later: EVERY_FACT, ...options })
}

/** Ids of those whom a plan would change. */
export function targetIds(plan: Plan): readonly string[] {
  return targetsOf(plan).map(({ id }) => id)
}

/** The decision in one word: the reason of a skip, else its kind. Absent facts protect unless they may be told later. */
export function reasonOf(who: ListedAccount, rule: Rules, live: Facts | null, later = NOTHING): string {
  const decision = decide(who, rule, live, later)
  return decision.kind === 'skip' ? decision.reason : decision.kind
}
