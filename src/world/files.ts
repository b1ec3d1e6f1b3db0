import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { thousands } from '../text/words.ts'
import type { AppendFiles } from './append-file.ts'

/** The largest list that is read. Bytes. */
const MAX_LIST_BYTES = 256 * 1024 * 1024

/** A file of the workspace that was read, without its bytes: a list may have hundreds of megabytes. */
export interface ReadFile {
  /** As it was written, relative to the workspace, with `/`. */
  readonly path: string
  /** Where that really was, all links followed. */
  readonly realPath: string
  /** Git's name for what was read. */
  readonly blobSha: string
  /** Bytes. */
  readonly size: number
}

export type FileRead = Awaited<ReturnType<typeof readListFile>>

/**
 * Reads a file below a folder, the workspace or where an artifact was unpacked; nothing leads out of it: no `..`, no
 * absolute path and no symbolic link. The message of a refusal goes on after "but".
 */
export async function readListFile(folder: string, path: string, maxBytes = MAX_LIST_BYTES) {
  const refuse = (reason: 'outside' | 'missing' | 'not-a-file' | 'too-large' | 'unreadable', message: string) =>
    ({ ok: false, reason, message }) as const
  if (path.includes('\0')) return refuse('outside', 'that is not a path.')
  try {
    const root = await realpath(folder)
    const wanted = resolve(folder, path)
    // The folder itself may be reached through a link, and an absolute path be written either way.
    const from = [resolve(folder), root].find((start) => isBelow(start, wanted))
    if (from === undefined) return refuse('outside', 'that is outside of the workspace. Give a path inside it.')
    const real = await realpath(wanted)
    if (!isBelow(root, real))
      return refuse('outside', 'a symbolic link leads from there out of the workspace. Give a path inside it.')
    const found = await stat(real)
    if (!found.isFile()) return refuse('not-a-file', 'that is not a file. Give the path of a CSV file.')
    if (found.size > maxBytes) {
      const limit = `at most ${thousands(maxBytes)} are read. Split the list.`
      return refuse('too-large', `the file has ${thousands(found.size)} bytes; ${limit}`)
    }
    await using file = await open(real)
    // One byte more than there should be: a file that is still being written must not be read in part, as a part of
    // the exclusions protects too few.
    const bytes = Buffer.allocUnsafeSlow(found.size + 1)
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    if (filled !== found.size)
      return refuse('unreadable', 'it changed while it was read. Run again when it is complete.')
    const below = (start: string, path: string) => relative(start, path).split(sep).join('/')
    return {
      ok: true,
      /** In memory of their own, which the reader may give back. */
      bytes: bytes.subarray(0, filled),
      /** Where it was found, below the folder, with `/`: all symbolic links followed. */
      relative: below(root, real),
      /** As it was given, below the folder, with `/`, without `.` and `..`; another one where a link is on the way. */
      written: below(from, wanted),
    } as const
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const why = 'there is no such file. Check the spelling, and that a step before this one checks the repository out.'
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('missing', why)
    return refuse('unreadable', `it cannot be read (${String(code)}).`)
  }
}

/** Whether a path lies below a folder; both absolute. */
export function isBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  // Between two drives of Windows the way is absolute.
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Characters in one write of a file: few writes, little memory. */
const PIECE = 1 << 16

/** Joins texts into pieces of some 64 KiB; the last may be shorter, or empty where there is no text. */
export function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** Writes a file piece by piece: a million accounts fit into no text. @returns its SHA-256, hex @throws where there is no room */
export function writeChunks(path: string, chunks: Iterable<string>, flags = 'w'): string {
  const file = openSync(path, flags)
  const hash = createHash('sha256')
  try {
    for (const piece of inPieces(chunks)) hash.update(writeWhole(file, piece))
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

/** A full disk takes a part of what it is given, and says so only in the figure. @throws where there is no room */
export function writeWhole(file: number, text: string, write: AppendFiles['write'] = writeSync): Uint8Array {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    const more = write(file, bytes, written)
    if (more <= 0) throw new Error('no room is left on the disk')
    written += more
  }
  return bytes
}

/** Hex digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
