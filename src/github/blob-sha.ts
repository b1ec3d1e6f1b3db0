import { createHash } from 'node:crypto'

/** Git's name for the contents of a file. */
export function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
