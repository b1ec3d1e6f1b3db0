/**
 * Whether two names of users, repositories or environments are the same to GitHub, which ignores case. Letters beyond
 * ASCII are compared as they are: a name that only folds to the other is not it.
 */
export function sameName(one: string, other: string): boolean {
  return one !== '' && folded(one) === folded(other)
}

function folded(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
