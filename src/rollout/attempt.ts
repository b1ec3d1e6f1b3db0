import type { AccountRecord, State } from '../account/result.ts'
import { sendChange } from '../atlassian/accounts.ts'
import { describeRefusal } from '../atlassian/answers.ts'
import { timestamp } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import { journalState, type RolloutContext } from './context.ts'
import { isWanted, lookAt, type Sight } from './read-back.ts'

/** Connections that could not be made, or answers that were lost with the account unchanged, before it is given up. */
const TRIES = 5

/** A change may still be under way when its answer is lost: it is looked for twice before it counts as undone. */
const SECOND_LOOK = 2000

/**
 * Changes one account, and notes what came of it. A change whose answer was lost is first read back, and sent again
 * only if the read shows it undone. Never rejects for anything that the network does.
 */
export async function changeAccount(context: RolloutContext, record: AccountRecord): Promise<void> {
  const { clock, journal, stop } = context
  const ended = (state: State, detail = ''): void => {
    record.state = state
    record.detail = detail
    const at = timestamp(clock.now())
    if (record.attempts > 0) record.finishedAt = at
    journalState(context, record, at)
  }
  const changed: State = context.change === 'deactivate' ? 'deactivated' : 'restored'
  const already: State = context.change === 'deactivate' ? 'already-inactive' : 'already-active'
  /** Whether an earlier request of this run may have been the one that made the change. */
  let lost = false

  for (let tries = 1; ; ) {
    const intent = async (): Promise<void> => {
      const at = timestamp(clock.now())
      record.attempts++
      if (record.startedAt === '') record.startedAt = at
      journal.append({ event: 'intent', at, account: record.id, change: context.change, attempt: record.attempts })
      await journal.toDisk()
    }
    const sending = sendChange(context.atlassian, context.change, record.id, context.message, stop.changes, intent)
    const sent = await unlessAborted(sending, stop.waiting)
    if (sent === null) {
      if (record.attempts > 0) ended('unknown', 'the run was cancelled before the answer came')
      return
    }
    if (sent.kind === 'withheld') {
      if (record.attempts > 0) ended('not-attempted', record.detail)
      return
    }
    const { meaning, status } = sent
    if (meaning.kind !== 'temporary') record.httpStatus = status
    journal.append({
      event: 'answer',
      at: timestamp(clock.now()),
      account: record.id,
      attempt: record.attempts,
      meaning: meaning.kind,
      status,
      detail: 'refusal' in meaning ? describeRefusal(meaning.refusal) : 'why' in meaning ? meaning.why : '',
    })

    switch (meaning.kind) {
      case 'done':
        return ended(changed)
      case 'refused':
        return ended('failed', describeRefusal(meaning.refusal))
      case 'throttled':
        continue
      case 'temporary':
        // It was not sent, so that it is no attempt.
        if (--record.attempts === 0) record.startedAt = ''
        if (tries >= TRIES && !stop.changes.aborted)
          return ended('failed', `Atlassian could not be reached: ${meaning.why}`)
        await context.atlassian.beforeRetry(tries++, stop.changes)
        continue
      case 'key-rejected': {
        stop.halt('key-rejected')
        const sight = await lookAt(context, record.id)
        if (isWanted(context, sight)) return lost ? verifiedAs(changed) : ended(already)
        return lost && sight.found === 'unreadable'
          ? ended('unknown', sight.why)
          : ended('not-attempted', 'the key was rejected')
      }
      case 'conflict': {
        const sight = await lookAt(context, record.id)
        if (isWanted(context, sight))
          return lost ? verifiedAs(changed) : ended(already, describeRefusal(meaning.refusal))
        if (sight.found === 'unreadable') return ended('unknown', unread(describeRefusal(meaning.refusal), sight))
        return ended('failed', describeRefusal(meaning.refusal))
      }
      case 'ambiguous': {
        lost = true
        const sight = await lookTwice(context, record.id)
        if (isWanted(context, sight)) return verifiedAs(changed)
        if (sight.found === 'unreadable') return ended('unknown', unread(meaning.why, sight))
        if (tries >= TRIES)
          return ended('failed', `the answer was lost ${tries} times and the account is unchanged: ${meaning.why}`)
        record.detail = `the answer was lost, and a read showed the account unchanged: ${meaning.why}`
        await context.atlassian.beforeRetry(tries++, stop.changes)
      }
    }
  }

  function verifiedAs(state: State): void {
    record.verified = 'yes'
    ended(state, 'the answer was lost; a read showed that it was done')
  }
}

async function lookTwice(context: RolloutContext, id: string): Promise<Sight> {
  const first = await lookAt(context, id)
  if (isWanted(context, first) || first.found === 'unreadable') return first
  await context.clock.sleep(SECOND_LOOK, context.stop.waiting)
  return lookAt(context, id)
}

function unread(why: string, sight: Extract<Sight, { found: 'unreadable' }>): string {
  return `the answer was unclear (${why}) and the account could not be read (${sight.why})`
}
