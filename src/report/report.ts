import type { Change, SkipReason } from '../plan/decision.ts'
import type { GuardFinding } from '../plan/guard.ts'

export type Mode = 'plan' | 'apply' | 'restore' | 'verify'

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
  /** Line in the list. */
  readonly line: number
  readonly decision: Change | 'skip'
  readonly reason: SkipReason | ''
  readonly state: State
  readonly verified: Verified
  /** In words or Atlassian's key: why it failed, was skipped, or is unknown. Outside text: never trusted as markup. */
  readonly detail: string
  /** HTTP status of the last change request; 0 where none was answered. */
  readonly httpStatus: number
  /** Change requests sent. */
  readonly attempts: number
  /** ISO 8601 UTC with milliseconds; empty where nothing was sent. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly canary: boolean
}

export type Counts = { readonly [state in State]: number } & {
  readonly listed: number
  /** Read back in the wanted state. */
  readonly verified: number
}

/** A time in which no request was sent because Atlassian asked for it. Milliseconds since the epoch. */
export interface Pause {
  readonly from: number
  readonly until: number
  readonly why: string
}

/** Everything that the reports tell of a run. Plain data; personal data is already masked where privacy asks for it. */
export interface RunReport {
  readonly mode: Mode
  /** What is planned or done to the accounts; `verify` only reads. */
  readonly change: Change
  readonly outcome: Outcome
  /** Guard or cause; empty on success. */
  readonly reason: string
  /** What happened, in one sentence. */
  readonly headline: string
  /** What was changed so far, in one sentence. */
  readonly changed: string
  /** What to do next, in one or more sentences; empty when nothing is left to do. */
  readonly next: string
  readonly planDigest: string
  /** The day taken as today, `YYYY-MM-DD`, UTC. */
  readonly today: string
  /** Where the list came from, for people: `users.csv` or `artifact export of run 7: users.csv`. */
  readonly source: string
  readonly organizationId: string
  readonly privacy: 'full' | 'masked'
  /** False for a plan without a key: nothing was read from Atlassian. */
  readonly live: boolean
  readonly counts: Counts
  readonly guards: readonly GuardFinding[]
  readonly warnings: readonly string[]
  /** People whom Atlassian will e-mail (plan) or has e-mailed (apply). */
  readonly emailed: number
  /** Inputs in force, secrets left out, in the order of `action.yml`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** In list order, one for each listed account. */
  readonly accounts: readonly AccountResult[]
  readonly pauses: readonly Pause[]
  /** ISO 8601 UTC with milliseconds; empty where there was no canary or it did not end. */
  readonly canaryFinishedAt: string
  /** Active managed accounts as the directory counts them; null where it was not read. */
  readonly activeBefore: number | null
  readonly activeAfterCanary: number | null
  readonly activeAfter: number | null
  /** ISO 8601 UTC with milliseconds. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly repository: string
  readonly runId: string
  readonly runAttempt: number
  /** Page of the workflow run; empty outside of one. */
  readonly runUrl: string
  /** The results artifact; null while, or because, it is not uploaded. */
  readonly artifact: { readonly name: string; readonly id: number; readonly url: string } | null
  /** Folder on the runner that holds the files. */
  readonly resultsPath: string
}
