import { expect, test } from 'vitest'
import { unlessAborted } from '../../../src/world/clock.ts'

test('waiting for an answer ends with it or with the signal, whichever is first', async () => {
  const never = new Promise<string>(() => undefined)
  const abort = new AbortController()
  const waited = unlessAborted(never, abort.signal)
  abort.abort()
  expect(await waited).toBeNull()
  expect(await unlessAborted(Promise.resolve('answer'), new AbortController().signal)).toBe('answer')
  expect(await unlessAborted(Promise.resolve('late'), abort.signal)).toBeNull()
})
