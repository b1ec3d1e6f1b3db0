import type { GuardFinding } from '../account/guard.ts'
import type { ListedAccount, ListFact } from '../account/listed-account.ts'
import type { ListRemark } from '../list/user-list.ts'

/** The accounts that a run is about, from a list or from earlier results. */
export interface Subject {
  readonly accounts: readonly ListedAccount[]
  readonly facts: ReadonlySet<ListFact>
  readonly remarks: readonly ListRemark[]
  /** In words, where they came from. */
  readonly source: string
  /** The list's path in the workspace, for annotations; empty where it came from an artifact. */
  readonly file: string
  /** Accounts whose state in the results is unknown: told, never restored. */
  readonly unknown: readonly ListedAccount[]
}

/** A line of the list that is wrong. */
export interface LineProblem {
  readonly line: number
  readonly text: string
}

export type SubjectRead =
  | { readonly ok: true; readonly subject: Subject }
  | {
      readonly ok: false
      readonly finding: GuardFinding
      readonly file: string
      readonly problems: readonly LineProblem[]
    }
