import { createHash } from 'node:crypto'
import type { Change } from '../account/decision.ts'

/** Ids that are hashed at once: a million in one text take a hundred megabytes. */
const PIECE = 10_000

/**
 * The plan's digest: what was approved is what is done. It covers the organization, the kind of change and the
 * accounts that the rules leave, in code-unit order; live facts are not in it, because they can only shrink the set.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function planDigest(organizationId: string, change: Change, ids: readonly string[]): string {
  const hash = createHash('sha256').update(`${organizationId}\n${change}\n`)
  // Without a function to compare with, texts are sorted by their code units.
  const sorted = ids.toSorted()
  for (let at = 0; at < sorted.length; at += PIECE) {
    hash.update(`${at === 0 ? '' : '\n'}${sorted.slice(at, at + PIECE).join('\n')}`)
  }
  return `sha256:${hash.digest('hex')}`
}
