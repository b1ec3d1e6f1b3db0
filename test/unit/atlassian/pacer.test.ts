import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pause } from '../../../src/account/result.ts'
import {
  addPause,
  createPacer,
  type PacedRequest,
  type Pacer,
  type PacerOptions,
} from '../../../src/atlassian/pacer.ts'
import type { Answer } from '../../../src/atlassian/transport.ts'
import { runs } from '../../runs.ts'
import { answered, type LimitedServer, limitedServer, mostWithin } from './limited-server.ts'
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

type Send = PacedRequest['send']
const answerOf = (paced: Awaited<ReturnType<Pacer['run']>>): Answer | null => paced?.answer ?? null
let requests = 0

/** One request of a lane, under a key of its own where none is given. */
function request(send: Send, more: Partial<PacedRequest> = {}): PacedRequest {
  return { endpoint: 'user search', key: String(++requests), send, stop: never, ...more }
}

/** Work of so many requests, each sent again while it is refused for the rate, by as many workers as the action has. */
async function work(
  clock: VirtualClock,
  pacer: Pacer,
  send: Send,
  calls: number,
  workers = 8,
  more: Partial<PacedRequest> = {},
) {
  let left = calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const own = request(send, more)
      for (;;) {
        const answer = answerOf(await pacer.run(own))
        if (answer?.kind !== 'answer' || answer.status !== 429) break
      }
    }
  }
  const started = clock.now()
  return clock.until(Promise.all(Array.from({ length: workers }, worker)).then(() => clock.now() - started))
}

test('without a limit as many are in flight as the user allows, and no more', async () => {
  const clock = createVirtualClock()
  const server = limitedServer(clock, {})
  const took = await work(clock, pacerWith(clock, { concurrency: 8 }), server.send, 80, 20)
  expect(server.mostInFlight()).toBe(8)
  expect(took).toBe(10 * 50)
})

test.each([
  ['with headers to the second', { calls: 100, window: 5000, headers: 'second' }, 1.05, 0.01],
  ['with headers to the minute', { calls: 200, window: 60_000, headers: 'minute' }, 1.05, 0.01],
  ['with Retry-After', { calls: 100, window: 5000, headers: 'none', retryAfter: true }, 1.15, 0.05],
  ['in silence', { calls: 100, window: 5000, headers: 'none' }, 1.15, 0.1],
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
    runs(60),
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
  expect(told).toEqual(['user search: Atlassian asked to wait (429, Retry-After)'])
  expect(pacer.pauses).toHaveLength(1)
})

test('a pause withholds what is stopped, at once, and leaves no timer behind', async () => {
  const clock = createVirtualClock()
  const stop = new AbortController()
  const server = limitedServer(clock, { answer: () => answered(429, { 'retry-after': '600' }) })
  const pacer = pacerWith(clock)
  await clock.until(pacer.run(request(server.send, { stop: stop.signal })))
  const waiting = [1, 2, 3].map(() => pacer.run(request(server.send, { stop: stop.signal })))
  await clock.advance(1000)
  stop.abort()
  expect(await Promise.all(waiting)).toEqual([null, null, null])
  expect(await pacer.run(request(server.send, { stop: stop.signal }))).toBeNull()
  expect(server.arrivals).toHaveLength(1)
  await clock.advance(0)
  expect(clock.sleepers).toBe(0)
})

test('what was sent before a stop is waited for, keeps its slot, and still teaches', async () => {
  const clock = createVirtualClock()
  const stop = new AbortController()
  const server = limitedServer(clock, { latency: 1000 })
  const pacer = pacerWith(clock, { concurrency: 2 })
  const sent = [1, 2].map(() => pacer.run(request(server.send, { stop: stop.signal })))
  const withheld = pacer.run(request(server.send, { stop: stop.signal }))
  await clock.advance(100)
  stop.abort()
  const read = pacer.run(request(server.send, { urgent: true }))
  expect(await withheld).toBeNull()
  expect(await clock.until(Promise.all([...sent, read]))).toMatchObject(Array(3).fill({ answer: { kind: 'answer' } }))
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
  const runs = ['first', 'second', 'third'].map((name) => pacer.run(request(send(name))))
  runs.push(pacer.run(request(send('urgent'), { urgent: true })))
  await clock.until(Promise.all(runs))
  expect(order).toEqual(['first', 'urgent', 'second', 'third'])
})

test('a request whose sending throws rejects, and holds nobody up', async () => {
  const clock = createVirtualClock()
  const pacer = pacerWith(clock, { concurrency: 1 })
  const failing = pacer.run(request(() => Promise.reject(new Error('disk full'))))
  const next = pacer.run(request(async () => answered(200)))
  await expect(failing).rejects.toThrow('disk full')
  expect(await clock.until(next)).toMatchObject({ answer: { status: 200 } })
})

