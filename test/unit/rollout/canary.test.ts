import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canaryOrder, runCanary } from '../../../src/rollout/canary.ts'
import { createVirtualClock } from '../atlassian/virtual-clock.ts'
import { account, plan } from '../plan/builders.ts'
import { type Answers, answer, DONE, LOST, openRollout, profile, shortly } from './context.ts'

const emails = (order: readonly { email: string }[]): string[] => order.map(({ email }) => email)
const domainOf = (email: string): string => (email.split('@').at(-1) ?? '').toLowerCase()

/** The definition, word for word: the first of each domain in list order, then the second of each, and so on. */
function naiveOrder<T extends { readonly email: string }>(targets: readonly T[]): T[] {
  const order: T[] = []
  const domains = [...new Set(targets.map(({ email }) => domainOf(email)))]
  for (let round = 0; order.length < targets.length; round++) {
    for (const domain of domains) {
      const target = targets.filter(({ email }) => domainOf(email) === domain)[round]
      if (target !== undefined) order.push(target)
    }
  }
  return order
}

describe('the order of the canaries', () => {
  test('is the first of each mail domain in list order, then the second of each', () => {
    const targets = ['a1@a.example', 'a2@a.example', 'b1@B.example', 'a3@a.example', 'b2@b.example', ''].map(
      (email) => ({
        email,
      }),
    )
    expect(emails(canaryOrder(targets))).toEqual([
      'a1@a.example',
      'b1@B.example',
      '',
      'a2@a.example',
      'b2@b.example',
      'a3@a.example',
    ])
  })

  const target = fc.record({
    email: fc.constantFrom('x@a', 'y@A', 'z@b', 'w@c', 'v@d', 'u@e.f', 'a', ''),
    line: fc.nat(),
  })

  test('is that of the definition', () => {
    fc.assert(
      fc.property(fc.array(target, { maxLength: 40 }), (targets) => {
        expect(canaryOrder(targets)).toEqual(naiveOrder(targets))
      }),
    )
  })

  test('has every target once, and leaves the list as it is', () => {
    fc.assert(
      fc.property(fc.array(target), (targets) => {
        const before = [...targets]
        const order = canaryOrder(targets)
        expect(new Set(order)).toEqual(new Set(targets))
        expect(order).toHaveLength(targets.length)
        expect(targets).toEqual(before)
      }),
    )
  })

  test('costs each target a few steps, however many domains there are and however large one of them is', () => {
    let reads = 0
    const counted = (email: string) => ({
      get email() {
        reads++
        return email
      },
    })
    const small = Array.from({ length: 20_000 }, (_, index) => counted(`a@d${index}.example`))
    const large = Array.from({ length: 20_000 }, (_, index) => counted(`a${index}@large.example`))
    const start = performance.now()
    expect(canaryOrder([...small, ...large])).toHaveLength(40_000)
    // A step for each domain in each round would be 400 million of them.
    expect(performance.now() - start).toBeLessThan(2000)
    expect(reads).toBeLessThanOrEqual(3 * 40_000)
  })
})

describe('the canary', () => {
  const listed = ['id-1', 'id-2', 'id-3', 'id-4'].map((id) => account({ id }))

  async function run(answers: Answers, size = 2, pause = 0) {
    const clock = createVirtualClock()
    const { context, ledger, sent } = openRollout(clock, answers, { plan: plan(listed) })
    const passed = await clock.until(runCanary({ ...context, canarySize: size, canaryPauseSeconds: pause }))
    return {
      passed,
      sent: shortly(sent),
      cause: context.stop.cause(),
      states: listed.map(({ id }) => ledger.fate(id).state),
    }
  }
  const good: Answers = ({ method }) => (method === 'POST' ? DONE : profile('inactive'))
  const forId =
    (id: string, other: Answers): Answers =>
    (request, call) =>
      (request.path.includes(id) ? other : good)(request, call)

  test('is changed one by one, each read back before the next; nobody else is touched', async () => {
    const { passed, sent, states } = await run(good)
    expect([passed, sent]).toEqual([true, ['POST id-1', 'GET id-1', 'POST id-2', 'GET id-2']])
    expect(states).toEqual(['deactivated', 'deactivated', 'not-attempted', 'not-attempted'])
  })

  test('that is found inactive already is replaced by the next', async () => {
    const already = forId('id-1', ({ method }) => (method === 'POST' ? answer(409) : profile('inactive')))
    const { passed, states } = await run(already)
    expect([passed, states]).toEqual([true, ['already-inactive', 'deactivated', 'deactivated', 'not-attempted']])
  })

  test('is everybody where there are not more', async () => {
    const { passed, states } = await run(good, 9)
    expect([passed, new Set(states)]).toEqual([true, new Set(['deactivated'])])
  })

  test.each<[string, Answers, string]>([
    ['refused', ({ method }) => (method === 'POST' ? answer(403) : profile('active')), 'canary-failed'],
    ['lost and unreadable', ({ method }) => (method === 'POST' ? LOST : answer(404)), 'canary-not-verified'],
    ['done and never shown', ({ method }) => (method === 'POST' ? DONE : profile('active')), 'canary-not-verified'],
    ['done and unreadable', ({ method }) => (method === 'POST' ? DONE : answer(404)), 'canary-not-verified'],
    [
      'done and shown as what proves nothing',
      ({ method }) => (method === 'POST' ? DONE : profile('gone')),
      'canary-not-verified',
    ],
    ['turned away with its key', () => answer(401), 'key-rejected'],
  ])('that is %s stops the run before anybody else', async (_, answers, reason) => {
    const { passed, cause, sent, states } = await run(forId('id-1', answers))
    expect([passed, cause]).toEqual([false, reason])
    expect(sent.filter((request) => !request.endsWith('id-1'))).toEqual([])
    expect(states.slice(1)).toEqual(['not-attempted', 'not-attempted', 'not-attempted'])
  })

  test('that is active again after the pause stops the run', async () => {
    let reads = 0
    const undone: Answers = ({ method }) => (method === 'POST' ? DONE : profile(reads++ < 2 ? 'inactive' : 'active'))
    expect(await run(undone, 2, 60)).toMatchObject({ passed: false, cause: 'canary-not-verified' })
  })

  test('is read once more after the pause', async () => {
    const { passed, sent } = await run(good, 1, 60)
    expect([passed, sent]).toEqual([true, ['POST id-1', 'GET id-1', 'GET id-1']])
  })
})
