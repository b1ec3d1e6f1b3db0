/** Distinct texts that are kept to be shared; beyond these a text is an unusual one. */
const MAX_KEPT = 10_000

const NOTHING: readonly string[] = []

/**
 * Makes lists of one text, or of none for the empty one, the same list for the same text: statuses, roles and groups
 * of a large list are few texts in many rows.
 */
export function createIntern(): (text: string) => readonly string[] {
  const kept = new Map<string, readonly string[]>()
  return (text) => {
    if (text === '') return NOTHING
    const known = kept.get(text)
    if (known !== undefined) return known
    const made = [text]
    if (kept.size < MAX_KEPT) kept.set(text, made)
    return made
  }
}
