import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readListFile } from '../../../src/world/files.ts'

const windows = process.platform === 'win32'
let base = ''
let workspace = ''

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'workspace-'))
  workspace = join(base, 'work')
  await mkdir(workspace)
  await writeFile(join(workspace, 'users.csv'), 'User id\n')
  await writeFile(join(base, 'outside.csv'), 'outside')
  await mkdir(join(workspace, 'lists'))
  await writeFile(join(workspace, 'lists', 'keep.txt'), '*@example.com\n')
  await symlink(join(workspace, 'lists'), join(workspace, 'current'), 'junction')
  // On Windows these are junctions, which everybody may make; other links need a privilege.
  await symlink(workspace, join(base, 'linked'), 'junction')
  await symlink(join(workspace, 'loop.csv'), join(workspace, 'loop.csv'), 'junction')
  await symlink(join(workspace, 'gone.csv'), join(workspace, 'dangling.csv'), 'junction')
  if (!windows) execFileSync('mkfifo', [join(workspace, 'pipe.csv')])
})

afterAll(() => rm(base, { recursive: true }))

test('an absolute path into the workspace is read, one beside it is not', async () => {
  expect(await readListFile(workspace, join(workspace, 'users.csv'))).toMatchObject({ ok: true, relative: 'users.csv' })
  expect(await readListFile(workspace, join(base, 'outside.csv'))).toMatchObject({ ok: false, reason: 'outside' })
})

test('a workspace that is reached through a link is read by either of its names', async () => {
  const linked = join(base, 'linked')
  for (const path of ['users.csv', join(linked, 'users.csv')]) {
    expect(await readListFile(linked, path)).toMatchObject({ ok: true, relative: 'users.csv' })
  }
  expect(await readListFile(linked, join(base, 'outside.csv'))).toMatchObject({ ok: false, reason: 'outside' })
  expect(await readListFile(linked, '../outside.csv')).toMatchObject({ ok: false, reason: 'outside' })
})

describe('a path is told as it was written, beside where it led:', () => {
  test.each([
    ['users.csv', 'users.csv', 'users.csv'],
    ['./lists/../users.csv', 'users.csv', 'users.csv'],
    ['lists/keep.txt', 'lists/keep.txt', 'lists/keep.txt'],
    ['current/keep.txt', 'current/keep.txt', 'lists/keep.txt'],
    // Not what the system would make of it: there ".." leads out of where the link leads to.
    ['current/../users.csv', 'users.csv', 'users.csv'],
  ])('%s', async (path, written, relative) => {
    for (const folder of [workspace, join(base, 'linked')]) {
      expect(await readListFile(folder, path)).toMatchObject({ ok: true, written, relative })
      expect(await readListFile(folder, join(folder, path))).toMatchObject({ ok: true, written, relative })
    }
  })

  // On Windows only folders can be linked by everybody.
  test.skipIf(windows)('a link to a file', async () => {
    await symlink('lists/keep.txt', join(workspace, 'keep.txt'))
    expect(await readListFile(workspace, 'keep.txt')).toMatchObject({ written: 'keep.txt', relative: 'lists/keep.txt' })
  })
})

test('a link that leads nowhere is missing, one that leads to itself is unreadable', async () => {
  expect(await readListFile(workspace, 'dangling.csv')).toMatchObject({ ok: false, reason: 'missing' })
  expect(await readListFile(workspace, 'loop.csv')).toMatchObject({ ok: false, reason: 'unreadable' })
})

// Windows has no pipes among its files.
test.skipIf(windows)('a pipe is refused without waiting for it', async () => {
  expect(await readListFile(workspace, 'pipe.csv')).toMatchObject({ ok: false, reason: 'not-a-file' })
})

// Files of the proc file system say that they are empty, and are not: like a file that is still being written.
test.skipIf(process.platform !== 'linux')(
  'a file that holds more than it says is refused, never read in part',
  async () => {
    expect(await readListFile('/proc', 'sys/kernel/ostype')).toMatchObject({ ok: false, reason: 'unreadable' })
  },
)
