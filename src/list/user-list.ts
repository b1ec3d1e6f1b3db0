import type { ListedAccount, ListFact } from '../account/listed-account.ts'

/** Problems of a file that are reported; all are counted. */
export const MAX_PROBLEMS = 100

/** What a column means to us. */
export type Meaning = 'id' | ListFact

/** A list that was read whole, without a single problem. */
export interface UserList {
  /** In order of first appearance. */
  readonly accounts: readonly ListedAccount[]
  /** The facts that the list has a column for. */
  readonly facts: ReadonlySet<ListFact>
  /** Which column was taken for what; headers are outside text, at most 80 characters. */
  readonly columns: {
    readonly used: readonly { readonly header: string; readonly meaning: Meaning }[]
    readonly unused: readonly string[]
    /** Columns that are not told one by one: of each meaning, and of the unused ones, all but the first few. */
    readonly more: number
  }
  /** Things that were put right or are odd, for the log; never a reason to refuse. */
  readonly remarks: readonly ListRemark[]
}

/** Why a list, or a list of selectors, is refused. */
export interface ListProblem {
  /** Line in the file, counted from 1; 0 where the problem is the whole file's. */
  readonly line: number
  /** What is wrong, what is allowed, what to do; without any text of the file. */
  readonly message: string
  /** The offending text as written, shortened to 80 characters; may be personal. Empty where there is none. */
  readonly found: string
}

/** Something about a line that its owner should know. */
export interface ListRemark extends ListProblem {
  readonly kind: 'notice' | 'warning'
}

/** A file that is refused. */
export interface Refused {
  readonly ok: false
  /** At most `MAX_PROBLEMS`. */
  readonly problems: readonly ListProblem[]
  /** All that were found. */
  readonly total: number
}

export type ListOutcome = { readonly ok: true; readonly list: UserList } | Refused
