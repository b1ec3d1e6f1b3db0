import type { Ending } from '../report/ending.ts'
import type { Read } from '../subject/read-plan.ts'

/** How a run ended, and what it had read. */
export interface Story {
  readonly ending: Ending
  /** Null where the list or the rules could not be read. */
  readonly read: Read | null
  /** Only seconds are left: the runner has been told to end. */
  readonly hurried: boolean
}
