import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacer, type Pacer, type PacerOptions } from '../../../src/atlassian/pacer.ts'
import type { Answer } from '../../../src/atlassian/transport.ts'
import { answered, limitedServer, mostWithin } from './limited-server.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

const never = new AbortController().signal

function pacerWith(clock: VirtualClock, options: Partial<PacerOptions> = {}): Pacer {
  return createPacer({
    clock,
    random: () => 0.5,
    concurrency: 8,
    requestsPerSecond: Number.POSITIVE_INFINITY,
    onPause: () => undefined,
    ...options,
  })
}

/** Work of so many requests, each sent again while it is refused for the rate, by as many workers as the action has. */
async function work(clock: VirtualClock, pacer: Pacer, send: () => Promise<Answer>, calls: number, workers = 8) {
  let left = calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      for (;;) {
        const answer = await pacer.run({ send, stop: never })
        if (answer.kind !== 'answer' || answer.status !== 429) break
      }
    }
  }
  const started = clock.now()
  await clock.until(Promise.all(Array.from({ length: workers }, worker)))
  return clock.now() - started
}

test('without a limit as many are in flight as the user allows, and no more', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, {})
  const took = await work(clock, pacerWith(clock, { concurrency: 8 }), server.send, 80, 20)
  expect(server.mostInFlight()).toBe(8)
  expect(took).toBe(10 * 50)
})

test.each([
  ['with headers to the second', { calls: 100, window: 5000, headers: 'second' }, 1.15, 0.02],
  ['with headers to the minute', { calls: 200, window: 60_000, headers: 'minute' }, 1.15, 0.02],
  ['with Retry-After', { calls: 100, window: 5000, headers: 'none', retryAfter: true }, 1.25, 0.05],
  ['in silence', { calls: 100, window: 5000, headers: 'none' }, 1.25, 0.05],
  ['in silence, a minute long', { calls: 200, window: 60_000, headers: 'none' }, 1.15, 0.1],
] as const)('a limit that is told %s is used, and seldom hit', async (_, quota, mostTime, mostRefused) => {
  for (const seed of [0.1, 0.5, 0.9]) {
    // The windows begin at any moment of the second and of the minute.
    const clock = createVirtualClock(Date.parse('2026-06-05T06:00:00Z') + seed * 61_300)
    const server = limitedServer(clock, { quota })
    const calls = quota.calls * 12
    const took = await work(clock, pacerWith(clock, { random: randomFrom(seed) }), server.send, calls)
    expect(took / (11 * quota.window)).toBeLessThan(mostTime)
    expect(server.refused() / server.arrivals.length).toBeLessThan(mostRefused)
    expect(server.mostInFlight()).toBeLessThanOrEqual(8)
  }
})

test('the ceiling of requests per second holds in every second, also right after a pause', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, {
    latency: 400,
    answer: (index) => answered(index === 30 ? 429 : 200, index === 30 ? { 'retry-after': '3' } : {}),
  })
  await work(clock, pacerWith(clock, { requestsPerSecond: 10 }), server.send, 80)
  expect(mostWithin(server.arrivals, 1000)).toBeLessThanOrEqual(10)
})

test('a ceiling below one a second is one too', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, {})
  const took = await work(clock, pacerWith(clock, { requestsPerSecond: 0.5 }), server.send, 5)
  expect(mostWithin(server.arrivals, 2000)).toBe(1)
  expect(took).toBeLessThan(9000)
})

