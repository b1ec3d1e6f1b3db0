import type { Atlassian } from '../atlassian/atlassian.ts'
import type { Directory } from '../atlassian/directory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Plan } from '../plan/plan.ts'
import type { Clock } from '../world/clock.ts'
import type { Stop } from './stop.ts'

/** What everybody needs who changes or reads accounts in a run. */
export interface RolloutContext {
  readonly atlassian: Atlassian
  /** Null without an organization id. */
  readonly directory: Directory | null
  /** By account id, the one address by which the directory knows a person; who has several, or none, is not in it. */
  readonly addresses: ReadonlyMap<string, string>
  /** Asked last thing before a change is sent. */
  readonly plan: Plan
  readonly ledger: Ledger
  readonly clock: Clock
  readonly stop: Stop
  /** Stored by Atlassian with each deactivation; may be empty. */
  readonly message: string
  readonly concurrency: number
  /** Told whenever a read shows one more account changed. */
  readonly onReadBack?: () => void
}
