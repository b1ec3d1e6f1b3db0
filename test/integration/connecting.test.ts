import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDoor } from '../stand-in/door.ts'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import type { Call } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain } from './run-main.ts'
import { CANARY, DIRECTORY, FOURTH, openScene, SECOND, TARGETS, VICTIM } from './scene.ts'

/** Until a connection that was kept waiting is tried again by the system. Milliseconds. */
const TRIED_AGAIN = 3500

/** How the run is stopped while two changes wait for their connection, by the one that has its own. */
const STOPS: readonly (readonly [string, Fault | null, Readonly<Record<string, string>>, object])[] = [
  ['a cancel', null, {}, { outcome: 'partial', reason: 'cancelled' }],
  ['a key that is rejected', FAULTS.unauthorized, {}, { outcome: 'halted', reason: 'key-rejected' }],
  ['too many failures', FAULTS.forbidden, { 'max-failures': '0' }, { outcome: 'halted', reason: 'too-many-failures' }],
]

interface Stopped extends AsyncDisposable {
  readonly standIn: StandIn
  readonly ran: Ran
}

/** Runs an apply of four, of which some changes wait for a connection when it is stopped. */
async function runStopped(fault: Fault | null, inputs: Readonly<Record<string, string>>): Promise<Stopped> {
  const standIn = await openScene()
  const { organization } = standIn
  const door = await openDoor(standIn)
  let cancel = (): void => undefined
  let shut: Promise<void> = Promise.resolve()
  // A connection or two are there from before: what has one goes out, the rest of the three waits for its own.
  const others = ({ accountId }: Call): boolean => accountId !== CANARY
  standIn.faults.order({ route: 'disable', account: CANARY, fault: FAULTS.delay(500) })
  standIn.faults.order({ route: 'disable', when: others, times: 1, fault: fault ?? FAULTS.delay(700) })
  organization.onCall = (call) => {
    if (call.route !== 'disable') return
    if (call.accountId === CANARY) shut = door.shut()
    else {
      if (fault === null) setTimeout(() => cancel(), 200)
      setTimeout(door.open, 400)
    }
  }
  const ran = await runMain(standIn, {
    factor: 1,
    inputs: { ...DIRECTORY, ...inputs, 'atlassian-api-url': door.url, concurrency: '4' },
    onCancel: (handler) => {
      cancel = handler
    },
  })
  await shut
  door.open()
  return {
    standIn,
    ran,
    [Symbol.asyncDispose]: async () => {
      door[Symbol.dispose]()
      await standIn.close()
    },
  }
}

/** A process cannot be stopped and go on there. */
describe.skipIf(process.platform === 'win32')('a change whose connection is still being made', () => {
  const runs = new Map<string, Stopped>()

  beforeAll(async () => {
    for (const [name, fault, inputs] of STOPS) runs.set(name, await runStopped(fault, inputs))
    await sleep(TRIED_AGAIN)
    return () => Promise.all([...runs.values()].map((run) => run[Symbol.asyncDispose]()))
  })

  test.each(STOPS)('is not sent any more after %s', (name, _, __, ending) => {
    const stopped = runs.get(name)
    if (stopped === undefined) throw new Error('It did not run.')
    const { standIn, ran } = stopped
    const { organization } = standIn
    const sent = organization.callsTo('disable').map(({ accountId }) => accountId)
    const stop = ran.journal.find((line) => line.event === 'stop')
    const late = organization.callsTo('disable').filter(({ at }) => at > Date.parse(String(stop?.at)))
    expect(late).toEqual([])
    expect(sent.length).toBeLessThan(TARGETS.length)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject(ending)
    const left = [SECOND, VICTIM, FOURTH].filter((id) => !sent.includes(id))
    for (const id of left) expect(ran.row(id)).toMatchObject({ state: 'not-attempted', attempts: '0' })
  })
})
