import { targetsOf } from '../plan/plan.ts'
import type { Settings } from '../settings/inputs.ts'
import { timestamp } from '../world/clock.ts'
import { changeAccount } from './attempt.ts'
import type { RolloutContext } from './context.ts'
import { lookAt, readBack, settle } from './read-back.ts'

/** Targets in the order of canaries: one mail domain after the other, so that a few meet as many kinds as they can. */
export function canaryOrder<T extends { readonly email: string }>(targets: readonly T[]): T[] {
  const domainOf = ({ email }: T): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const order: T[] = []
  let queues = [...Map.groupBy(targets, domainOf).values()]
  // Queues that have run out are dropped: each target costs one step, however many domains there are.
  for (let round = 0; queues.length > 0; round++) {
    for (const queue of queues) order.push(...queue.slice(round, round + 1))
    queues = queues.filter(({ length }) => length > round + 1)
  }
  return order
}

/**
 * Changes the canaries one by one, each read back until it shows the change; after the pause all are read once more. One
 * that is found already so is replaced by the next. Whatever goes wrong throws the stop switch. True: the rest may follow.
 */
export async function runCanary(
  context: RolloutContext & Pick<Settings, 'canarySize' | 'canaryPauseSeconds'>,
): Promise<boolean> {
  const { canarySize, canaryPauseSeconds: pause, clock, ledger, plan, stop } = context
  const canaries: string[] = []
  for (const { id } of canaryOrder(targetsOf(plan))) {
    if (canaries.length === canarySize || stop.cause() !== null) break
    await changeAccount(context, id, true)
    await settle(context, [id])
    const { state } = ledger.fate(id)
    if (state === 'already-inactive' || state === 'already-active') continue
    canaries.push(id)
    if (state === 'failed') stop.halt('canary-failed')
    else if (state === 'unknown') stop.halt('canary-not-verified')
    else if (state !== 'not-attempted') await verify(context, id)
  }
  if (stop.cause() === null && pause > 0 && canaries.length > 0) {
    await clock.sleep(pause * 1000, stop.changes)
    for (const id of canaries) {
      if (stop.cause() !== null) break
      await lookAt(context, id)
      if (ledger.fate(id).verified !== 'yes') stop.halt('canary-not-verified')
    }
  }
  const passed = stop.cause() === null
  ledger.note({ event: 'canary', at: timestamp(clock.now()), verdict: passed ? 'passed' : 'stopped' })
  return passed
}

async function verify(context: RolloutContext, id: string): Promise<void> {
  if (context.ledger.fate(id).verified !== 'yes') await readBack(context, [id])
  // Cut short before its patience was over, it counts as unread.
  if (context.stop.waiting.aborted && context.ledger.fate(id).verified === 'no') await lookAt(context, id)
  if (context.ledger.fate(id).verified !== 'yes') context.stop.halt('canary-not-verified')
}
