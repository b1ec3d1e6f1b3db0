import { setTimeout as timer } from 'node:timers/promises'
import { type SimulatedTime, simulateTime } from '../simulation/time.ts'
import { createOrganization, type OrganizationOptions, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'

export const ADMIN = 'admin-of-the-organization'
/** Ids in list order; the first is the canary. */
export const [CANARY, SECOND, VICTIM, FOURTH] = ['canary-1', 'account-2', 'account-3', 'account-4'] as const
export const TARGETS: readonly string[] = [CANARY, SECOND, VICTIM, FOURTH]
export const OTHERS: readonly string[] = TARGETS.filter((id) => id !== VICTIM)

/** Inputs with which the directory is read. */
export const DIRECTORY = { 'organization-id': 'org-1', waive: '' } as const

export type Overrides = Partial<Record<string, Partial<Person>>>
type Behaviour = Partial<Omit<OrganizationOptions, 'people'>>

/** An organization with one admin and four people of one domain, all of them listed by default. */
export async function openScene(overrides: Overrides = {}, behaviour: Behaviour = {}): Promise<StandIn> {
  const targets = TARGETS.map((id) => person({ id, email: `${id}@example.com`, ...overrides[id] }))
  return startStandIn(createOrganization({ people: [{ ...admin(), ...overrides[ADMIN] }, ...targets], ...behaviour }))
}

export function admin(): Person {
  return person({ id: ADMIN, email: 'the.admin@example.com', roles: ['atlassian/org-admin'] })
}

/** The same facts for all four. */
export function everybody(overrides: Partial<Person>): Overrides {
  return Object.fromEntries(TARGETS.map((id) => [id, overrides]))
}

/** How often the account was really changed. */
export function changesOf({ organization }: StandIn, id: string): number {
  return organization.changes.filter((change) => change.accountId === id).length
}

/** A list with these columns, a row for each line; nothing in it needs quotes. */
export function csv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

/** A list of the four that tells nothing but their ids. */
export const IDS_ALONE = csv(
  ['User id'],
  TARGETS.map((id) => [id]),
)

/** A run by a clock whose time passes only while nothing happens, and what it took. */
export interface Timed extends AsyncDisposable {
  readonly standIn: StandIn
  readonly time: SimulatedTime
  /** Runs main; one that still makes calls after so many minutes is cancelled then, to be told by its `minutes`. */
  run(staging?: TimedStaging, mostMinutes?: number): Promise<Ran & { readonly minutes: number }>
}

export interface TimedStaging extends Omit<Staging, 'clock' | 'factor' | 'onCancel'> {
  /** Cancels so long after the first call to Atlassian. Milliseconds. */
  readonly cancelAfter?: number
  /** Called with the first call to Atlassian. */
  readonly onStart?: () => void
}

/** What an answer of Atlassian takes. Milliseconds. */
const LATENCY = 100
/** Real milliseconds after which a run is taken for one that calls nobody. */
const NOBODY_CALLED = 2000

/** A scene in simulated time: an hour of waiting takes none, and every second of it is true. */
export async function openTimed(open: (behaviour: Behaviour) => Promise<StandIn>): Promise<Timed> {
  const time = simulateTime()
  const { clock } = time
  const standIn = await open({ clock: time.standIn, latency: LATENCY })
  return {
    standIn,
    time,
    run: async ({ cancelAfter, onStart, ...staging } = {}, mostMinutes = 24 * 60) => {
      const from = clock.now()
      let cancel = (): void => undefined
      // Until the first call modules are loaded, which looks as if nothing happened.
      const started = new Promise<void>((resolve) => {
        standIn.organization.onCall = () => {
          resolve()
          if (clock.now() - from > mostMinutes * 60_000) cancel()
        }
      })
      const onCancel = (handler: () => void): void => {
        cancel = handler
      }
      const running = runMain(standIn, { ...staging, clock, onCancel })
      await Promise.race([running, started, timer(NOBODY_CALLED)])
      if (cancelAfter !== undefined) void clock.sleep(cancelAfter).then(() => cancel())
      onStart?.()
      const ran = await clock.until(running)
      return { ...ran, minutes: (clock.now() - from) / 60_000 }
    },
    [Symbol.asyncDispose]: async () => {
      await standIn.close()
      time[Symbol.dispose]()
    },
  }
}
