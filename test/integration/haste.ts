import { vi } from 'vitest'

/** Waits of a library that takes no clock from outside, from this length on, are cut short. Milliseconds. */
const LONG = 500
const FACTOR = 100

/** Until it is disposed of, whatever waits long in this process waits a hundredth of it. */
export function inHaste(): Disposable {
  const { setTimeout: real } = globalThis
  const spy = vi.spyOn(globalThis, 'setTimeout')
  spy.mockImplementation(((work: () => void, milliseconds = 0, ...rest: unknown[]) =>
    Reflect.apply(real, globalThis, [
      work,
      milliseconds < LONG ? milliseconds : milliseconds / FACTOR,
      ...rest,
    ])) as typeof setTimeout)
  return { [Symbol.dispose]: () => spy.mockRestore() }
}
