import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** The requests of this process that are under way. */
export interface Wire extends Disposable {
  isBusy(): boolean
  /** While this wait lasts, in a server of this process, its request counts as nothing that is under way. */
  whileAway<T>(wait: () => Promise<T>): Promise<T>
}

/** undici announces every request here, so that the client needs no door for tests. */
const BEGINS = 'undici:request:create'
const ENDS = ['undici:request:trailers', 'undici:request:error']

export function watchWire(): Wire {
  const open = new Set<unknown>()
  let away = 0
  const begin = (message: unknown): unknown => open.add(requestOf(message))
  const end = (message: unknown): unknown => open.delete(requestOf(message))
  subscribe(BEGINS, begin)
  for (const channel of ENDS) subscribe(channel, end)
  return {
    isBusy: () => open.size > away,
    whileAway: async (wait) => {
      away++
      try {
        return await wait()
      } finally {
        away--
      }
    },
    [Symbol.dispose]: () => {
      unsubscribe(BEGINS, begin)
      for (const channel of ENDS) unsubscribe(channel, end)
    },
  }
}

function requestOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'request' in message ? message.request : undefined
}
