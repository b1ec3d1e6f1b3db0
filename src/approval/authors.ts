import type { Commit, Person, Pull } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'

/**
 * Collects everybody who had a hand in a pull request. A commit carries e-mail addresses that anybody can write into it;
 * only those that GitHub relates to an account say who it was. A co-author's line is text of the author's: it counts
 * against whom it names by GitHub's own no-reply address, and says nothing of anybody else.
 */
export function authorsOf(pull: Pull, commits: readonly Commit[]) {
  const hands = [
    { who: pull.author, where: `pull request ${pull.number}` },
    ...commits.flatMap(({ author, committer, sha }) =>
      [author, committer].map((who) => ({ who, where: sha.slice(0, 7) })),
    ),
  ]
  const ids = new Set(hands.map(({ who }) => who?.id))
  const named = commits.flatMap(({ message }) => coAuthorsOf(message))
  return {
    /** Whether this person opened it, or is author, committer or named co-author of a commit in it. */
    include: (person: Person) =>
      ids.has(person.id) || named.some(({ id, login }) => id === person.id || sameName(login, person.login)),
    /** Short hashes of commits whose author or committer has no account, and the pull request itself where its opener has none. */
    unknownIn: [...new Set(hands.filter(({ who }) => who === null).map(({ where }) => where))],
  }
}

/** The co-authors that a commit message names by an address of GitHub's; older ones have no id in them. */
function coAuthorsOf(message: string): Pick<Person, 'id' | 'login'>[] {
  const trailers = message.matchAll(/^[ \t]*co-authored-by[ \t]*:(.*)$/gim)
  return Array.from(trailers).flatMap(([, text = '']) => {
    const address = /<\s*(?:([0-9]+)\+)?([a-z0-9-]+(?:\[bot\])?)@users\.noreply\.[a-z0-9.-]+\s*>/i.exec(text)
    return address === null ? [] : [{ login: address[2] ?? '', id: Number(address[1] ?? 0) }]
  })
}
