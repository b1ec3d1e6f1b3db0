/**
 * Whether two names of users, repositories or environments are the same to GitHub, which ignores case. Letters beyond
 * ASCII are compared as they are: a name that only folds to the other is not it.
 */
export function sameName(one: string, other: string): boolean {
  const folded = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  return one !== '' && folded(one) === folded(other)
}
