import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { count, errorText, quote } from '../text/words.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The largest archive that is read, in bytes; it is held in memory. A list has at most 256 MiB, and packs well. */
export const LARGEST_ARCHIVE = 512 * 1024 ** 2
/** Most bytes of all files of one archive, unpacked. The largest list has 256 MiB. */
const MOST_BYTES = 1024 ** 3
const MOST_FILES = 10_000
const MOST = `at most 512 MiB, ${count(MOST_FILES, 'file')} and 1 GiB unpacked are read`
const TOO_LARGE = refuse('too-large', `The archive is too large: ${MOST}.`)
/** What some system does not take in a name, what means something in a path, what cannot be seen, what is not UTF-8. */
const NOT_IN_A_NAME = /[\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u
/** Nothing, `.` and `..`; and what Windows takes for another name, or for a device. */
const NOT_A_NAME = /^$|[. ]$|^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i
/** The type in a Unix mode: none told, plain file, folder. */
const PLAIN_TYPES: ReadonlySet<number> = new Set([0, 0o10, 0o04])

/**
 * Unpacks a ZIP archive into an empty or missing folder, or refuses it before it writes anything: an archive may come
 * from a step that other people wrote, and its names are paths. What only unpacking shows (a wrong checksum, more bytes
 * than an entry declares) refuses it too, and takes the folder away again. Files are told relative to the folder, with
 * `/`, in code-unit order.
 */
export async function unzip(archive: string, into: string) {
  try {
    if ((await stat(archive)).size > LARGEST_ARCHIVE) return TOO_LARGE
    // Names stay bytes: decoded by us, and judged by our rules.
    const zip = await fromBufferPromise(await readFile(archive), { decodeStrings: false })
    if (zip.entryCount > MOST_FILES) return TOO_LARGE
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) entries.push(entry)
    // The library holds every entry to the size that it declares, while it inflates.
    if (entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0) > MOST_BYTES) return TOO_LARGE
    const problem = judgeNames(entries) ?? (await judgePlaces(zip, entries))
    if (problem !== null) return problem
    await mkdir(into, { recursive: true })
    const files = entries.filter((entry) => !nameOf(entry).endsWith('/'))
    for (const entry of files) await unpack(zip, entry, join(into, ...nameOf(entry).split('/')))
    return { ok: true, files: files.map(nameOf).toSorted() } as const
  } catch (error) {
    await rm(into, { recursive: true, force: true, maxRetries: 5 })
    return refuse('damaged', `The archive cannot be unpacked: ${quote(errorText(error))}.`)
  }
}

async function unpack(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const content = await zip.openReadStreamPromise(entry)
  let crc = 0
  content.on('data', (chunk: Buffer) => {
    crc = crc32(chunk, crc)
  })
  await pipeline(content, createWriteStream(path, { flags: 'wx' }))
  if (crc !== entry.crc32) throw new RangeError('A checksum does not match.')
}

function nameOf({ fileNameRaw }: Entry): string {
  return fileNameRaw.toString('utf8')
}

/** Refuses links, and names that are not a path inside the archive, or the same path twice on some system. */
function judgeNames(entries: readonly Entry[]): Refusal | null {
  const [files, folders] = [new Set<string>(), new Set<string>()]
  for (const entry of entries) {
    const name = nameOf(entry)
    const path = name.replace(/\/$/, '').split('/')
    const isFolder = name.endsWith('/')
    if (!PLAIN_TYPES.has(entry.externalFileAttributes >>> 28))
      return refuseEntry('unsafe', name, 'is a symbolic link or not a plain file')
    if (NOT_IN_A_NAME.test(name) || path.some((part) => NOT_A_NAME.test(part)))
      return refuseEntry('unsafe', name, 'is not a path inside the archive that every system takes')
    const folded = path.map((part) => part.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC'))
    const parents = folded.map((_, index) => folded.slice(0, index).join('/')).slice(1)
    const whole = folded.join('/')
    if (files.has(whole) || (!isFolder && folders.has(whole)) || parents.some((parent) => files.has(parent)))
      return refuseEntry('unsafe', name, 'is there twice')
    for (const parent of isFolder ? [...parents, whole] : parents) folders.add(parent)
    if (!isFolder) files.add(whole)
  }
  return null
}

/** Refuses what cannot be read, and entries that share bytes: a small archive could unpack to anything that way. */
async function judgePlaces(zip: ZipFile, entries: readonly Entry[]): Promise<Refusal | null> {
  let end = 0
  for (const entry of entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    if (!entry.canDecodeFileData())
      return refuseEntry('damaged', nameOf(entry), 'is encrypted, or packed in an odd way')
    if (entry.relativeOffsetOfLocalHeader < end) return refuseEntry('damaged', nameOf(entry), 'overlaps another one')
    end = (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart + entry.compressedSize
  }
  return null
}

function refuseEntry(reason: string, name: string, why: string): Refusal {
  return refuse(reason, `The archive entry ${quote(name)} ${why}. Nothing was unpacked.`)
}
