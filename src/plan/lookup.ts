import { compileGlob } from './glob.ts'

/** One pattern, however many selectors have it. */
export interface Entry {
  matched: boolean
}

/** Patterns of one kind, found by the texts that they match. */
export interface Lookup {
  /** @param pattern folded the way the texts will be */
  add(pattern: string): Entry
  /** Marks all entries that match a text. @returns whether there are any */
  mark(text: string): boolean
  /** The same for all runs of neighbouring parts of a text with commas between them. */
  markRuns(text: string): boolean
}

interface Pattern {
  readonly matches: (text: string) => boolean
  readonly matchesRun: (text: string) => boolean
  readonly entry: Entry
}

/** An empty lookup. Plain texts and domains (`*@example.com`) are looked up, other patterns are tried one by one. */
export function createLookup(): Lookup {
  const known = new Map<string, Entry>()
  const patterns: Pattern[] = []

  /** By the pattern that is the text itself, and by that of its domain. */
  const markPlain = (text: string): boolean => {
    const at = text.lastIndexOf('@')
    return note([known.get(text), at < 0 ? undefined : known.get(`*${text.slice(at)}`)])
  }
  const markPatterns = (text: string, how: 'matches' | 'matchesRun'): boolean =>
    note(patterns.map((pattern) => (pattern[how](text) ? pattern.entry : undefined)))

  return {
    add: (pattern) => {
      const given = known.get(pattern)
      if (given !== undefined) return given
      const entry = { matched: false }
      known.set(pattern, entry)
      if (/^\*@[^*@,]*$/.test(pattern) || !/[*,]/.test(pattern)) return entry
      // A run stands between two commas, once there is one at each end of the text.
      patterns.push({ matches: compileGlob(pattern), matchesRun: compileGlob(`*,${pattern},*`), entry })
      return entry
    },
    mark: (text) => {
      const byName = markPlain(text)
      return (patterns.length > 0 && markPatterns(text, 'matches')) || byName
    },
    markRuns: (text) => {
      let any = false
      for (const part of text.split(',')) if (markPlain(part)) any = true
      return (patterns.length > 0 && markPatterns(`,${text},`, 'matchesRun')) || any
    },
  }
}

function note(entries: readonly (Entry | undefined)[]): boolean {
  let any = false
  for (const entry of entries) {
    if (entry === undefined) continue
    entry.matched = true
    any = true
  }
  return any
}