test('whatever is answered, neither ceiling nor width is ever exceeded, and nothing is sent in a pause', async () => {
  const answers = fc.constantFrom<Answer>(
    answered(200),
    answered(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-06-05T06:00:05Z' }),
    answered(200, { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '2026-06-05T06:01Z' }),
    answered(429),
    answered(429, { 'retry-after': '2' }),
    answered(429, { 'x-ratelimit-reset': '2026-06-05T05:00Z' }),
    answered(503),
    { kind: 'lost', error: 'reset' },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(answers, { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(3, 20, Number.POSITIVE_INFINITY),
      fc.integer({ min: 1, max: 900 }),
      async (given, concurrency, requestsPerSecond, latency) => {
        const clock = createVirtualClock()
        const server = limitedServer(clock, { latency, answer: (index) => given[index] ?? answered(200) })
        const pacer = pacerWith(clock, { concurrency, requestsPerSecond })
        await work(clock, pacer, server.send, 60, concurrency + 3)
        expect(server.mostInFlight()).toBeLessThanOrEqual(concurrency)
        expect(mostWithin(server.arrivals, 1000)).toBeLessThanOrEqual(Math.min(requestsPerSecond, 1e6))
        for (const { from, until } of pacer.pauses) {
          expect(server.arrivals.filter((at) => at > from && at < until)).toEqual([])
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('after a pause one request goes first, and the rest when it went through', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, {
    latency: 200,
    answer: (index) => answered(index < 8 ? 429 : 200, index < 8 ? { 'retry-after': '10' } : {}),
  })
  await work(clock, pacerWith(clock), server.send, 20)
  const [first = 0, second = 0, third = 0] = server.arrivals.slice(8)
  expect(first - (server.arrivals[0] ?? 0)).toBeGreaterThanOrEqual(10_000)
  expect(second).toBe(first + 200)
  expect(third).toBe(second)
})

test('a pause is told once, however many refusals say so', async () => {
  const clock = createVirtualClock()
  const told: string[] = []
  const server = limitedServer(clock, {
    answer: (index) => answered(index < 8 ? 429 : 200, index < 8 ? { 'retry-after': '10' } : {}),
  })
  let jitter = 0
  const pacer = pacerWith(clock, { onPause: (why) => told.push(why), random: () => ++jitter / 100 })
  await work(clock, pacer, server.send, 20)
  expect(told).toEqual(['Atlassian asked to wait (429, Retry-After)'])
  expect(pacer.pauses).toHaveLength(1)
})

test('the last call of a window is not followed by another one', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, { quota: { calls: 20, window: 60_000, headers: 'second' } })
  await work(clock, pacerWith(clock), server.send, 50)
  expect(server.refused()).toBeLessThanOrEqual(2)
})

test('a pause withholds what is stopped, at once, and leaves no timer behind', async () => {
  const clock = createVirtualClock()
  const stop = new AbortController()
  const server = limitedServer(clock, { answer: () => answered(429, { 'retry-after': '600' }) })
  const pacer = pacerWith(clock)
  await clock.until(pacer.run({ send: server.send, stop: stop.signal }))
  const waiting = [1, 2, 3].map(() => pacer.run({ send: server.send, stop: stop.signal }))
  await clock.advance(1000)
  stop.abort()
  expect(await Promise.all(waiting)).toEqual(Array(3).fill({ kind: 'withheld' }))
  expect(await pacer.run({ send: server.send, stop: stop.signal })).toEqual({ kind: 'withheld' })
  expect(server.arrivals).toHaveLength(1)
  await clock.advance(0)
  expect(clock.sleepers).toBe(0)
})

test('what was sent before a stop is waited for, keeps its slot, and still teaches', async () => {
  const clock = createVirtualClock()
  const stop = new AbortController()
  const server = limitedServer(clock, { latency: 1000 })
  const pacer = pacerWith(clock, { concurrency: 2 })
  const sent = [1, 2].map(() => pacer.run({ send: server.send, stop: stop.signal }))
  const withheld = pacer.run({ send: server.send, stop: stop.signal })
  await clock.advance(100)
  stop.abort()
  const read = pacer.run({ send: server.send, stop: never, urgent: true })
  expect(await withheld).toEqual({ kind: 'withheld' })
  expect(await clock.until(Promise.all([...sent, read]))).toMatchObject(Array(3).fill({ kind: 'answer' }))
  expect(server.mostInFlight()).toBe(2)
})

test('a read that somebody waits for goes before changes that came earlier', async () => {
  const clock = createVirtualClock()
  const order: string[] = []
  const pacer = pacerWith(clock, { concurrency: 1 })
  const send = (name: string) => async (): Promise<Answer> => {
    order.push(name)
    await clock.sleep(10)
    return answered(200)
  }
  const runs = ['first', 'second', 'third'].map((name) => pacer.run({ send: send(name), stop: never }))
  runs.push(pacer.run({ send: send('urgent'), stop: never, urgent: true }))
  await clock.until(Promise.all(runs))
  expect(order).toEqual(['first', 'urgent', 'second', 'third'])
})

test('a request whose sending throws rejects, and holds nobody up', async () => {
  const clock = createVirtualClock()
  const pacer = pacerWith(clock, { concurrency: 1 })
  const failing = pacer.run({ send: () => Promise.reject(new Error('disk full')), stop: never })
  const next = pacer.run({ send: async () => answered(200), stop: never })
  await expect(failing).rejects.toThrow('disk full')
  expect(await clock.until(next)).toMatchObject({ status: 200 })
})

test('an outage is not multiplied: repeats wait for their budget, and none is turned away', async () => {
  const clock = createVirtualClock()
  const pacer = pacerWith(clock)
  const turns: number[] = []
  const repeats = Array.from({ length: 60 }, () => pacer.retryTurn(never).then(() => turns.push(clock.now())))
  await clock.until(Promise.all(repeats))
  expect(turns).toHaveLength(60)
  expect(mostWithin(turns, 1000)).toBeLessThanOrEqual(23)
  expect((turns.at(-1) ?? 0) - (turns[0] ?? 0)).toBeGreaterThanOrEqual(19_000)
})

test('somebody who waits for the budget leaves when it is stopped', async () => {
  const clock = createVirtualClock()
  const pacer = pacerWith(clock)
  const stop = new AbortController()
  for (let turn = 0; turn < 20; turn++) await pacer.retryTurn(stop.signal)
  const waiting = pacer.retryTurn(stop.signal)
  stop.abort()
  await clock.until(waiting)
  expect(clock.sleepers).toBe(0)
})

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 9301 + 0.49297) % 1
    return state
  }
}
