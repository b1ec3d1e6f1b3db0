import { describe, expect, test } from 'vitest'
import { type Atlassian, openAtlassian } from '../../../src/atlassian/atlassian.ts'
import { createPacer, type Pacer } from '../../../src/atlassian/pacer.ts'
import type { Answer, ApiRequest, Sending } from '../../../src/atlassian/transport.ts'
import { answered } from './limited-server.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

const never = new AbortController().signal
const PROFILE = { method: 'GET', path: '/users/a/manage/profile' } as const
const DISABLE = { method: 'POST', path: '/users/a/manage/lifecycle/disable', body: {} } as const
const COUNT = { method: 'GET', path: '/admin/v2/orgs/o/directories/-/users/count?x=y' } as const
const MINUTE = 60_000

interface Door {
  readonly atlassian: Atlassian
  readonly pacer: Pacer
  readonly clock: VirtualClock
  readonly sent: string[]
  readonly told: string[]
}

/** The door over a transport that answers each call like this, after 50 ms; null: never, unless it is given up. */
function door(answers: (request: ApiRequest, call: number) => Answer | null): Door {
  const clock = createVirtualClock()
  const sent: string[] = []
  const told: string[] = []
  const send = async (request: ApiRequest, { stop, givesUp = false, onLeave }: Sending): Promise<Answer> => {
    onLeave?.()
    const answer = answers(request, sent.push(request.path) - 1)
    await clock.sleep(answer === null ? 365 * 86_400_000 : 50, givesUp ? stop : never)
    return answer ?? { kind: 'lost', error: 'the run was stopped' }
  }
  const pacer = createPacer({
    clock,
    random: () => 0.5,
    concurrency: 8,
    requestsPerSecond: Number.POSITIVE_INFINITY,
    onPause: (why) => told.push(why),
  })
  const atlassian = openAtlassian({ send, close: async () => undefined }, pacer, clock, () => 0.5)
  return { atlassian, pacer, clock, sent, told }
}

const profile: Answer = { kind: 'answer', status: 200, headers: {}, body: '{"account":{"account_status":"active"}}' }

describe('a read that is stopped is withheld at once', () => {
  test.each<[string, Answer | null]>([
    ['while it waits for a limit', answered(429, { 'retry-after': '3600' })],
    ['while it is refused for the rate again and again', answered(429)],
    ['while it waits to be repeated', answered(503)],
    ['while its answer does not come', null],
  ])('%s', async (_, answer) => {
    const { atlassian, clock, sent } = door(() => answer)
    const deadline = new AbortController()
    const stoppedAt = clock.now() + 5 * MINUTE
    const reading = Array.from({ length: 12 }, (_, index) =>
      atlassian
        .read({ ...PROFILE, path: `/users/${index}/manage/profile` }, deadline.signal)
        .then((read) => ({ kind: read.kind, at: clock.now() })),
    )
    void clock.sleep(5 * MINUTE).then(() => deadline.abort())
    const reads = await clock.until(Promise.all(reading))
    // A plain outage is given up before.
    const expected = answer?.kind === 'answer' && answer.status === 503 ? 'unreadable' : 'withheld'
    expect(reads.map(({ kind }) => kind)).toEqual(Array(12).fill(expected))
    for (const { at } of reads) expect(at).toBeLessThanOrEqual(stoppedAt)
    const calls = sent.length
    await clock.advance(60 * MINUTE)
    expect([sent.length, clock.sleepers]).toEqual([calls, 0])
  })
})

