import type { Cause } from '../account/cause.ts'
import type { Change } from '../account/decision.ts'
import type { Mode } from '../account/mode.ts'

/** What happened to one account. `at` is ISO 8601 UTC with milliseconds. */
export type AccountEvent =
  /** A change is about to be sent. `attempt` counts the requests of this run from 1. */
  | {
      readonly event: 'intent'
      readonly at: string
      readonly account: string
      readonly change: Change
      readonly attempt: number
      readonly canary: boolean
    }
  /** What came back, or that nothing was sent after all (`unsent`). */
  | {
      readonly event: 'answer'
      readonly at: string
      readonly account: string
      readonly attempt: number
      readonly meaning: AnswerMeaning
      /** HTTP status; 0 where no answer came. */
      readonly status: number
      readonly key: string
      readonly words: string
    }
  /** The account's status was read. `last`: nothing is sent or read for it after this. */
  | {
      readonly event: 'read'
      readonly at: string
      readonly account: string
      readonly found: 'active' | 'inactive' | 'unreadable'
      readonly key: string
      readonly words: string
      readonly last: boolean
    }
  /** It was tried as often as it is worth: nothing more is sent for it. */
  | { readonly event: 'gave-up'; readonly at: string; readonly account: string }
  /** Why an account came back. */
  | { readonly event: 'cause'; readonly at: string; readonly account: string; readonly cause: Cause }

export type AnswerMeaning = 'done' | 'refused' | 'conflict' | 'throttled' | 'key-rejected' | 'unsent' | 'ambiguous'

/** What happened to the run as a whole. */
export type RunEvent =
  | {
      readonly event: 'run'
      readonly schemaVersion: 1
      readonly at: string
      readonly run: string
      readonly mode: Mode
      readonly digest: string
    }
  | { readonly event: 'pause'; readonly at: string; readonly until: string; readonly why: string }
  | { readonly event: 'stop'; readonly at: string; readonly cause: string }
  | { readonly event: 'canary'; readonly at: string; readonly verdict: 'passed' | 'stopped' }
  | { readonly event: 'end'; readonly at: string; readonly outcome: string; readonly reason: string }

/** A line of the journal. */
export type JournalEvent = AccountEvent | RunEvent
