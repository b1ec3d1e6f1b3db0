import type { AccountRecord } from '../account/result.ts'
import { timestamp } from '../world/clock.ts'
import { changeAccount } from './attempt.ts'
import { journalState, type RolloutContext } from './context.ts'
import { isWanted, lookAt, readBackPatiently } from './read-back.ts'

/**
 * The order in which targets are tried as canaries: in list order, one mail domain after the other, so that a few
 * canaries meet as many kinds of accounts as they can.
 */
export function canaryOrder<T extends { readonly email: string }>(targets: readonly T[]): T[] {
  const domains = new Map<string, T[]>()
  for (const target of targets) {
    const domain = target.email.slice(target.email.lastIndexOf('@') + 1).toLowerCase()
    const others = domains.get(domain)
    if (others === undefined) domains.set(domain, [target])
    else others.push(target)
  }
  const queues = [...domains.values()]
  const longest = queues.reduce((most, queue) => Math.max(most, queue.length), 0)
  const order: T[] = []
  for (let round = 0; round < longest; round++) {
    for (const queue of queues) {
      const target = queue[round]
      if (target !== undefined) order.push(target)
    }
  }
  return order
}

/**
 * Changes the canaries one by one, each read back until it shows the change, before anything else happens. One that
 * is found already so is replaced by the next. Whatever goes wrong throws the stop switch.
 *
 * @param pause milliseconds to wait after the last canary; all are then read once more
 * @returns true when every canary was changed and read back, and the rest may follow
 */
export async function runCanary(
  context: RolloutContext,
  targets: readonly AccountRecord[],
  size: number,
  pause: number,
): Promise<boolean> {
  const { clock, journal, stop } = context
  const canaries: AccountRecord[] = []
  for (const target of canaryOrder(targets)) {
    if (canaries.length === size || stop.cause() !== null) break
    target.canary = true
    await changeAccount(context, target)
    if (target.state === 'already-inactive' || target.state === 'already-active') {
      target.canary = false
      journalState(context, target)
      continue
    }
    canaries.push(target)
    if (target.state === 'failed') stop.halt('canary-failed')
    else if (target.state === 'unknown') stop.halt('canary-not-verified')
    else if (target.state !== 'not-attempted') await verifyCanary(context, target)
  }
  if (stop.cause() === null && pause > 0 && canaries.length > 0) await readAgain(context, canaries, pause)
  const passed = stop.cause() === null
  journal.append({ event: 'canary', at: timestamp(clock.now()), verdict: passed ? 'passed' : 'stopped' })
  return passed
}

async function verifyCanary(context: RolloutContext, canary: AccountRecord): Promise<void> {
  if (canary.verified !== 'yes') await readBackPatiently(context, canary)
  if (canary.verified !== 'yes') context.stop.halt('canary-not-verified')
}

async function readAgain(context: RolloutContext, canaries: readonly AccountRecord[], pause: number): Promise<void> {
  await context.clock.sleep(pause, context.stop.changes)
  for (const canary of canaries) {
    if (context.stop.cause() !== null) return
    const sight = await lookAt(context, canary.id)
    if (isWanted(context, sight)) continue
    if (context.stop.cause() !== null) return
    canary.verified = sight.found === 'unreadable' ? 'unread' : 'no'
    canary.detail =
      sight.found === 'unreadable' ? `could not be read after the pause: ${sight.why}` : 'was undone during the pause'
    journalState(context, canary)
    context.stop.halt('canary-not-verified')
  }
}
