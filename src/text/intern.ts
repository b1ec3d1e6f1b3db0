/** Distinct texts that are kept to be shared; beyond these a text is an unusual one. */
const MAX_KEPT = 10_000

/** The same function, but the same text has the same value: the groups of a large list are few texts in many rows. */
export function createIntern<T>(make: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const made = make(text)
    if (kept.size < MAX_KEPT) kept.set(text, made)
    return made
  }
}
