import { createHash, type Hash } from 'node:crypto'
import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { thousands } from '../text/words.ts'

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

/** Reads a file below a folder: no `..`, absolute path or link leads out of it. A refusal's message follows "but". */
export async function readListFile(folder: string, path: string, maxBytes = 256 * 1024 * 1024) {
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

/** Writes a file in pieces: a million accounts do not fit into one text. @throws where there is no room on the disk */
export function writeChunks(path: string, chunks: Iterable<string>, flags = 'w', hash: Hash | null = null): void {
  const file = openSync(path, flags)
  const room = Buffer.allocUnsafe(4 * PIECE)
  try {
    for (const piece of inPieces(chunks)) {
      const bytes = writeWhole(file, piece, appendFiles.write, room)
      hash?.update(bytes)
    }
  } finally {
    closeSync(file)
  }
}

export type AppendFiles = typeof appendFiles

/** The system calls of a file that only grows; a test makes them fail. */
export const appendFiles = {
  /** Makes the file; fails if it exists. */
  open: (path: string): number => openSync(path, 'ax'),
  /** @returns how many of the bytes from `offset` were taken: a full disk takes fewer than all */
  write: (file: number, bytes: Uint8Array, offset: number): number => writeSync(file, bytes, offset),
  truncate: (file: number, length: number): void => ftruncateSync(file, length),
  /** Resolves when what was written is on the disk itself. */
  sync: promisify(fdatasync),
  close: (file: number): void => closeSync(file),
}

/** A full disk takes a part of what it is given, and says so only in the figure. @throws where there is no room */
export function writeWhole(file: number, text: string, write = appendFiles.write, room = Buffer.of()): Uint8Array {
  // Text of as many characters may fill three times as many bytes.
  const bytes = 3 * text.length > room.length ? Buffer.from(text) : room.subarray(0, room.write(text))
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
