/** One line of an exclusion or inclusion list. */
export interface Selector {
  readonly kind: 'id' | 'everyone' | AskedFact
  /** What is looked for; `*` stands for any text, except in ids. */
  readonly pattern: string
  /** As written, without comment and blanks. */
  readonly text: string
  readonly line: number
  readonly source: SelectorSource
}

/** What a selector can ask for besides the id, which is always known. */
export type AskedFact = 'email' | 'group' | 'role' | 'status'

export type SelectorSource = 'exclude' | 'exclude-file' | 'include' | 'include-file'
