import type { Commit, Person, Pull } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'

/** Everybody who had a hand in a pull request, and the commits where that cannot be told. */
export interface Authors {
  /** Whether this person opened it, or is author, committer or co-author of a commit in it. */
  readonly include: (person: Person) => boolean
  /** Short hashes of commits that name somebody without an account. */
  readonly unknownIn: readonly string[]
}

/**
 * Collects the authors of a pull request. A commit carries e-mail addresses that anybody can write into it; only those
 * that GitHub relates to an account say who it was. A co-author is told from GitHub's no-reply address alone.
 */
export function authorsOf(pull: Pull, commits: readonly Commit[]): Authors {
  const persons: { readonly login: string; readonly id: number }[] = []
  const unknownIn = new Set<string>()
  const add = (person: { login: string; id: number } | null, where: string) => {
    if (person === null) unknownIn.add(where)
    else persons.push(person)
  }
  add(pull.author, `pull request ${pull.number}`)
  for (const commit of commits) {
    const where = commit.sha.slice(0, 7)
    add(commit.author, where)
    add(commit.committer, where)
    for (const coAuthor of coAuthorsOf(commit.message)) add(coAuthor, where)
  }
  const include = (person: Person) =>
    persons.some(({ login, id }) => sameName(login, person.login) || (id !== 0 && id === person.id))
  return { include, unknownIn: [...unknownIn] }
}

/** The co-authors that a commit message names; null for one whose address is not GitHub's. */
function coAuthorsOf(message: string): ({ login: string; id: number } | null)[] {
  const trailers = message.matchAll(/^[ \t]*co-authored-by[ \t]*:(.*)$/gim)
  return Array.from(trailers, ([, text = '']) => {
    const address = /<\s*(?:([0-9]+)\+)?([a-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+\s*>/i.exec(text)
    return address === null ? null : { login: address[2] ?? '', id: Number(address[1] ?? 0) }
  })
}
