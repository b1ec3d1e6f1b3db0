import { createHash } from 'node:crypto'
import type { Change } from '../account/decision.ts'
import { inPieces } from '../world/files.ts'

/**
 * The plan's digest: what was approved is what is done. It covers the organization, the kind of change and the
 * accounts that the rules leave, in code-unit order; live facts are not in it, because they can only shrink the set.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function planDigest(organizationId: string, change: Change, ids: readonly string[]): string {
  const hash = createHash('sha256').update(`${organizationId}\n${change}\n`)
  // Without a function to compare with, texts are sorted by their code units.
  for (const piece of inPieces(separated(ids.toSorted()))) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}

/** One by one: the ids of a million accounts in one text take a hundred megabytes. */
function* separated(ids: readonly string[]): Generator<string> {
  for (const [index, id] of ids.entries()) yield index === 0 ? id : `\n${id}`
}
