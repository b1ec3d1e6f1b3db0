import type { FactKind } from './facts.ts'

/** One line of an exclusion or inclusion list. */
export interface Selector {
  readonly kind: 'id' | 'everyone' | FactKind
  /** What is looked for; `*` stands for any text, except in ids. */
  readonly pattern: string
  /** As written, without comment and blanks. */
  readonly text: string
  readonly line: number
  readonly source: SelectorSource
}

export type SelectorSource = 'exclude' | 'exclude-file' | 'include' | 'include-file'
