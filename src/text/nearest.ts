/** How many letters must be put in, taken out or changed to make one text the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const cost = from[line - 1] === to[column - 1] ? 0 : 1
      const [above = 0, diagonal = 0, left = 0] = [row[column], row[column - 1], next[column - 1]]
      next.push(Math.min(above + 1, left + 1, diagonal + cost))
    }
    row = next
  }
  return row[to.length] ?? 0
}
