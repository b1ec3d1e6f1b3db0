import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Route } from '../stand-in/organization.ts'
import type { Quota } from '../stand-in/quota.ts'

/** What the stand-in of a bench is made with. */
export interface StandInOrder {
  /** In the organization, besides its admin. */
  readonly people: number
  /** How many of them are listed; left out, all. */
  readonly listed?: number
  /** Whether the list has their addresses; left out, it has. */
  readonly addresses?: boolean
  /** How far the search lags behind a change. Milliseconds. */
  readonly searchLag?: number
  /** Milliseconds. */
  readonly latency?: number
  readonly quota?: Quota
  /** The calls that the scopes of the key reach; left out, a key without scopes. */
  readonly reach?: readonly Route[]
}

/** What it saw of the action. Times are milliseconds since the epoch. */
export interface StandInReport {
  readonly calls: readonly { readonly at: number; readonly route: Route; readonly status: number }[]
  readonly changes: number
  readonly maxInFlight: number
}

/** What it says when it is ready. */
export interface StandInFacts {
  readonly url: string
  readonly organizationId: string
  readonly key: string
  readonly executingUser: string
  /** The directory export of the listed, admin included. */
  readonly list: string
  readonly artifactEnvironment: Readonly<Record<string, string>>
}

export interface BenchStandIn extends StandInFacts, AsyncDisposable {
  report(): Promise<StandInReport>
}

/** Starts a stand-in organization in a process of its own, so that its work takes no time from what is measured. */
export async function startBenchStandIn(order: StandInOrder): Promise<BenchStandIn> {
  const child = fork(join(import.meta.dirname, 'stand-in-process.ts'), [JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as T))
      child.once('exit', (code) => reject(new Error(`The stand-in ended with ${code}.`)))
    })
  const facts = await next<StandInFacts>()
  return {
    ...facts,
    report: () => {
      const report = next<StandInReport>()
      child.send('report')
      return report
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    },
  }
}
