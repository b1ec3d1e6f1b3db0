import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OrganizationClock } from '../stand-in/organization.ts'
import { createVirtualClock, type VirtualClock } from '../unit/atlassian/virtual-clock.ts'
import { watchWire } from './wire.ts'

/** Time that passes only while nothing happens: hours of waiting take none, and no real work takes any of it. */
export interface SimulatedTime extends Disposable {
  readonly clock: VirtualClock
  /** The same time for a stand-in in this process. */
  readonly standIn: OrganizationClock
}

/** What an answer sets off comes within one turn of the event loop; the second is for safety. */
const QUIET_TURNS = 2

export function simulateTime(): SimulatedTime {
  const wire = watchWire()
  const atRest = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await nextTurn()
      quiet = wire.isBusy() || diskIsBusy() ? 0 : quiet + 1
    }
  }
  const clock = createVirtualClock(undefined, atRest)
  return {
    clock,
    standIn: {
      now: clock.now,
      sleep: (milliseconds) => wire.whileAway(() => clock.sleep(milliseconds)),
      later: (milliseconds) => clock.sleep(milliseconds),
    },
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  }
}

/** An intent that is on its way to the disk holds up its request, and must not be overtaken by the deadline. */
function diskIsBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
}
