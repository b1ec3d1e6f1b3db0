/** Compiles a pattern in which `*` is any text. No pattern takes longer than its length times the text's. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const [start, end] = [pattern.indexOf('*'), pattern.lastIndexOf('*')]
  if (start < 0) return (text) => text === pattern
  const [first, last] = [pattern.slice(0, start), pattern.slice(end + 1)]
  const middle = pattern.slice(start + 1, end).split('*')
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let from = first.length
    for (const part of middle) {
      const at = text.indexOf(part, from)
      if (at < 0) return false
      from = at + part.length
    }
    return from <= text.length - last.length
  }
}

/** Whether any of the items will do; all of them are asked, not only until the first. */
export function anyOf<T>(items: readonly T[], ask: (item: T) => boolean): boolean {
  let found = false
  for (const item of items) if (ask(item)) found = true
  return found
}

/** Patterns of one kind, folded by `fold`: plain texts and `*@example.com` are looked up, others tried one by one. */
export function createLookup(fold: (pattern: string) => string) {
  const known = new Set<string>()
  const matched = new Set<string>()
  const globs: { pattern: string; matches: (text: string) => boolean; matchesRun: (text: string) => boolean }[] = []

  const note = (pattern: string, matches = known.has(pattern)): boolean => {
    if (matches) matched.add(pattern)
    return matches
  }
  /** By the pattern that is the text itself, and by that of its domain. */
  const markPlain = (text: string): boolean => {
    const at = text.lastIndexOf('@')
    const byDomain = at >= 0 && note(`*${text.slice(at)}`)
    return note(text) || byDomain
  }

  return {
    add: (written: string): void => {
      const pattern = fold(written)
      if (known.has(pattern)) return
      known.add(pattern)
      if (!pattern.includes('*') || /^\*@[^*@]*$/.test(pattern)) return
      // A run stands between two commas, once there is one at each end of the text.
      globs.push({ pattern, matches: compileGlob(pattern), matchesRun: compileGlob(`*,${pattern},*`) })
    },
    /** Whether any pattern matches a text. */
    mark: (text: string): boolean => {
      if (known.size === 0) return false
      const byName = markPlain(text)
      return anyOf(globs, ({ pattern, matches }) => note(pattern, matches(text))) || byName
    },
    /** Whether any pattern matches a run of neighbouring parts of a text with commas between them. */
    markRuns: (text: string): boolean => {
      const byName = anyOf(text.split(','), markPlain)
      const enclosed = `,${text},`
      return anyOf(globs, ({ pattern, matchesRun }) => note(pattern, matchesRun(enclosed))) || byName
    },
    /** Whether this pattern has matched any text so far. */
    hasMatched: (written: string): boolean => matched.has(fold(written)),
  }
}