describe('endpoints', () => {
  const SEARCH = { endpoint: 'user search' }
  const CHANGE = { endpoint: 'deactivation' }
  const at =
    (server: LimitedServer, endpoint: string): Send =>
    (onLeave) =>
      server.send(onLeave, endpoint)

  test('with limits of their own are each used as if they were alone', async () => {
    const clock = createVirtualClock()
    const quota = { calls: 100, callsTo: { search: 20 }, window: 5000, headers: 'second' } as const
    const server = limitedServer(clock, { quota })
    const pacer = pacerWith(clock)
    const searching = work(clock, pacer, at(server, 'search'), 100, 4, SEARCH)
    const changing = work(clock, pacer, at(server, 'disable'), 1000, 8, CHANGE)
    expect(await clock.until(changing)).toBeLessThan(9 * 5000 * 1.05)
    expect(await clock.until(searching)).toBeLessThan(4 * 5000 * 1.1)
    expect(server.refused() / server.arrivals.length).toBeLessThan(0.01)
    expect(server.mostInFlight()).toBeLessThanOrEqual(8)
  })

  test('go on while one of them is told to wait for an hour, which is tried again after a quarter of one', async () => {
    const clock = createVirtualClock()
    const told: string[] = []
    const pacer = pacerWith(clock, { onPause: (why) => told.push(why) })
    const hour = limitedServer(clock, {
      answer: (index) => answered(index === 0 ? 429 : 200, index === 0 ? { 'retry-after': '3600' } : {}),
    })
    const searching = work(clock, pacer, hour.send, 1, 1, SEARCH)
    expect(await work(clock, pacer, limitedServer(clock, {}).send, 70, 7, CHANGE)).toBe(500)
    expect(await clock.until(searching)).toBeLessThan(15 * 60_000 + 1000)
    expect(told).toEqual(['user search: Atlassian asked to wait (429, Retry-After)'])
  })

  test('have no more in flight than the user allows, all of them together', async () => {
    const clock = createVirtualClock()
    const server = limitedServer(clock, {})
    const pacer = pacerWith(clock, { concurrency: 5 })
    const lanes = ['a', 'b', 'c'].map((endpoint) => work(clock, pacer, server.send, 50, 5, { endpoint }))
    await clock.until(Promise.all(lanes))
    expect(server.mostInFlight()).toBe(5)
  })

  test('that pause at the same time make one pause of the run', async () => {
    const clock = createVirtualClock()
    const pacer = pacerWith(clock)
    const wait = (seconds: number): Send => {
      const answer = (index: number) => answered(index === 0 ? 429 : 200, { 'retry-after': String(seconds) })
      return limitedServer(clock, { answer }).send
    }
    const lanes = [30, 10, 60].map((seconds) =>
      work(clock, pacer, wait(seconds), 1, 1, { endpoint: `lane of ${seconds}` }),
    )
    await clock.until(Promise.all(lanes))
    expect(pacer.pauses).toHaveLength(1)
    expect(pacer.pauses[0]?.why).toContain('lane of 60')
    expect((pacer.pauses[0]?.until ?? 0) - (pacer.pauses[0]?.from ?? 0)).toBeGreaterThanOrEqual(60_000)
  })
})

test('pauses that touch or overlap become one, under the reason that lasts longer', () => {
  const pauses: Pause[] = []
  for (const [from, until, why] of [
    [0, 10, 'a'],
    [5, 8, 'b'],
    [10, 20, 'c'],
    [21, 22, 'd'],
  ] as const)
    addPause(pauses, { from, until, why })
  expect(pauses).toEqual([
    { from: 0, until: 20, why: 'c' },
    { from: 21, until: 22, why: 'd' },
  ])
})

