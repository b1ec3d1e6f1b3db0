import type { Log } from '../log.ts'
import type { Clock } from './clock.ts'
import type { AppendFiles } from './files.ts'

/** Everything that a run meets of the outside, so that a test can stage every fault. */
export interface World {
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: Log
  /** Calls the handler when the runner cancels the step; at once where it already has. */
  readonly onCancel: (handler: () => void) => void
  /** Milliseconds that an answer of Atlassian may take; left out, the client's own. */
  readonly answerTimeout?: number
  /** How the journal is written; left out, to the disk. */
  readonly journalFiles?: AppendFiles
}
