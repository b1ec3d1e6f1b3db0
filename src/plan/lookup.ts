import type { Selector } from '../account/selector.ts'
import { compileGlob } from './glob.ts'

/** Answers that are remembered; more texts than this are no longer few. */
const MAX_REMEMBERED = 10_000

/** Selectors of one kind, found by a text that they match. */
export interface Lookup {
  add(selector: Selector): void
  /** All selectors that match a text, whatever its case. */
  find(text: string): readonly Selector[]
  isEmpty(): boolean
}

/** An empty lookup. Plain texts and domains (`*@example.com`) are looked up, other patterns are tried one by one. */
export function createLookup(): Lookup {
  const exact = new Map<string, Selector[]>()
  const domains = new Map<string, Selector[]>()
  const patterns: { readonly matches: (text: string) => boolean; readonly selector: Selector }[] = []
  return {
    add: (selector) => {
      const pattern = fold(selector.pattern)
      if (!pattern.includes('*')) push(exact, pattern, selector)
      else if (/^\*@[^*@]*$/.test(pattern)) push(domains, pattern.slice(1), selector)
      else patterns.push({ matches: compileGlob(pattern), selector })
    },
    find: (text) => {
      const folded = fold(text)
      const found = [...(exact.get(folded) ?? [])]
      const at = domains.size === 0 ? -1 : folded.lastIndexOf('@')
      if (at >= 0) found.push(...(domains.get(folded.slice(at)) ?? []))
      for (const { matches, selector } of patterns) if (matches(folded)) found.push(selector)
      return found
    },
    isEmpty: () => exact.size === 0 && domains.size === 0 && patterns.length === 0,
  }
}

/** The same function, which is not asked twice about the same text. */
export function remembered<T>(ask: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = ask(text)
    if (answers.size < MAX_REMEMBERED) answers.set(text, answer)
    return answer
  }
}

/** Adds a value to the list that a map holds for a key. */
export function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const others = map.get(key)
  if (others === undefined) map.set(key, [value])
  else others.push(value)
}

/** A text as it is compared: without case, and without characters that nobody sees, such as a zero-width space. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  return /^[\x20-\x7e]*$/.test(lower) ? lower : lower.normalize('NFC').replaceAll(/\p{Cf}/gu, '')
}
