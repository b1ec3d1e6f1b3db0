import type { Change } from '../account/decision.ts'
import type { AccountRecord } from '../account/result.ts'
import type { Atlassian } from '../atlassian/atlassian.ts'
import type { Directory } from '../atlassian/directory.ts'
import type { Journal } from '../ledger/journal.ts'
import type { Clock } from '../world/clock.ts'
import { timestamp } from '../world/clock.ts'
import type { Stop } from './stop.ts'

/** What everybody needs who changes or reads accounts in a run. */
export interface RolloutContext {
  readonly atlassian: Atlassian
  /** Null without an organization id. */
  readonly directory: Directory | null
  readonly journal: Journal
  readonly clock: Clock
  readonly stop: Stop
  readonly change: Change
  /** Stored by Atlassian with each deactivation; may be empty. */
  readonly message: string
  readonly concurrency: number
}

/** Writes down what came of an account so far. */
export function journalState(
  context: RolloutContext,
  record: AccountRecord,
  at = timestamp(context.clock.now()),
): void {
  context.journal.append({
    event: 'state',
    at,
    account: record.id,
    state: record.state,
    verified: record.verified,
    detail: record.detail,
    canary: record.canary,
  })
}
