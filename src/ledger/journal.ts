import { closeSync, fdatasync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Change } from '../account/decision.ts'
import type { Mode } from '../account/mode.ts'
import type { State, Verified } from '../account/result.ts'

/** Something that happened to an account or to the run. `at` is ISO 8601 UTC with milliseconds. */
export type JournalEvent =
  | {
      readonly event: 'run'
      readonly schemaVersion: 1
      readonly at: string
      readonly run: string
      readonly mode: Mode
      readonly digest: string
    }
  /** A change is about to be sent. */
  | {
      readonly event: 'intent'
      readonly at: string
      readonly account: string
      readonly change: Change
      readonly attempt: number
    }
  | {
      readonly event: 'answer'
      readonly at: string
      readonly account: string
      readonly attempt: number
      readonly meaning: string
      readonly status: number
      readonly detail: string
    }
  /** The account's status was read. */
  | {
      readonly event: 'read'
      readonly at: string
      readonly account: string
      readonly found: 'active' | 'inactive' | 'unreadable'
    }
  /** What came of the account so far; a later one of the same account counts. */
  | {
      readonly event: 'state'
      readonly at: string
      readonly account: string
      readonly state: State
      readonly verified: Verified
      readonly detail: string
      readonly canary: boolean
    }
  | { readonly event: 'pause'; readonly at: string; readonly until: string; readonly why: string }
  | { readonly event: 'stop'; readonly at: string; readonly cause: string }
  | { readonly event: 'canary'; readonly at: string; readonly verdict: 'passed' | 'stopped' }
  | { readonly event: 'end'; readonly at: string; readonly outcome: string; readonly reason: string }

/** The append-only record of a run, kept so that a killed run can still be told. */
export interface Journal {
  /** Writes the first line, which names the run; what was appended before comes after it. */
  begin(event: Extract<JournalEvent, { event: 'run' }>): void
  /** Hands one line to the operating system before it returns: it outlives this process. */
  append(event: JournalEvent): void
  /** Resolves when everything appended so far is on the disk itself; calls that meet share one write. */
  toDisk(): Promise<void>
  close(): void
}

const sync = promisify(fdatasync)

/**
 * Opens a new journal; fails if the file exists.
 *
 * @param clean takes secrets, and personal data where privacy asks for it, out of a line
 */
export function openJournal(path: string, clean: (line: string) => string): Journal {
  const file = openSync(path, 'ax')
  let running: Promise<void> | null = null
  let waiting: Promise<void> | null = null
  const write = (event: JournalEvent): void => {
    writeSync(file, `${clean(JSON.stringify(event))}\n`)
  }
  let early: JournalEvent[] | null = []
  let closed = false
  const start = (): Promise<void> => {
    running = sync(file).finally(() => {
      running = null
    })
    return running
  }
  return {
    begin: (event) => {
      if (early === null) return
      for (const next of [event, ...early]) write(next)
      early = null
    },
    append: (event) => {
      // A cancel may still come while the run publishes: its file number could be another file's by then.
      if (closed) return
      if (early === null) write(event)
      else early.push(event)
    },
    toDisk: () => {
      if (running === null) return start()
      // What was appended while a write runs is only covered by the next one.
      waiting ??= running.then(() => {
        waiting = null
        return start()
      })
      return waiting
    },
    close: () => {
      closed = true
      closeSync(file)
    },
  }
}

/** Reads a journal's text; a torn last line, left by a kill, is passed over. */
export function parseJournal(text: string): JournalEvent[] {
  const events: JournalEvent[] = []
  for (const line of text.split('\n')) {
    try {
      events.push(JSON.parse(line) as JournalEvent)
    } catch {
      // Torn or empty: nothing was sent after it.
    }
  }
  return events
}