describe('an account that is refused for the rate for ever', () => {
  const throttled = '/users/a/manage'
  const others = ({ path }: ApiRequest): Answer =>
    path.startsWith(throttled) ? answered(429) : { ...profile, status: path.endsWith('disable') ? 204 : 200 }

  /** As many as keep the endpoint busy. */
  async function busy(read: (id: string) => Promise<unknown>): Promise<void> {
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < 3000) await read(`b${next++}`)
    }
    await Promise.all(Array.from({ length: 7 }, worker))
  }

  test('is unreadable, while the others are read', async () => {
    const { atlassian, clock, pacer } = door(others)
    const one = atlassian.read(PROFILE, never)
    await clock.until(busy((id) => atlassian.read({ ...PROFILE, path: `/users/${id}/manage/profile` }, never)))
    expect(await clock.until(one)).toMatchObject({ kind: 'unreadable', status: 0, key: expect.stringContaining('429') })
    expect(pacer.pauses.length).toBeLessThanOrEqual(2)
  })

  test('cannot be changed, and it is told that it is alone with that', async () => {
    const { atlassian, clock } = door(others)
    const change = (id: string) =>
      atlassian.change({ ...DISABLE, path: `/users/${id}/manage/lifecycle/disable` }, never, async () => undefined)
    const alone: boolean[] = []
    const one = async () => {
      for (let tries = 1; tries <= 5; tries++) {
        const sent = await change('a')
        expect(sent).toMatchObject({ kind: 'throttled', status: 429 })
        alone.push(sent?.alone === true)
        await atlassian.beforeRetry(tries, never)
      }
    }
    await clock.until(Promise.all([one(), busy(change)]))
    expect(alone).toEqual([false, true, true, true, true])
  })
})

test('waits before repeats grow, and end when they are stopped', async () => {
  const { atlassian, clock } = door(() => profile)
  const waits: number[] = []
  for (let tries = 1; tries <= 7; tries++) {
    const started = clock.now()
    await clock.until(atlassian.beforeRetry(tries, never).then(() => waits.push(clock.now() - started)))
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  await atlassian.beforeRetry(7, AbortSignal.abort())
  expect(clock.sleepers).toBe(0)
})

describe('a change', () => {
  test('that is stopped while its intent is written does not go out, and counts as not sent', async () => {
    const { atlassian, clock, sent } = door(() => answered(204))
    const stop = new AbortController()
    const changed = await clock.until(atlassian.change(DISABLE, stop.signal, async () => stop.abort()))
    expect(changed).toMatchObject({ kind: 'unsent', status: 0 })
    expect(sent).toEqual([])
  })

  test('that is stopped while it waits for its turn is withheld, and no intent is written', async () => {
    const { atlassian, clock } = door(() => answered(429, { 'retry-after': '600' }))
    const stop = new AbortController()
    await clock.until(atlassian.change(DISABLE, stop.signal, async () => undefined))
    let intents = 0
    const waiting = atlassian.change(DISABLE, stop.signal, async () => void intents++)
    await clock.advance(1000)
    stop.abort()
    expect(await waiting).toBeNull()
    expect(intents).toBe(0)
  })

  test('waits for no limit of another endpoint', async () => {
    const { atlassian, clock } = door(({ path }) => (path === DISABLE.path ? answered(204) : answered(429)))
    const stop = new AbortController()
    const reading = [PROFILE, COUNT].map((request) => atlassian.read(request, stop.signal))
    await clock.advance(5 * MINUTE)
    const started = clock.now()
    const change = atlassian.change(DISABLE, never, async () => undefined)
    const changed = change.then((sent) => ({ sent, took: clock.now() - started }))
    expect(await clock.until(changed)).toMatchObject({ sent: { status: 204 }, took: 50 })
    stop.abort()
    await Promise.all(reading)
  })
})

test.each([
  ['/admin/v2/orgs/search/directories/-/users/search', 'user search'],
  ['/admin/v2/orgs/o/directories/-/users/count?claimStatus=managed', 'user count'],
  ['/admin/v2/orgs/o/directories/-/users/stats', 'user statistics'],
  ['/admin/v1/orgs/o/users?cursor=a/b/count', 'managed accounts'],
  ['/admin/api-access/v1/orgs/o/api-keys?pageSize=100', 'API keys'],
  ['/users/557058:a/manage/profile', 'profile'],
  ['/users/count/manage?privileges=lifecycle.enablement', 'permissions'],
  ['/users/a/manage/lifecycle/disable', 'deactivation'],
  ['/users/a/manage/lifecycle/enable', 'reactivation'],
])('%s waits in the lane of %s', async (path, name) => {
  const { atlassian, clock, told } = door((_, call) => (call === 0 ? answered(429, { 'retry-after': '5' }) : profile))
  await clock.until(atlassian.read({ method: 'GET', path }, never))
  expect(told).toEqual([`${name}: Atlassian asked to wait (429, Retry-After)`])
})
