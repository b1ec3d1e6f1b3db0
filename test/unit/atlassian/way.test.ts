import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Crowd, callsOf, callsOfRun, cheapestWay, isWorthCounting, type Way } from '../../../src/atlassian/way.ts'

describe('the way to look at many accounts', () => {
  test.each<[string, Crowd, Way, number]>([
    ['nobody', { accounts: 0, addresses: 0, people: 50 }, 'by-id', 0],
    ['one, by address as dear as by id', { accounts: 1, addresses: 1, people: 50 }, 'by-id', 1],
    ['ten, which one search by id takes', { accounts: 10, addresses: 10, people: 50 }, 'by-id', 1],
    ['eleven with addresses', { accounts: 11, addresses: 11, people: 4000 }, 'by-address', 1],
    ['eleven, of whom one has an address', { accounts: 11, addresses: 1, people: 4000 }, 'by-id', 2],
    ['a hundred with addresses, of many', { accounts: 100, addresses: 100, people: 4000 }, 'by-address', 1],
    ['a hundred without, of many', { accounts: 100, addresses: 0, people: 4000 }, 'by-id', 10],
    ['a hundred without, of not so many', { accounts: 100, addresses: 0, people: 600 }, 'walk', 6],
    ['a walk that is only a little cheaper', { accounts: 100, addresses: 0, people: 700 }, 'by-id', 10],
    ['half of them with addresses', { accounts: 1000, addresses: 500, people: 100_000 }, 'by-address', 55],
    ['half of them, in a small organization', { accounts: 1000, addresses: 500, people: 1001 }, 'walk', 11],
    ['everybody with an address', { accounts: 1000, addresses: 1000, people: 1001 }, 'by-address', 10],
    ['everybody without', { accounts: 1000, addresses: 0, people: 1001 }, 'walk', 11],
    ['nobody knows how many there are', { accounts: 1000, addresses: 0, people: null }, 'by-id', 100],
    ['a quarter of very many', { accounts: 100_000, addresses: 100_000, people: 420_000 }, 'by-address', 1000],
    ['a quarter of very many, without', { accounts: 100_000, addresses: 0, people: 420_000 }, 'walk', 4200],
  ])('%s', (_, crowd, way, calls) => {
    expect(cheapestWay(crowd)).toBe(way)
    expect(callsOf(crowd)[way]).toBe(calls)
  })

  test.each<[string, Omit<Crowd, 'people'>, boolean]>([
    ['a short list', { accounts: 200, addresses: 0 }, false],
    ['a longer one', { accounts: 201, addresses: 0 }, true],
    ['addresses that are cheaper than any walk', { accounts: 100_000, addresses: 100_000 }, false],
    ['addresses for most', { accounts: 1000, addresses: 950 }, false],
    ['addresses for some', { accounts: 1000, addresses: 300 }, true],
  ])('a call that tells how many people there are is worth it: %s', (_, crowd, isWorth) => {
    expect(isWorthCounting(crowd)).toBe(isWorth)
  })

  test('never takes more calls than asking for the ids, and the number is asked for only where it can save more', () => {
    const size = fc.nat(3000)
    fc.assert(
      fc.property(size, size, fc.option(size), (accounts, some, more) => {
        const addresses = Math.min(accounts, some)
        const people = more === null ? null : accounts + more
        const crowd = { accounts, addresses, people }
        const taken = callsOf(crowd)[cheapestWay(crowd)]
        expect(taken).toBeLessThanOrEqual(callsOf(crowd)['by-id'])
        const best = { ...crowd, people: accounts }
        if (isWorthCounting(crowd)) expect(callsOf(best)[cheapestWay(best)] + 1).toBeLessThan(callsOf(best)['by-id'])
      }),
    )
  })
})

test.each([
  [
    { accounts: 1000, addresses: 1000 },
    { directory: 1028, alone: 4000 },
  ],
  [
    { accounts: 100, addresses: 0 },
    { directory: 119, alone: 400 },
  ],
  [
    { accounts: 1, addresses: 1 },
    { directory: 11, alone: 4 },
  ],
])('a run over %o takes %o calls', (crowd, calls) => {
  expect(callsOfRun(crowd)).toEqual(calls)
})
