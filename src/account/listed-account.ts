/** What a list can say about accounts, beside their ids. */
export type ListFact = 'email' | 'name' | 'status' | 'role' | 'groups' | 'last-seen' | 'due'

/** One account of the list: all rows that carry its id, united to the safe side. */
export interface ListedAccount {
  /** Atlassian account id, case-sensitive, `[a-zA-Z0-9_|:-]{1,128}`. */
  readonly id: string
  /** Line of the first row of this account, counted from 1 (the header is line 1). */
  readonly line: number
  /** As written; empty where the list does not know it. */
  readonly email: string
  readonly name: string
  /** Distinct status texts as written, in order of appearance. */
  readonly statuses: readonly string[]
  /** False only when every row of the account says that it is deactivated. */
  readonly active: boolean
  /** Distinct organization roles as written. */
  readonly roles: readonly string[]
  /** Distinct, non-empty cells of the group columns; a cell may hold several names with commas between them. */
  readonly groupCells: readonly string[]
  /** Last day of access, `YYYY-MM-DD`; empty means due at once. */
  readonly due: string
}
