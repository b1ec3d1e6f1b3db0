import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readListFile } from '../../../src/list/read.ts'

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
  await symlink(join(base, 'outside.csv'), join(workspace, 'link.csv'))
  await symlink(base, join(workspace, 'up'))
  await symlink(join('lists', 'users.csv'), join(workspace, 'inside.csv'))
})

afterAll(() => rm(base, { recursive: true }))

describe('a file of the workspace', () => {
  test.each([
    ['lists/users.csv', 'lists/users.csv'],
    ['./lists//users.csv', 'lists/users.csv'],
    ['lists/../lists/users.csv', 'lists/users.csv'],
    ['inside.csv', 'lists/users.csv'],
    ['..users.csv', '..users.csv'],
  ])('%s is read', async (path, relative) => {
    expect(await readListFile(workspace, path)).toMatchObject({ ok: true, relative })
  })

  test.each([
    '../outside.csv',
    'lists/../../outside.csv',
    '../work-2/users.csv',
    '/etc/passwd',
    'link.csv',
    'up/outside.csv',
    'up/../../outside.csv',
    '.',
    '',
    'lists/users.csv\0.txt',
  ])('%j is outside', async (path) => {
    expect(await readListFile(workspace, path)).toMatchObject({ ok: false, reason: 'outside' })
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
