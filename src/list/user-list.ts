import type { ListedAccount, ListFact } from '../account/listed-account.ts'

/** Problems of a file that are reported; all are counted. */
export const MAX_PROBLEMS = 100

/** What a column means to us. */
export type Meaning = 'id' | ListFact

/** Which column was taken for what; headers are outside text, at most 80 characters. */
export interface ColumnsTold {
  readonly used: readonly { readonly header: string; readonly meaning: Meaning }[]
  readonly unused: readonly string[]
  /** Columns that are not told one by one: of each meaning, and of those that were not used, all but the first few. */
  readonly more: number
}

/** A list that was read whole, without a single problem. */
export interface UserList {
  /** In order of first appearance. */
  readonly accounts: readonly ListedAccount[]
  /** The facts that the list has a column for. */
  readonly facts: ReadonlySet<ListFact>
  /** Which column was taken for what, and which were not used. */
  readonly columns: ColumnsTold
  /** Things that were put right or are odd, for the log; never a reason to refuse. */
  readonly remarks: readonly ListRemark[]
}

/** Why a list, or a list of selectors, is refused; one of at most `MAX_PROBLEMS` reported ones. */
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
  readonly problems: readonly ListProblem[]
  /** All problems that were found, those beyond the reported ones included. */
  readonly total: number
}

export type ListOutcome = { readonly ok: true; readonly list: UserList } | Refused
