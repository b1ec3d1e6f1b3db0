import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import {
  type Activity,
  EVERY_FACT,
  FACT_KINDS,
  type FactKind,
  type Facts,
  toldSet,
} from '../../../src/account/facts.ts'
import type { ListedAccount } from '../../../src/account/listed-account.ts'
import { decide, type Rules } from '../../../src/plan/decide.ts'
import { account, DAY, excluding, facts, groups, including, NOTHING, NOW, reasonOf, rules } from './builders.ts'

/** An account of which the list tells nothing but the id. */
const SILENT = { email: '', statuses: [] } as const
const OTHERWISE: Partial<Facts> = {
  emails: ['ada@example.com'],
  groups: ['dev'],
  roles: ['user'],
  statuses: ['active'],
}

const WORDS: Readonly<Record<FactKind, string>> = { email: 'e-mail', group: 'groups', role: 'role', status: 'status' }

/** Every protection that asks for a fact: what it asks in words, the rule, and how the list would tell it. */
const PROTECTIONS: readonly [string, string, Partial<Rules>, Partial<ListedAccount> | null][] = [
  ['an exclusion by e-mail', 'e-mail', { exclude: excluding('*@vip.example') }, { email: 'ada@example.com' }],
  ['an exclusion by group', 'groups', { exclude: excluding('group:vip') }, { groupCells: groups('dev') }],
  ['an exclusion by role', 'role', { exclude: excluding('role:guest') }, { roles: ['User'] }],
  ['an exclusion by status', 'status', { exclude: excluding('status:suspended') }, { statuses: ['Active'] }],
  ['an executing user given by e-mail', 'e-mail', { ownerEmail: 'o@example.com' }, { email: 'ada@example.com' }],
  // Live values only: no column of the list stands in.
  ['idle-days', 'last activity', { idleDays: 30 }, null],
]

describe.each(PROTECTIONS)('%s', (_, words, rule, listed) => {
  const unknown = { kind: 'skip', reason: 'fact-unknown', cause: causeOf('not-told', words) }
  const told = facts({ ...OTHERWISE, told: toldSet(FACT_KINDS), lastActive: { kind: 'at', at: NOW - 90 * DAY } })

  const silent = facts({ told: new Set() })
  const isActivity = words === 'last activity'

  test.each([
    ['told nothing', silent],
    ['told something, but not all of it', facts({ ...OTHERWISE, told: new Set() })],
  ])('leaves alone whom neither list nor a look tells: it %s', (__, live) => {
    expect(decide(account(SILENT), rules(rule), live, NOTHING)).toEqual(unknown)
  })

  test('leaves alone whom the list does not tell where nothing will; activity waits for a look', () => {
    const decision = decide(account(SILENT), rules(rule), null, NOTHING)
    expect(decision).toEqual(isActivity ? { kind: 'deactivate' } : unknown)
  })

  test('lets pass where Atlassian tells that it does not hold', () => {
    expect(reasonOf(account(SILENT), rules(rule), told)).toBe('deactivate')
  })

  test('goes by what the list tells, where there is such a column', () => {
    const who = account({ ...SILENT, ...(listed ?? { lastSeen: '2020-01-01' }) })
    expect(reasonOf(who, rules(rule), silent)).toBe(listed === null ? 'fact-unknown' : 'deactivate')
    expect(reasonOf(who, rules(rule), null)).toBe('deactivate')
  })

  test('takes nobody off for a fact that may still be told, and only for that', () => {
    const kinds = new Map(FACT_KINDS.map((kind) => [WORDS[kind], kind]))
    const own = toldSet(FACT_KINDS.filter((kind) => kind === kinds.get(words)))
    const others = toldSet(FACT_KINDS.filter((kind) => kind !== kinds.get(words)))
    for (const live of [null, silent]) {
      const untold = isActivity && live === null ? 'deactivate' : 'fact-unknown'
      expect(reasonOf(account(SILENT), rules(rule), live, others)).toBe(untold)
      expect(reasonOf(account(SILENT), rules(rule), live, own)).toBe(isActivity ? untold : 'deactivate')
    }
  })

  test('holds in a restore as well, but for activity', () => {
    const live = { ...silent, active: false }
    const expected = isActivity ? 'restore' : 'fact-unknown'
    expect(reasonOf(account(SILENT), rules({ ...rule, change: 'restore' }), live)).toBe(expected)
  })

  test('is told last of all reasons', () => {
    expect(reasonOf(account(SILENT), rules(rule), { ...silent, synced: true })).toBe('scim-managed')
  })
})

