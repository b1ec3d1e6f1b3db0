/**
 * Compiles a pattern in which `*` stands for any text. Matching takes time in proportion to pattern times text at the
 * worst, whatever the pattern: a list may come from anybody.
 *
 * @param pattern already folded the way the texts will be
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return (text) => text === pattern
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let from = first.length
    for (const part of rest) {
      const at = text.indexOf(part, from)
      if (at < 0) return false
      from = at + part.length
    }
    return from <= text.length - last.length
  }
}
