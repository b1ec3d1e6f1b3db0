import { expect, test } from 'vitest'
import { guardCaps } from '../../../src/plan/caps.ts'
import { account, plan, rules } from './builders.ts'

const two = [account({ id: 'a' }), account({ id: 'b' })]
const inputs = { maxUsers: 1, maxPercent: 10, waive: new Set<string>() }

test.each([
  ['apply', rules(), ['max-users refused', 'max-percent refused']],
  ['restore', rules({ change: 'restore' }), ['max-users refused']],
  ['verify', rules(), []],
] as const)('in mode %s', (mode, rule, expected) => {
  const found = guardCaps({ ...inputs, mode }, plan(two, rule), 10)
  expect(found.map(({ guard, verdict }) => `${guard} ${verdict}`)).toEqual(expected)
})

test('a share that nobody can tell is not checked', () => {
  const found = guardCaps({ ...inputs, mode: 'apply' }, plan(two), null)
  expect(found.map(({ verdict }) => verdict)).toEqual(['refused', 'not-checked'])
})