test.each(FACT_KINDS)('what no protection asks for need not be told: %s', (kind) => {
  const live = facts({ told: toldSet(FACT_KINDS.filter((other) => other !== kind)) })
  expect(reasonOf(account(SILENT), rules(), live)).toBe('deactivate')
  expect(reasonOf(account(SILENT), rules({ exclude: excluding('id-2') }), facts({ told: new Set() }))).toBe(
    'deactivate',
  )
})

test.each(FACT_KINDS)('only %s untold: only that is named', (kind) => {
  const exclude = excluding('*@vip.example\ngroup:vip\nrole:guest\nstatus:suspended')
  const live = facts({ ...OTHERWISE, told: toldSet(FACT_KINDS.filter((other) => other !== kind)) })
  expect(decide(account(SILENT), rules({ exclude }), live, NOTHING)).toMatchObject({
    cause: causeOf('not-told', WORDS[kind]),
  })
})

test('all that is missing is named at once', () => {
  const exclude = excluding('*@vip.example\ngroup:vip\nrole:guest\nstatus:suspended')
  const rule = rules({ exclude, ownerEmail: 'owner@example.com', idleDays: 30 })
  expect(decide(account(SILENT), rule, facts({ told: new Set() }), NOTHING)).toMatchObject({
    reason: 'fact-unknown',
    cause: causeOf('not-told', 'e-mail, groups, role, status, last activity'),
  })
})

test('an inclusion that nobody answers includes nobody, and protects by that', () => {
  expect(reasonOf(account(SILENT), rules({ include: including('group:dev') }), facts({ groups: ['dev'] }))).toBe(
    'not-included',
  )
})

describe('idle-days', () => {
  const SINCE = NOW - 30 * DAY
  const at = (time: number): Activity => ({ kind: 'at', at: time })
  const never: Activity = { kind: 'never' }
  const notTold: Activity = { kind: 'not-told' }

  test.each([
    ['active yesterday', at(NOW - DAY), SINCE - DAY, 'recently-active'],
    ['active a moment after the day that counts', at(SINCE + 1), SINCE - DAY, 'recently-active'],
    ['active just then', at(SINCE), SINCE - DAY, 'deactivate'],
    ['active long ago', at(SINCE - DAY), SINCE - DAY, 'deactivate'],
    ['active long ago, nobody tells since when it is there', at(SINCE - DAY), null, 'deactivate'],
    ['active yesterday, nobody tells since when it is there', at(NOW - DAY), null, 'recently-active'],
    ['active long ago, and joined again lately', at(SINCE - DAY), SINCE + 1, 'recently-active'],
    ['never active, there for long', never, SINCE - 1, 'deactivate'],
    ['never active, there for just so long', never, SINCE, 'deactivate'],
    ['never active, a newcomer', never, SINCE + 1, 'recently-active'],
    ['never active, nobody tells since when it is there', never, null, 'fact-unknown'],
    ['not told', notTold, SINCE - DAY, 'fact-unknown'],
    ['not told, nobody tells since when it is there', notTold, null, 'fact-unknown'],
  ])('%s', (_, lastActive, addedAt, reason) => {
    const live = facts({ lastActive, addedAt })
    expect(reasonOf(account(), rules({ idleDays: 30 }), live)).toBe(reason)
    expect(reasonOf(account(), rules(), live)).toBe('deactivate')
    expect(reasonOf(account(), rules({ idleDays: 30, change: 'restore' }), { ...live, active: false })).toBe('restore')
  })

  test('what the look shows counts also while another look may follow', () => {
    const live = facts({ lastActive: at(NOW - DAY) })
    expect(reasonOf(account(), rules({ idleDays: 30 }), live, EVERY_FACT)).toBe('recently-active')
  })
})
