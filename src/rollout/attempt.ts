import { isChanged } from '../account/result.ts'
import { changeRequest } from '../atlassian/accounts.ts'
import type { Sight } from '../ledger/events.ts'
import { isTarget } from '../plan/plan.ts'
import { timestamp, unlessAborted } from '../world/clock.ts'
import type { RolloutContext } from './context.ts'
import { lookAt } from './read-back.ts'

/** Tries without a connection, with a lost answer and no change, or throttled while others pass, before it is given up. */
const TRIES = 5
/** A change may still be under way when its answer is lost: it is looked for twice before it is sent again. */
const SECOND_LOOK = 2000

/**
 * Changes one account; the ledger says what came of it. A change whose answer was lost is first read back, and sent
 * again only if the read shows it undone. Never rejects for anything that the network does.
 * @throws if the account is not a target of the plan: then nothing was sent
 */
export async function changeAccount(context: RolloutContext, id: string, canary = false): Promise<void> {
  const { atlassian, clock, ledger, message, plan, stop } = context
  const { change } = plan.rules
  const request = changeRequest(change, id, message)
  const stamp = () => ({ at: timestamp(clock.now()), account: id })
  const intent = async (): Promise<void> => {
    if (!isTarget(plan, id)) throw new Error(`account ${id} is not to be changed by this plan`)
    ledger.note({ event: 'intent', ...stamp(), change, attempt: ledger.fate(id).attempts + 1, canary })
    if (!(await ledger.toDisk())) stop.halt('unexpected')
  }

  let isAlone = false
  for (let tries = 1; ; ) {
    const sent = await unlessAborted(atlassian.change(request, stop.changes, intent), stop.waiting)
    if (sent === null) return
    const { kind: meaning, status, key, words } = sent
    isAlone ||= sent.alone
    ledger.note({ event: 'answer', ...stamp(), attempt: ledger.fate(id).attempts, meaning, status, key, words })
    switch (meaning) {
      case 'done':
      case 'refused':
        return
      case 'throttled':
      case 'unsent':
        if (stop.changes.aborted) return
        if (meaning === 'throttled' && !isAlone) continue
        if (tries >= TRIES) return ledger.note({ event: 'gave-up', ...stamp() })
        break
      case 'key-rejected':
      case 'conflict':
        if (meaning === 'key-rejected') stop.halt('key-rejected')
        await lookAt(context, id)
        return
      case 'ambiguous':
        if ((await lookTwice(context, id)) === 'unreadable' || isChanged(ledger.fate(id)) || tries >= TRIES) return
    }
    await atlassian.beforeRetry(tries++, stop.changes)
  }
}

async function lookTwice(context: RolloutContext, id: string): Promise<Sight['found']> {
  const first = await lookAt(context, id)
  if (first === 'unreadable' || isChanged(context.ledger.fate(id))) return first
  await context.clock.sleep(SECOND_LOOK, context.stop.waiting)
  return lookAt(context, id)
}
