import { type AccountRecord, isChanged } from '../account/result.ts'
import { readProfile } from '../atlassian/accounts.ts'
import { describeRefusal } from '../atlassian/answers.ts'
import { timestamp } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import { journalState, type RolloutContext } from './context.ts'

/** What one read of an account found. */
export type Sight =
  | { readonly found: 'active' | 'inactive' }
  | { readonly found: 'unreadable'; readonly why: string; readonly keyRejected: boolean }

/** Waits before each further read of a change that does not show yet: a minute in all. Milliseconds. */
export const PATIENCE = [1000, 2000, 4000, 8000, 15_000, 30_000]

/** Reads the account's profile, the authority on its status. A key that is rejected here stops the run as well. */
export async function lookAt(context: RolloutContext, id: string): Promise<Sight> {
  const { waiting } = context.stop
  const read = await unlessAborted(readProfile(context.atlassian, id, waiting, true), waiting)
  const sight = toSight(read)
  if (sight.found === 'unreadable' && sight.keyRejected) context.stop.halt('key-rejected')
  context.journal.append({ event: 'read', at: timestamp(context.clock.now()), account: id, found: sight.found })
  return sight
}

function toSight(read: Awaited<ReturnType<typeof readProfile>> | null): Sight {
  const unreadable = (why: string, keyRejected = false): Sight => ({ found: 'unreadable', why, keyRejected })
  switch (read?.kind) {
    case 'profile':
      return { found: read.profile.active ? 'active' : 'inactive' }
    case 'refused':
    case 'conflict':
      return unreadable(describeRefusal(read.refusal))
    case 'temporary':
      return unreadable(read.why)
    case 'key-rejected':
      return unreadable('the key was rejected', true)
    default:
      return unreadable('the run was stopped')
  }
}

/** Whether the status is the one that the change brings about. */
export function isWanted(context: RolloutContext, sight: Sight): boolean {
  return sight.found === (context.change === 'deactivate' ? 'inactive' : 'active')
}

/** Reads a changed account until it shows the change, for a minute at most, and notes what was seen. */
export async function readBackPatiently(context: RolloutContext, record: AccountRecord): Promise<void> {
  for (const wait of [0, ...PATIENCE]) {
    if (wait > 0) await context.clock.sleep(wait, context.stop.waiting)
    const done = await readBackOnce(context, record)
    if (done) return
  }
}

/**
 * Reads a changed account once and notes what was seen.
 *
 * @returns whether another read would be of no use: it shows the change, or it cannot be read.
 */
export async function readBackOnce(context: RolloutContext, record: AccountRecord): Promise<boolean> {
  const sight = await lookAt(context, record.id)
  noteSight(context, record, sight)
  return record.verified !== 'no'
}

function noteSight(context: RolloutContext, record: AccountRecord, sight: Sight): void {
  const verified = isWanted(context, sight) ? 'yes' : sight.found === 'unreadable' ? 'unread' : 'no'
  if (sight.found === 'unreadable') record.detail = `could not be read back: ${sight.why}`
  else if (record.detail.startsWith('could not be read back')) record.detail = ''
  if (verified === record.verified) return
  record.verified = verified
  journalState(context, record)
}

/** Notes for every changed account that it was asked for but not read. */
export function markUnread(records: readonly AccountRecord[]): void {
  for (const record of records) {
    if (isChanged(record) && record.verified === '') record.verified = 'unread'
  }
}
