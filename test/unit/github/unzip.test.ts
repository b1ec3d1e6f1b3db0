import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unzip } from '../../../src/github/unzip.ts'
import { type Packed, zip } from './zip.ts'

async function unpacked(archive: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'unzip-'))
  await writeFile(join(folder, 'archive.zip'), archive)
  const into = join(folder, 'into')
  const outcome = await unzip(join(folder, 'archive.zip'), into)
  return { folder, into, outcome, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

test('files and folders are unpacked as they were packed', async () => {
  const text = 'User id\r\n557058:1\r\n'.repeat(1000)
  const archive = zip([{ name: 'lists/' }, { name: 'lists/users.csv', text }, { name: 'empty.txt' }])
  await using world = await unpacked(archive)
  expect(world.outcome).toEqual({ ok: true, files: ['empty.txt', 'lists/users.csv'] })
  expect(await readFile(join(world.into, 'lists', 'users.csv'), 'utf8')).toBe(text)
})

describe('nothing is unpacked of an archive with', () => {
  test.each<[string, Packed[], string, string]>([
    ['a path to the parent', [{ name: '../out.txt' }], 'unsafe', '"../out.txt"'],
    ['such a path inside', [{ name: 'a/../../out.txt' }], 'unsafe', 'no path inside'],
    ['an absolute path', [{ name: '/etc/out.txt' }], 'unsafe', 'no path inside'],
    ['a path of another system', [{ name: '..\\out.txt' }], 'unsafe', 'no path inside'],
    ['a drive', [{ name: 'C:out.txt' }], 'unsafe', 'no path inside'],
    ['a NUL', [{ name: 'a\u0000.txt' }], 'unsafe', 'no path inside'],
    ['a line break', [{ name: 'a\n::error::x' }], 'unsafe', 'no path inside'],
    ['no name', [{ name: '' }], 'unsafe', 'no path inside'],
    ['a symbolic link', [{ name: 'link', text: '/etc/passwd', mode: 0o120777 }], 'unsafe', 'symbolic link'],
    ['a name twice', [{ name: 'a.csv' }, { name: 'A.csv' }], 'unsafe', 'twice'],
    ['more than it may hold', [{ name: 'a', size: 0x4000_0001 }], 'too-large', '1 GiB'],
    ['a figure of ZIP64', [{ name: 'a', size: 0xffff_ffff }], 'too-large', '1 GiB'],
  ])('%s', async (_, files, reason, part) => {
    await using world = await unpacked(zip([{ name: 'good.txt', text: 'x' }, ...files]))
    expect(world.outcome).toMatchObject({ ok: false, reason, message: expect.stringContaining(part) })
    expect(existsSync(world.into)).toBe(false)
    expect(existsSync(join(world.folder, 'out.txt'))).toBe(false)
  })
})

test.each<[string, Buffer]>([
  ['no archive', Buffer.from('User id\n')],
  ['nothing', Buffer.alloc(0)],
  ['half an archive', zip([{ name: 'a', text: 'x'.repeat(500) }]).subarray(0, 40)],
  ['a wrong checksum', zip([{ name: 'a', text: 'x', crc: 1 }])],
  ['more than it says', zip([{ name: 'a', text: 'x'.repeat(100_000), size: 10 }])],
  ['an encrypted file', zip([{ name: 'a', text: 'x', flags: 0x0801 }])],
])('%s is damaged', async (_, archive) => {
  await using world = await unpacked(archive)
  expect(world.outcome).toMatchObject({ ok: false, reason: 'damaged' })
})
