import type { LiveFacts } from '../../../src/account/facts.ts'
import { PLAIN_FACTS } from '../../../src/account/facts.ts'
import type { GroupCell, ListedAccount } from '../../../src/account/listed-account.ts'
import type { Selector } from '../../../src/account/selector.ts'
import type { Rules } from '../../../src/plan/decide.ts'
import { compileSelectors, type Matcher } from '../../../src/plan/matcher.ts'
import { parseSelectors } from '../../../src/plan/selector.ts'

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

/** What was read of an active person that nothing stands in the way of. */
export function facts(overrides: Partial<LiveFacts> = {}): LiveFacts {
  return { ...PLAIN_FACTS, ...overrides }
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

/** Rules that deactivate everybody. */
export function rules(overrides: Partial<Rules> = {}): Rules {
  return {
    change: 'deactivate',
    protectedIds: new Set(),
    executingEmail: '',
    exclude: excluding(''),
    include: including('*'),
    today: '2026-02-01',
    ...overrides,
  }
}
