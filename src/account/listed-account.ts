/** What a list can say about accounts, besides their ids. */
export type ListFact = 'email' | 'name' | 'status' | 'role' | 'groups' | 'claimed' | 'last-seen' | 'due'

/** What one cell says about groups. */
export interface GroupCell {
  /** Never empty. */
  readonly text: string
  /** Whether commas may part several names in it; otherwise it is one group's name, commas and all. */
  readonly several: boolean
}

/** One account of the list: all rows that carry its id, united to the safe side. */
export interface ListedAccount {
  /** Atlassian account id, case-sensitive, `[a-zA-Z0-9_|:-]{1,128}`. */
  readonly id: string
  /** Line of the first row of this account, counted from 1 (the header is line 1). */
  readonly line: number
  /** As written; empty where the list does not tell it. */
  readonly email: string
  readonly name: string
  /** Distinct status texts as written, in order of appearance; none where the list does not tell it. */
  readonly statuses: readonly string[]
  /** False only when every row of the account says that it is deactivated. */
  readonly active: boolean
  /** True where any row says that no domain of the organization claims the account. */
  readonly unclaimed: boolean
  /** Distinct organization roles as written; none where the list does not tell them. */
  readonly roles: readonly string[]
  /** Distinct cells of the group columns; none where the list does not tell them. */
  readonly groupCells: readonly GroupCell[]
  /** The latest time in the columns of last activity, as written, for showing only; empty where there is none. */
  readonly lastSeen: string
  /** Last day of access, `YYYY-MM-DD`; empty means due at once. */
  readonly due: string
}
