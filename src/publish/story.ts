import type { Plan } from '../plan/plan.ts'
import type { Ending } from '../report/ending.ts'
import type { Found } from '../subject/find-people.ts'
import type { Selectors } from '../subject/read-rules.ts'
import type { Subject } from '../subject/subject.ts'

/** How a run ended, and what it had read. */
export interface Story {
  readonly ending: Ending
  /** Null where the list or the rules could not be read. */
  readonly read: Read | null
  /** Only seconds are left: the runner has been told to end. */
  readonly hurried: boolean
}

export interface Read {
  readonly subject: Subject
  readonly selectors: Selectors
  readonly plan: Plan
  /** In `find`, what the directory told. */
  readonly found?: Found
}
