import { describe, expect, test } from 'vitest'
import { STOP_CAUSES, type StopCause } from '../../../src/account/reasons.ts'
import { createStop, type Stop } from '../../../src/rollout/stop.ts'
import { createVirtualClock } from '../atlassian/virtual-clock.ts'

const MINUTE = 60_000
const open = () => {
  const clock = createVirtualClock()
  return { clock, stop: createStop(clock, () => undefined) }
}
const seen = ({ cause, changes, waiting }: Stop) => [cause(), changes.aborted, waiting.aborted]

test('before anything happens, nothing is stopped', async () => {
  const { clock, stop } = open()
  await clock.advance(24 * 60 * MINUTE)
  expect([...seen(stop), stop.keyRejected()]).toEqual([null, false, false, false])
})

test('the first cause counts, and is told once', () => {
  const told: string[] = []
  const stop = createStop(createVirtualClock(), (cause) => told.push(cause))
  stop.halt('deadline')
  stop.halt('cancelled')
  expect(stop.cause()).toBe('deadline')
  expect(told).toEqual(['deadline'])
})

test.each(STOP_CAUSES)('no change goes out after %s, but what is under way is waited for', (cause) => {
  const { stop } = open()
  stop.halt(cause)
  expect(seen(stop)).toEqual([cause, true, false])
})

test('throws its switch before it says so: what hears of it may write, and fail at that', () => {
  const heard: unknown[] = []
  const stop = createStop(createVirtualClock(), (cause) => {
    heard.push([cause, ...seen(stop)])
    // A journal that cannot be written stops the run as well, from inside of the first stop.
    stop.halt('unexpected')
  })
  stop.halt('too-many-failures')
  expect(heard).toEqual([['too-many-failures', 'too-many-failures', true, false]])
  expect(stop.cause()).toBe('too-many-failures')
})

test('a cancel ends the waiting after its grace, also after another cause', async () => {
  const { clock, stop } = open()
  stop.halt('deadline')
  await clock.advance(60 * MINUTE)
  expect(stop.waiting.aborted).toBe(false)
  stop.halt('cancelled')
  await clock.advance(4999)
  expect(stop.waiting.aborted).toBe(false)
  await clock.advance(1)
  expect(seen(stop)).toEqual(['deadline', true, true])
})

test('a key that is rejected later is known as such', () => {
  const { stop } = open()
  stop.halt('deadline')
  expect(stop.keyRejected()).toBe(false)
  stop.halt('key-rejected')
  expect([stop.cause(), stop.keyRejected()]).toEqual(['deadline', true])
})

describe('a deadline', () => {
  test('throws the switch when it comes, and ends all reading five minutes later', async () => {
    const { clock, stop } = open()
    stop.deadlineIn(10 * MINUTE)
    await clock.advance(10 * MINUTE - 1)
    expect(seen(stop)).toEqual([null, false, false])
    await clock.advance(1)
    expect(seen(stop)).toEqual(['deadline', true, false])
    await clock.advance(5 * MINUTE - 1)
    expect(stop.waiting.aborted).toBe(false)
    await clock.advance(1)
    expect(seen(stop)).toEqual(['deadline', true, true])
  })

  test.each([0, -MINUTE])('that is over already comes at once: in %i ms', async (milliseconds) => {
    const { clock, stop } = open()
    stop.deadlineIn(milliseconds)
    await clock.advance(0)
    expect(seen(stop)).toEqual(['deadline', true, false])
    await clock.advance(5 * MINUTE)
    expect(stop.waiting.aborted).toBe(true)
  })

  test('that is called off never comes, and nobody waits for it', async () => {
    const { clock, stop } = open()
    const callOff = stop.deadlineIn(MINUTE)
    callOff()
    await clock.advance(60 * MINUTE)
    expect([...seen(stop), clock.sleepers]).toEqual([null, false, false, 0])
  })

  test('that is called off after it came leaves the rest of the run its time', async () => {
    const { clock, stop } = open()
    const callOff = stop.deadlineIn(MINUTE)
    await clock.advance(2 * MINUTE)
    callOff()
    await clock.advance(60 * MINUTE)
    expect([...seen(stop), clock.sleepers]).toEqual(['deadline', true, false, 0])
  })

  test.each<StopCause>(['too-many-failures', 'canary-failed', 'key-rejected', 'unexpected'])(
    'ends the reading also where %s stopped the run first',
    async (cause) => {
      const { clock, stop } = open()
      stop.deadlineIn(MINUTE)
      stop.halt(cause)
      await clock.advance(6 * MINUTE - 1)
      expect(seen(stop)).toEqual([cause, true, false])
      await clock.advance(1)
      expect(seen(stop)).toEqual([cause, true, true])
    },
  )

  test('a cancel in its five minutes shortens them', async () => {
    const { clock, stop } = open()
    stop.deadlineIn(MINUTE)
    await clock.advance(2 * MINUTE)
    stop.halt('cancelled')
    await clock.advance(5000)
    expect(seen(stop)).toEqual(['deadline', true, true])
  })
})
