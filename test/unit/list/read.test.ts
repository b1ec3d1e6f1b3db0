import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readListFile } from '../../../src/world/files.ts'

const windows = process.platform === 'win32'
let base = ''
let workspace = ''

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lists-'))
  workspace = join(base, 'work')
  await mkdir(join(workspace, 'lists'), { recursive: true })
  await mkdir(join(base, 'work-2'))
  await writeFile(join(workspace, 'lists', 'users.csv'), 'User id\n')
  await writeFile(join(workspace, '..users.csv'), 'dots')
  await writeFile(join(base, 'outside.csv'), 'outside')
  await writeFile(join(base, 'work-2', 'users.csv'), 'neighbour')
  // On Windows a link to a folder is a junction, which everybody may make; one to a file needs a privilege.
  await symlink(base, join(workspace, 'up'), 'junction')
  await symlink(join(workspace, 'lists'), join(workspace, 'inside'), 'junction')
  if (windows) return
  await symlink(join(base, 'outside.csv'), join(workspace, 'link.csv'))
  await symlink(join('lists', 'users.csv'), join(workspace, 'inside.csv'))
})

afterAll(() => rm(base, { recursive: true }))

describe('a file of the workspace', () => {
  test.each([
    ['lists/users.csv', 'lists/users.csv'],
    ['./lists//users.csv', 'lists/users.csv'],
    ['lists/../lists/users.csv', 'lists/users.csv'],
    ['inside/users.csv', 'lists/users.csv'],
    ['..users.csv', '..users.csv'],
  ])('%s is read', async (path, relative) => {
    expect(await readListFile(workspace, path)).toMatchObject({ ok: true, relative })
  })

  test.each([
    '../outside.csv',
    'lists/../../outside.csv',
    '../work-2/users.csv',
    '/etc/passwd',
    'up/outside.csv',
    'up/../../outside.csv',
    '.',
    '',
    'lists/users.csv\0.txt',
  ])('%j is outside', async (path) => {
    expect(await readListFile(workspace, path)).toMatchObject({ ok: false, reason: 'outside' })
  })

  test.skipIf(windows)('is read through a link to it, where that does not lead out', async () => {
    expect(await readListFile(workspace, 'inside.csv')).toMatchObject({ ok: true, relative: 'lists/users.csv' })
    expect(await readListFile(workspace, 'link.csv')).toMatchObject({ ok: false, reason: 'outside' })
  })

  test.runIf(windows)('is read by a path with backslashes, and told with slashes', async () => {
    for (const path of ['lists\\users.csv', 'LISTS\\Users.csv', join(workspace, 'lists', 'users.csv')]) {
      expect(await readListFile(workspace, path)).toMatchObject({ ok: true, relative: 'lists/users.csv' })
    }
    for (const path of ['..\\outside.csv', '\\users.csv', '\\\\server\\share\\users.csv']) {
      expect(await readListFile(workspace, path)).toMatchObject({ ok: false, reason: 'outside' })
    }
  })

  test.each([
    ['missing.csv', 'missing'],
    ['lists/users.csv/more', 'missing'],
    ['lists', 'not-a-file'],
  ])('%s is refused as %s', async (path, reason) => {
    expect(await readListFile(workspace, path)).toMatchObject({ ok: false, reason })
  })

  test('a file at the limit is read, a larger one is refused with both sizes', async () => {
    expect(await readListFile(workspace, 'lists/users.csv', 8)).toMatchObject({ ok: true })
    expect(await readListFile(workspace, 'lists/users.csv', 7)).toMatchObject({
      ok: false,
      reason: 'too-large',
      message: expect.stringMatching(/8 bytes.*7/),
    })
  })
})