describe('a request that is refused for ever', () => {
  /** Refuses every request under one key, and passes the others. */
  function refusing(clock: VirtualClock, latency: number, headers: Record<string, string> = {}) {
    const server = limitedServer(clock, { latency })
    const sent: number[] = []
    const refused: Send = async (onLeave) => {
      sent.push(clock.now())
      onLeave()
      await clock.sleep(50)
      return answered(429, headers)
    }
    return { passes: server.send, refused, sent }
  }

  /** Tries it every ten seconds. @returns how often it was refused alone */
  async function insist(clock: VirtualClock, pacer: Pacer, own: PacedRequest, times: number): Promise<number> {
    let alone = 0
    for (let time = 0; time < times; time++) {
      const paced = await pacer.run(own)
      if (paced?.alone === true) alone++
      await clock.sleep(10_000)
    }
    return alone
  }

  test.each([
    ['without a word', {}, 1000],
    ['with an hour to wait', { 'retry-after': '3600' }, 15 * 60_000 + 1000],
  ])('%s holds the others of its endpoint up once', async (_, headers, longest) => {
    const clock = createVirtualClock()
    const pacer = pacerWith(clock)
    const { passes, refused, sent } = refusing(clock, 1000, headers)
    const insisting = insist(clock, pacer, request(refused), 20)
    const took = await work(clock, pacer, passes, 7 * 300, 7)
    expect(took).toBeLessThan(300 * 1000 + longest + 2000)
    expect(await clock.until(insisting)).toBe(19)
    expect(sent).toHaveLength(20)
    expect(pacer.pauses).toHaveLength(1)
  })

  test('as the last of its endpoint is on its own after five minutes', async () => {
    const clock = createVirtualClock()
    const pacer = pacerWith(clock)
    const { refused } = refusing(clock, 50)
    const own = request(refused)
    const started = clock.now()
    const untilAlone = async (): Promise<number> => {
      for (;;) {
        const paced = await pacer.run(own)
        if (paced?.alone === true) return clock.now() - started
      }
    }
    const took = await clock.until(untilAlone())
    expect(took).toBeGreaterThan(5 * 60_000)
    expect(took).toBeLessThan(6 * 60_000)
  })

  test('as all others are too is never alone', async () => {
    const clock = createVirtualClock()
    const pacer = pacerWith(clock)
    const until = clock.now() + 3 * 3_600_000
    const server = limitedServer(clock, { answer: () => answered(clock.now() < until ? 429 : 200) })
    const alone: boolean[] = []
    const one = async (): Promise<void> => {
      const own = request(server.send)
      for (;;) {
        const paced = await pacer.run(own)
        if (paced === null) return
        alone.push(paced.alone)
        if (paced.answer.kind === 'answer' && paced.answer.status === 200) return
      }
    }
    await clock.until(Promise.all(Array.from({ length: 8 }, one)))
    expect(alone).not.toContain(true)
    expect(server.arrivals.length).toBeLessThan(1000)
  })
})

test.each([
  ['a minute and a half', 90_000, null],
  ['ten minutes', 600_000, null],
  ['an hour', 3_600_000, null],
  ['ten minutes, within a limit that is known', 600_000, { calls: 100, window: 5000, headers: 'none' }],
  ['ten minutes, within a limit that is told', 600_000, { calls: 100, window: 5000, headers: 'second' }],
] as const)('after %s of silent refusals the pace is back within a minute', async (_, outage, limit) => {
  const clock = createVirtualClock()
  const from = clock.now() + 30_000
  const end = from + outage
  const quota = limit === null ? {} : { quota: limit }
  const server = limitedServer(clock, {
    ...quota,
    answer: () => (clock.now() >= from && clock.now() < end ? answered(429) : null),
  })
  const stop = new AbortController()
  const pacer = pacerWith(clock, { random: randomFrom(0.3) })
  const worker = async (): Promise<void> => {
    for (let own = request(server.send, { stop: stop.signal }); ; ) {
      const answer = answerOf(await pacer.run(own))
      if (answer === null) return
      if (answer.kind === 'answer' && answer.status === 200) own = request(server.send, { stop: stop.signal })
    }
  }
  const workers = Array.from({ length: 8 }, worker)
  await clock.advance(outage + 30_000 + 120_000)
  stop.abort()
  await clock.until(Promise.all(workers))
  const passed = (since: number, until: number): number =>
    server.arrivals.filter((at, index) => at >= since && at < until && server.statuses[index] === 200).length
  const before = passed(from - 20_000, from)
  expect(before).toBeGreaterThan(300)
  expect(passed(end + 60_000, end + 80_000)).toBeGreaterThan(before * 0.85)
})

test.each([
  ['an intent takes its time to reach the disk', [0, 400, 20, 900, 5], []],
  ['a connection takes its time', [], [0, 3000, 10, 700]],
] as const)('the ceiling holds where requests leave, while %s', async (_, disk, connecting) => {
  const clock = createVirtualClock()
  const left: number[] = []
  let turns = 0
  const send: Send = async (onLeave) => {
    await clock.sleep(disk[turns % disk.length] ?? 0)
    await clock.sleep(connecting[turns++ % connecting.length] ?? 0)
    left.push(clock.now())
    onLeave()
    await clock.sleep(200)
    return answered(200)
  }
  const pacer = pacerWith(clock, { requestsPerSecond: 10 })
  const lanes = ['a', 'b'].map((endpoint) => work(clock, pacer, send, 40, 8, { endpoint }))
  await clock.until(Promise.all(lanes))
  expect(left).toHaveLength(80)
  expect(mostWithin(left, 1000)).toBeLessThanOrEqual(10)
})

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 9301 + 0.49297) % 1
    return state
  }
}
