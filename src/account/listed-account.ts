/** What a list can say about accounts, besides their ids. */
export type ListFact = 'email' | 'name' | 'status' | 'role' | 'groups' | 'claimed' | 'last-seen' | 'due'

/** What one cell says about groups. */
export interface GroupCell {
  /** Never empty. */
  readonly text: string
  /** Whether commas may part several names in it; otherwise it is one group's name, commas and all. */
  readonly several: boolean
}

/** One account: all its rows, united to the safe side. Texts as written, distinct; empty where the list tells none. */
export interface ListedAccount {
  /** Atlassian account id, case-sensitive, `[a-zA-Z0-9_|:-]{1,128}`. */
  readonly id: string
  /** Line of the first row of this account, counted from 1 (the header is line 1). */
  readonly line: number
  readonly email: string
  readonly name: string
  readonly statuses: readonly string[]
  /** False only when every row of the account says that it is deactivated. */
  readonly active: boolean
  /** Whether any row says that no domain of the organization claims it. */
  readonly unclaimed: boolean
  readonly roles: readonly string[]
  readonly groupCells: readonly GroupCell[]
  /** The latest time in the columns of last activity, for showing only. */
  readonly lastSeen: string
  /** Last day of access, `YYYY-MM-DD`; empty means due at once. */
  readonly due: string
}
