import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LARGEST_ARCHIVE, unzip } from '../../../src/github/unzip.ts'
import { runs } from '../../runs.ts'
import { type Packed, zip } from './zip.ts'

async function unpacked(archive: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'unzip-'))
  await writeFile(join(folder, 'archive.zip'), archive)
  const into = join(folder, 'into')
  const outcome = await unzip(join(folder, 'archive.zip'), into)
  return { folder, into, outcome, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

const TEXT = 'User id\r\n557058:1\r\n'.repeat(1000)

test('files and folders are unpacked as they were packed', async () => {
  const archive = zip([
    { name: 'lists/' },
    { name: 'lists/users.csv', text: TEXT },
    { name: 'empty.txt' },
    { name: 'stored.txt', text: 'x', method: 0 },
    { name: 'Größe, (1).csv', text: 'y' },
  ])
  await using world = await unpacked(archive)
  expect(world.outcome).toEqual({
    ok: true,
    files: ['Größe, (1).csv', 'empty.txt', 'lists/users.csv', 'stored.txt'],
  })
  expect(await readFile(join(world.into, 'lists', 'users.csv'), 'utf8')).toBe(TEXT)
  expect(await readFile(join(world.into, 'stored.txt'), 'utf8')).toBe('x')
})

test('figures of 64 bits are read where they are small, as some tools write them', async () => {
  const packed = zip([{ name: 'a', text: 'text', method: 0 }])
  const wide = { size: 4n, packed: 4n, offset: 0n }
  const start = BigInt(packed.indexOf('PK\u0001\u0002', 0, 'latin1'))
  const archive = zip([{ name: 'a', text: 'text', method: 0, wide }], { wide: { entries: 1n, start } })
  await using world = await unpacked(archive)
  expect(world.outcome).toEqual({ ok: true, files: ['a'] })
  expect(await readFile(join(world.into, 'a'), 'utf8')).toBe('text')
})

describe('nothing is unpacked of an archive with', () => {
  const names: [string, string | Buffer][] = [
    ['a path to the parent', '../out.txt'],
    ['such a path inside', 'a/../../out.txt'],
    ['the parent alone', '..'],
    ['a path to itself', './out.txt'],
    ['an absolute path', '/etc/out.txt'],
    ['an empty part', 'a//out.txt'],
    ['a path of another system', '..\\out.txt'],
    ['a share', '\\\\host\\share\\out.txt'],
    ['a drive', 'C:out.txt'],
    ['a stream of another file', 'good.txt:stream'],
    ['a device', 'lists/NUL'],
    ['a device with an ending', 'com1.csv'],
    ['a dot at the end', 'good.'],
    ['a blank at the end', 'folder /a'],
    ['a wildcard', '*.csv'],
    ['a NUL', 'a\u0000.txt'],
    ['a line break', 'a\n::error::x'],
    ['a line separator', 'a\u2028::error::x'],
    ['a text turned around', 'a\u202evsc.exe'],
    ['an invisible character', 'a\u200b.csv'],
    ['no UTF-8', Buffer.from([0x61, 0xff, 0x2e])],
    ['no name', ''],
    ['only a slash', '/'],
  ]
  test.each<[string, Packed[], string, string]>([
    ...names.map(([what, name]): [string, Packed[], string, string] => [
      what,
      [{ name }],
      'unsafe',
      'not a path inside',
    ]),
    ['a symbolic link', [{ name: 'link', text: '/etc/passwd', mode: 0o120777 }], 'unsafe', '"link" is a symbolic link'],
    ['a device file', [{ name: 'tty', mode: 0o020666 }], 'unsafe', 'not a plain file'],
    ['a pipe', [{ name: 'pipe', mode: 0o010666 }], 'unsafe', 'not a plain file'],
    ['a name twice', [{ name: 'a.csv' }, { name: 'a.csv' }], 'unsafe', 'twice'],
    ['a name twice in another case', [{ name: 'a.csv' }, { name: 'A.csv' }], 'unsafe', 'twice'],
    ['a name twice in another spelling', [{ name: 'é.csv' }, { name: 'e\u0301.csv' }], 'unsafe', 'twice'],
    ['a name twice but for a ligature', [{ name: 'office' }, { name: 'o\ufb03ce' }], 'unsafe', 'twice'],
    ['a name twice but for a sharp s', [{ name: 'gross' }, { name: 'groß' }], 'unsafe', 'twice'],
    ['a file that is a folder too', [{ name: 'a' }, { name: 'a/b' }], 'unsafe', '"a/b" is there twice'],
    ['a folder that is a file too', [{ name: 'a/b' }, { name: 'A' }], 'unsafe', '"A" is there twice'],
    ['a named folder that is a file too', [{ name: 'a' }, { name: 'a/' }], 'unsafe', 'twice'],
    ['more than it may hold', [{ name: 'a', size: 0x4000_0001 }], 'too-large', '1 GiB'],
    [
      'more than it may hold together',
      [
        { name: 'a', size: 0x3000_0000 },
        { name: 'b', size: 0x3000_0000 },
      ],
      'too-large',
      '1 GiB',
    ],
    ['an encrypted file', [{ name: 'a', text: 'x', flags: 0x0801 }], 'damaged', 'encrypted'],
    ['a strongly encrypted file', [{ name: 'a', text: 'x', flags: 0x0841 }], 'damaged', 'encryption'],
    ['another method', [{ name: 'a', text: 'x', method: 93 }], 'damaged', 'packed in an odd way'],
    ['a packed size of 2³¹', [{ name: 'a', text: 'x', packed: 0x8000_0000 }], 'damaged', 'overflows'],
    ['an offset behind its end', [{ name: 'a', text: 'x', offset: 0x7fff_ffff }], 'damaged', 'EOF'],
    ['an offset into a file', [{ name: 'a', text: 'x', offset: 3 }], 'damaged', 'overlaps'],
    ['one place for two files', [{ name: 'a', text: 'x', offset: 0 }], 'damaged', 'overlaps'],
    ['a figure of ZIP64', [{ name: 'a', size: 0xffff_ffff }], 'too-large', '1 GiB'],
    ['sizes of ZIP64', [{ name: 'a', wide: { size: 2n ** 63n, packed: 1n, offset: 0n } }], 'too-large', '1 GiB'],
    [
      'a packed size of ZIP64',
      [{ name: 'a', wide: { size: 1n, packed: 2n ** 64n - 1n, offset: 0n } }],
      'damaged',
      'overlaps',
    ],
    ['an offset of ZIP64', [{ name: 'a', wide: { size: 1n, packed: 1n, offset: 2n ** 64n - 1n } }], 'damaged', 'EOF'],
  ])('%s', async (_, files, reason, part) => {
    await using world = await unpacked(zip([{ name: 'good.txt', text: 'x' }, ...files]))
    expect(world.outcome).toMatchObject({ ok: false, reason, message: expect.stringContaining(part) })
    expect(existsSync(world.into)).toBe(false)
    expect(existsSync(join(world.folder, 'out.txt'))).toBe(false)
  })

  test('files without end', async () => {
    const many = Array.from({ length: 10_001 }, (_, index): Packed => ({ name: String(index) }))
    await using world = await unpacked(zip(many))
    expect(world.outcome).toMatchObject({
      ok: false,
      reason: 'too-large',
      message: expect.stringContaining('10,000 files'),
    })
    expect(existsSync(world.into)).toBe(false)
  })

  test.each([2n ** 64n - 1n, 2n ** 40n])(
    'a directory of ZIP64 that names %d files, or begins or is found there',
    async (figure) => {
      const [small, file] = [BigInt(0), [{ name: 'a', text: 'x' }]]
      for (const wide of [
        { entries: figure, start: small },
        { entries: 1n, start: figure },
        { entries: 1n, start: small, at: figure },
      ]) {
        await using world = await unpacked(zip(file, { wide }))
        expect(world.outcome.ok).toBe(false)
        expect(existsSync(world.into)).toBe(false)
      }
    },
  )
})

test.each<[string, Buffer]>([
  ['no archive', Buffer.from('User id\n')],
  ['nothing', Buffer.alloc(0)],
  ['half an archive', zip([{ name: 'a', text: 'x'.repeat(500) }]).subarray(0, 40)],
  ['an archive without its last byte', zip([{ name: 'a', text: 'x' }]).subarray(0, -1)],
  ['a directory of more entries than there are', zip([{ name: 'a', text: 'x' }], { entries: 3 })],
  [
    'a wrong checksum',
    zip([
      { name: 'good', text: 'x' },
      { name: 'a', text: 'x', crc: 1 },
    ]),
  ],
  ['more than it says', zip([{ name: 'a', text: 'x'.repeat(100_000), size: 10 }])],
  ['less than it says', zip([{ name: 'a', text: 'x'.repeat(10), size: 100_000 }])],
  ['a bomb that says it is small', zip([{ name: 'a', text: Buffer.alloc(64 * 1024 ** 2), size: 1000 }])],
  ['bytes that do not inflate', zip([{ name: 'a', text: Buffer.from('x'), packed: 2 }])],
])('%s is damaged, and nothing of it stays', async (_, archive) => {
  await using world = await unpacked(archive)
  expect(world.outcome).toMatchObject({ ok: false, reason: 'damaged' })
  expect(existsSync(world.into)).toBe(false)
})

test('an archive that is too large to read is not read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unzip-'))
  const path = join(folder, 'archive.zip')
  {
    await using file = await open(path, 'w')
    await file.truncate(LARGEST_ARCHIVE + 1)
  }
  expect(await unzip(path, join(folder, 'into'))).toMatchObject({ ok: false, reason: 'too-large' })
  expect(await unzip(join(folder, 'missing.zip'), join(folder, 'into'))).toMatchObject({ ok: false, reason: 'damaged' })
  await rm(folder, { recursive: true })
})

test('whatever bytes are changed, it is unpacked as it was or refused with a message', async () => {
  const archive = zip([
    { name: 'lists/users.csv', text: 'User id\r\n' },
    { name: 'b', text: 'stored', method: 0 },
  ])
  const change = fc.tuple(fc.nat(archive.length - 1), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = Buffer.from(archive)
      for (const [at, byte] of changes) bytes[at] = byte
      await using world = await unpacked(bytes)
      if (!world.outcome.ok) expect(world.outcome.message).toMatch(/^The archive.*\.$/)
      else for (const file of world.outcome.files) expect(existsSync(join(world.into, file))).toBe(true)
    }),
    runs(500),
  )
})
