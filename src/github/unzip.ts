import { mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { count, quote } from '../text/words.ts'

export type UnzipOutcome =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly reason: 'unsafe' | 'damaged' | 'too-large'; readonly message: string }

interface Entry {
  readonly name: string
  readonly directory: boolean
  readonly symlink: boolean
  readonly encrypted: boolean
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** Most bytes of all files of one archive, unpacked. The largest list has 256 MiB. */
const MOST_BYTES = 1024 ** 3
const MOST_FILES = 10_000
const END_LENGTH = 22
const COMMENT_LENGTH = 0xffff
const LOCAL_LENGTH = 30
const NOT_IN_A_PATH = /[\\:\u0000-\u001f\u007f\ufffd]/
/** What a field of the classic format holds when the true figure stands in a ZIP64 record. */
const OVERFLOWN = 0xffff_ffff

/**
 * Unpacks a ZIP archive by its central directory into a folder, or refuses it whole before it writes anything: an
 * archive may come from a step that other people wrote, and its names are paths. Format: PKWARE's APPNOTE.TXT.
 *
 * @param archive path of the archive on disk.
 * @param into folder; made where it is missing. A file that is already there is not overwritten, it is an error.
 * @returns the unpacked files, relative to `into`, with `/`, in code-unit order; or why the archive is refused.
 */
export async function unzip(archive: string, into: string): Promise<UnzipOutcome> {
  await using file = await open(archive, 'r')
  const read = async (position: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position, length })
    if (bytesRead !== length) throw new RangeError('The archive ends too early.')
    return buffer
  }
  try {
    const entries = await readDirectory((await file.stat()).size, read)
    const problem = entries === null ? tooLarge() : judge(entries)
    if (problem !== null || entries === null) return problem ?? tooLarge()
    await mkdir(into, { recursive: true })
    const files: string[] = []
    for (const entry of entries.filter(({ directory }) => !directory)) {
      const bytes = await unpack(entry, read)
      const path = join(into, ...entry.name.split('/'))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes, { flag: 'wx' })
      files.push(entry.name)
    }
    return { ok: true, files: files.toSorted() }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: 'damaged', message: `The archive cannot be unpacked: ${quote(why)}.` }
  }
}

type Read = (position: number, length: number) => Promise<Buffer>

/** The archive's entries; null where it is so large that it has ZIP64 records. */
async function readDirectory(size: number, read: Read): Promise<Entry[] | null> {
  const tailLength = Math.min(size, END_LENGTH + COMMENT_LENGTH)
  const tail = await read(size - tailLength, tailLength)
  const at = tail.lastIndexOf('PK\u0005\u0006', tail.length - END_LENGTH, 'latin1')
  if (at < 0) throw new RangeError('It has no central directory.')
  const total = tail.readUInt16LE(at + 10)
  const length = tail.readUInt32LE(at + 12)
  const start = tail.readUInt32LE(at + 16)
  if (total === 0xffff || length === OVERFLOWN || start === OVERFLOWN || length > size) return null
  const directory = await read(start, length)
  const entries: Entry[] = []
  for (let position = 0; entries.length < total; ) {
    if (directory.readUInt32LE(position) !== 0x0201_4b50) throw new RangeError('Its central directory is damaged.')
    const nameLength = directory.readUInt16LE(position + 28)
    const rest = directory.readUInt16LE(position + 30) + directory.readUInt16LE(position + 32)
    const flags = directory.readUInt16LE(position + 8)
    const mode = directory.readUInt32LE(position + 38) >>> 16
    const name = directory.toString('utf8', position + 46, position + 46 + nameLength)
    entries.push({
      name,
      directory: name.endsWith('/'),
      symlink: directory.readUInt8(position + 5) === 3 && (mode & 0o170000) === 0o120000,
      encrypted: (flags & 0x41) !== 0,
      method: directory.readUInt16LE(position + 10),
      crc: directory.readUInt32LE(position + 16),
      packed: directory.readUInt32LE(position + 20),
      size: directory.readUInt32LE(position + 24),
      offset: directory.readUInt32LE(position + 42),
    })
    position += 46 + nameLength + rest
  }
  return entries
}

/** Why the entries are refused; null where they may be unpacked. */
function judge(entries: readonly Entry[]): Exclude<UnzipOutcome, { ok: true }> | null {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  if (entries.length > MOST_FILES || bytes > MOST_BYTES || entries.some(({ offset }) => offset === OVERFLOWN)) {
    return tooLarge()
  }
  const names = new Set<string>()
  for (const { name, symlink, directory } of entries) {
    const plain = (directory ? name.slice(0, -1) : name).toLowerCase()
    const unsafe = NOT_IN_A_PATH.test(name) || plain.split('/').some((part) => /^\.{0,2}$/.test(part))
    if (unsafe || symlink || names.has(plain)) {
      const why = symlink ? 'is a symbolic link' : unsafe ? 'is no path inside the archive' : 'is there twice'
      return {
        ok: false,
        reason: 'unsafe',
        message: `The archive's entry ${quote(name)} ${why}. Nothing was unpacked.`,
      }
    }
    names.add(plain)
  }
  return null
}

async function unpack(entry: Entry, read: Read): Promise<Buffer> {
  const header = await read(entry.offset, LOCAL_LENGTH)
  if (header.readUInt32LE(0) !== 0x0403_4b50) throw new RangeError('An entry is not where the directory says.')
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) throw new RangeError('An entry is encrypted.')
  const start = entry.offset + LOCAL_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = await read(start, entry.packed)
  const bytes =
    entry.method === 0 ? packed : await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(1, entry.size) })
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw new RangeError('A checksum does not match.')
  return bytes
}

function tooLarge(): Exclude<UnzipOutcome, { ok: true }> {
  const message = `The archive is too large: at most ${count(MOST_FILES, 'file')} and 1 GiB unpacked are read.`
  return { ok: false, reason: 'too-large', message }
}
