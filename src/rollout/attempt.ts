import { isChanged } from '../account/result.ts'
import { sendChange } from '../atlassian/accounts.ts'
import type { Meaning } from '../atlassian/answers.ts'
import type { AnswerMeaning } from '../ledger/events.ts'
import { isTarget } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import type { RolloutContext } from './context.ts'
import { lookAt } from './read-back.ts'

/**
 * Connections that could not be made, answers that were lost with the account unchanged, or refusals for the rate while
 * other accounts go through, before it is given up.
 */
const TRIES = 5
/** A change may still be under way when its answer is lost: it is looked for twice before it is sent again. */
const SECOND_LOOK = 2000

/**
 * Changes one account; the ledger says what came of it. A change whose answer was lost is first read back, and sent
 * again only if the read shows it undone. Never rejects for anything that the network does.
 *
 * @throws if the account is not a target of the plan: then nothing was sent
 */
export async function changeAccount(context: RolloutContext, id: string, canary = false): Promise<void> {
  const { atlassian, clock, ledger, plan, stop } = context
  const { change } = plan.rules
  const at = (): string => timestamp(clock.now())
  const intent = async (): Promise<void> => {
    if (!isTarget(plan, id)) throw new Error(`account ${id} is not to be changed by this plan`)
    const attempt = ledger.fate(id).attempts + 1
    ledger.note({ event: 'intent', at: at(), account: id, change, attempt, canary })
    if (!(await ledger.toDisk())) stop.halt('unexpected')
  }

  let isAlone = false
  for (let tries = 1; ; ) {
    const sending = sendChange(atlassian, change, id, context.message, stop.changes, intent)
    const sent = await unlessAborted(sending, stop.waiting)
    if (sent === null || sent.kind === 'withheld') return
    const { meaning, status } = sent
    isAlone ||= sent.alone
    ledger.note({
      event: 'answer',
      at: at(),
      account: id,
      attempt: ledger.fate(id).attempts,
      meaning: MEANINGS[meaning.kind],
      status,
      ...saidIn(meaning),
    })
    switch (meaning.kind) {
      case 'done':
      case 'refused':
        return
      case 'throttled':
      case 'temporary':
        if (stop.changes.aborted) return
        if (meaning.kind === 'throttled' && !isAlone) continue
        if (tries >= TRIES) return ledger.note({ event: 'gave-up', at: at(), account: id })
        await atlassian.beforeRetry(tries++, stop.changes)
        continue
      case 'key-rejected':
        stop.halt('key-rejected')
        await lookAt(context, id)
        return
      case 'conflict':
        await lookAt(context, id)
        return
      case 'ambiguous':
        if ((await lookTwice(context, id)) === 'unreadable' || isChanged(ledger.fate(id)) || tries >= TRIES) return
        await atlassian.beforeRetry(tries++, stop.changes)
    }
  }
}

const MEANINGS = {
  done: 'done',
  refused: 'refused',
  conflict: 'conflict',
  throttled: 'throttled',
  temporary: 'unsent',
  'key-rejected': 'key-rejected',
  ambiguous: 'ambiguous',
} as const satisfies Record<Meaning['kind'], AnswerMeaning>

function saidIn(meaning: Meaning): { key: string; words: string } {
  if ('refusal' in meaning) return { key: meaning.refusal.key, words: meaning.refusal.words }
  return { key: 'why' in meaning ? meaning.why : '', words: '' }
}

async function lookTwice(context: RolloutContext, id: string): Promise<'active' | 'inactive' | 'unreadable'> {
  const first = await lookAt(context, id)
  if (first === 'unreadable' || isChanged(context.ledger.fate(id))) return first
  await context.clock.sleep(SECOND_LOOK, context.stop.waiting)
  return lookAt(context, id)
}
