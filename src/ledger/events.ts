import type { Cause } from '../account/cause.ts'
import type { Change, Mode } from '../account/decision.ts'
import type { Meaning, Refusal } from '../atlassian/answers.ts'

/** What a read of an account's status saw, or why it saw nothing. */
export type Sight = Readonly<{ found: 'active' | 'inactive' | 'unreadable'; key: string; words: string }>

/** `at` is ISO 8601 UTC with milliseconds. */
type OfRun<Name extends string> = { readonly event: Name; readonly at: string }
type OfAccount<Name extends string> = OfRun<Name> & { readonly account: string }

/** What happened to one account. */
export type AccountEvent =
  /** A change is about to be sent. `attempt` counts the requests of this run from 1. */
  | (OfAccount<'intent'> & { readonly change: Change; readonly attempt: number; readonly canary: boolean })
  /** What came back, or that nothing was sent after all (`unsent`). */
  | (OfAccount<'answer'> & Refusal & { readonly attempt: number; readonly meaning: Meaning['kind'] })
  /** The account's status was read. `last`: nothing is sent or read for it after this. */
  | (OfAccount<'read'> & Sight & { readonly last: boolean })
  /** It was tried as often as it is worth: nothing more is sent for it. */
  | OfAccount<'gave-up'>
  /** Why an account came back. */
  | (OfAccount<'cause'> & { readonly cause: Cause })

/** What happened to the run as a whole. */
export type RunEvent =
  | (OfRun<'run'> & { readonly schemaVersion: 1; readonly run: string; readonly mode: Mode; readonly digest: string })
  | (OfRun<'pause'> & { readonly until: string; readonly why: string })
  | (OfRun<'stop'> & { readonly cause: string })
  | (OfRun<'canary'> & { readonly verdict: 'passed' | 'stopped' })
  | (OfRun<'end'> & { readonly outcome: string; readonly reason: string })

/** A line of the journal. */
export type JournalEvent = AccountEvent | RunEvent

export type EventOf<Name extends JournalEvent['event']> = Extract<JournalEvent, { event: Name }>
