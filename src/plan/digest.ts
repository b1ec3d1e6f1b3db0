import { createHash } from 'node:crypto'
import type { Change } from '../account/decision.ts'

/**
 * The plan's digest: what was approved is what is done. It covers the organization, the kind of change and the
 * accounts that the rules leave, in code-unit order; live facts are not in it, because they can only shrink the set.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function planDigest(organizationId: string, change: Change, ids: readonly string[]): string {
  // Without a function to compare with, texts are sorted by their code units.
  const hash = createHash('sha256').update(`${organizationId}\n${change}\n`)
  return `sha256:${hash.update(ids.toSorted().join('\n')).digest('hex')}`
}
