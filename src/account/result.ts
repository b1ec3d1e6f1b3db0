import type { Cause } from './cause.ts'
import type { Change, SkipReason } from './decision.ts'
import type { Licences } from './licences.ts'

export const OUTCOMES = ['planned', 'nothing-to-do', 'completed', 'partial', 'halted', 'refused', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const STATES = [
  'planned',
  'deactivated',
  'restored',
  'already-inactive',
  'already-active',
  'skipped',
  'failed',
  'unknown',
  'not-attempted',
] as const
export type State = (typeof STATES)[number]

/** Read back after a change: `no` is read and still unchanged, `unread` could not be read, empty was not asked for. */
export type Verified = 'yes' | 'no' | 'unread' | ''

/** What became of one listed account: a line of `results.csv`. */
export interface AccountResult {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly line: number
  readonly decision: Change | 'skip'
  readonly reason: SkipReason | ''
  readonly state: State
  readonly verified: Verified
  /** Why it failed, was left alone, or is unknown; null where there is nothing to say. */
  readonly cause: Cause | null
  /** HTTP status of the last change request; 0 where none was answered. */
  readonly httpStatus: number
  /** Change requests sent. */
  readonly attempts: number
  /** ISO 8601 UTC with milliseconds; empty where nothing was sent. */
  readonly startedAt: string
  readonly finishedAt: string
  /** When the person last used a product, ISO 8601 UTC; `never`; empty where nobody told. */
  readonly lastActive: string
  /** Null where nobody told; not in the file. */
  readonly licences: Licences | null
  readonly canary: boolean
}

/** Accounts by their state, all that are listed, and those read back in the wanted state. */
export type Counts = { readonly [count in State | 'listed' | 'verified']: number }

/** A time in which requests of one kind or more waited because Atlassian asked for it. Milliseconds since the epoch. */
export type Pause = { readonly from: number; readonly until: number; readonly why: string }

/** States that count against `max-failures`. */
export function hasFailed({ state }: Pick<AccountResult, 'state'>): boolean {
  return state === 'failed' || state === 'unknown'
}

/** States that say that this run made the change. */
export function isChanged({ state }: Pick<AccountResult, 'state'>): boolean {
  return state === 'deactivated' || state === 'restored'
}

export type Tally = Readonly<ReturnType<typeof tally>>

/** What became of all accounts, in figures. */
export function tally(accounts: Iterable<Pick<AccountResult, 'state' | 'verified' | 'decision'>>) {
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>
  /** `targets` are not left alone; of the changed ones no read has shown `unconfirmed` changed. */
  let [verified, listed, targets, unconfirmed] = [0, 0, 0, 0]
  for (const account of accounts) {
    listed++
    states[account.state]++
    if (account.verified === 'yes') verified++
    if (account.decision !== 'skip') targets++
    if (isChanged(account) && account.verified !== 'yes') unconfirmed++
  }
  const counts: Counts = { ...states, listed, verified }
  return { counts, targets, unconfirmed }
}
