import { expect, test } from 'vitest'
import { canaryOrder } from '../../src/rollout/canary.ts'

/** Addresses of many domains, and as many of one. */
function targets(size: number): { readonly email: string }[] {
  return Array.from({ length: size }, (_, index) => ({
    email: index % 2 === 0 ? `p@d${index}.example.com` : `p${index}@one.example.com`,
  }))
}

test('the order of the canaries takes no longer for each account where there are many domains', () => {
  const many = targets(80_000)
  const began = performance.now()
  const order = [...canaryOrder(many)]
  expect(performance.now() - began).toBeLessThan(2000)
  expect(order).toHaveLength(many.length)
  expect(new Set(order).size).toBe(many.length)
})
