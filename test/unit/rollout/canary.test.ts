import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canaryOrder } from '../../../src/rollout/canary.ts'

const emails = (order: readonly { email: string }[]): string[] => order.map(({ email }) => email)

test('canaries are the first of each mail domain in list order, then the second of each', () => {
  const targets = ['a1@a.example', 'a2@a.example', 'b1@B.example', 'a3@a.example', 'b2@b.example', ''].map((email) => ({
    email,
  }))
  expect(emails(canaryOrder(targets))).toEqual([
    'a1@a.example',
    'b1@B.example',
    '',
    'a2@a.example',
    'b2@b.example',
    'a3@a.example',
  ])
})

test('every target is in the order once', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ email: fc.constantFrom('x@a', 'y@a', 'z@b', 'w@c', '') })), (targets) => {
      const order = canaryOrder(targets)
      expect(new Set(order)).toEqual(new Set(targets))
      expect(order).toHaveLength(targets.length)
    }),
  )
})
