/** Whether GitHub takes two names for one: it ignores case, but a name beyond ASCII that only folds to another is not it. */
export function sameName(one: string, other: string): boolean {
  const folded = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  return one !== '' && folded(one) === folded(other)
}
