import { describe, expect, test } from 'vitest'
import { readContext } from '../../../src/github/context.ts'
import { namesRefused, resolvePrivacy } from '../../../src/settings/privacy.ts'
import { type Given, noticesOf, problemsOf, settingsOf } from './given.ts'

const FIND: Given = { mode: 'find', 'users-file': '', 'organization-id': 'o' }

test('find needs no list, and no file to write to', () => {
  expect(settingsOf(FIND)).toMatchObject({ mode: 'find', usersFile: '', idleDays: 0, noticeDays: 0 })
  const all: Given = {
    ...FIND,
    'users-file': 'a/leavers.csv',
    'idle-days': '90',
    'notice-days': '30',
    'organization-id': 'o',
  }
  expect(settingsOf(all)).toMatchObject({ usersFile: 'a/leavers.csv', idleDays: 90, noticeDays: 30 })
  expect(noticesOf(all)).toEqual([])
})

describe('the file that find writes', () => {
  test.each([
    'leavers.csv',
    'LEAVERS.CSV',
    './lists/leavers of 2026.csv',
    'git/hub.csv',
    'lists.git/x.csv',
    '.gitlab/x.csv',
    'a.github.csv',
  ])('may be %j', (path) => {
    expect(problemsOf({ ...FIND, 'users-file': path })).toEqual([])
  })

  test.each([
    ...['leavers', 'leavers.csv.txt', 'leavers.xlsx', 'lists/', '.github/workflows/apply.yml', 'csv'],
    ...['.git/x.csv', 'a/.git/hooks/x.csv', '.github/x.csv', './a/../.github/x.csv', '.GIT/x.csv', '.GitHub\\x.csv'],
    ...['.git./x.csv', '.git /x.csv', 'GIT~1/x.csv', 'github~1/x.csv', '.git::$INDEX_ALLOCATION/x.csv'],
  ])('may not be %j', (path) => {
    expect(problemsOf({ ...FIND, 'users-file': path })).toEqual([
      `Input "users-file": found "${path}", but mode "find" writes its list there; allowed: a path that ends in ".csv", leads through no ".git" or ".github", and is not that of "exclude-file" or "include-file".`,
    ])
  })

  test.each<[Given]>([
    [{ 'users-file': 'keep.csv', 'exclude-file': 'keep.csv' }],
    [{ 'users-file': './lists/../keep.csv', 'exclude-file': 'keep.csv' }],
    [{ 'users-file': 'a/KEEP.csv', 'include-file': 'a//keep.csv' }],
    [{ 'users-file': 'a\\keep.csv', 'include-file': 'a/keep.csv' }],
    [{ 'users-file': '/work/repo/keep.csv', 'include-file': 'keep.csv' }],
    [{ 'users-file': 'e\u0301.csv', 'include-file': '\u00e9.csv' }],
  ])('may not be that of the rules: %j', (given) => {
    expect(problemsOf({ ...FIND, ...given }, { GITHUB_WORKSPACE: '/work/repo' })).toEqual([
      expect.stringContaining('is not that of "exclude-file" or "include-file"'),
    ])
  })

  test('is any path where it is read only', () => {
    expect(problemsOf({ mode: 'apply', 'users-file': '.github/list.txt', 'exclude-file': '.github/list.txt' })).toEqual(
      [],
    )
  })
})

test('find asks for the organization', () => {
  expect(problemsOf({ ...FIND, 'organization-id': '', 'idle-days': '90' })).toEqual([
    'Input "organization-id": found nothing, but mode "find" needs the organization whose directory it reads.',
  ])
})

describe('idle-days', () => {
  test.each(['plan', 'apply'])('in %s asks for the directory', (mode) => {
    expect(problemsOf({ mode, 'users-file': 'a.csv', 'idle-days': '90' })).toEqual([
      'Input "idle-days": found "90", but only the directory tells who was active when. Set "organization-id", or leave "idle-days" out.',
    ])
    expect(settingsOf({ mode, 'users-file': 'a.csv', 'idle-days': '90', 'organization-id': 'o' }).idleDays).toBe(90)
  })

  test('is not used by what does not ask who was active', () => {
    for (const mode of ['plan', 'restore', 'verify']) {
      const given = { mode, 'users-file': '', 'results-artifact': 'a', 'idle-days': '90' }
      expect(noticesOf(given)).toEqual([expect.stringMatching(/"idle-days"\.$/)])
    }
  })
})

describe('include-file', () => {
  test('leaves nothing of an include that was left out', () => {
    expect(settingsOf({ 'include-file': 'leash.txt' })).toMatchObject({ include: [], includeFile: 'leash.txt' })
    expect(settingsOf({ 'include-file': 'leash.txt', include: ' *\n' }).include).toEqual([])
  })

  test('adds to one that was given', () => {
    for (const include of ['a@example.com', '*@example.com', '*\n*', '* # all', '*@*']) {
      expect(settingsOf({ 'include-file': 'leash.txt', include }).include).not.toEqual([])
    }
  })

  test('does not excuse one that came to nothing', () => {
    for (const include of ['', '# nobody'])
      expect(problemsOf({ 'include-file': 'leash.txt', include })).toEqual([expect.stringContaining('"include"')])
  })

  test('changes nothing where no rule narrows', () => {
    const given: Given = { mode: 'verify', 'users-file': '', 'results-artifact': 'a', 'include-file': 'leash.txt' }
    expect(settingsOf(given).include).toMatchObject([{ kind: 'everyone' }])
  })
})

test('find writes names only where no stranger reads them, or where that is asked for', async () => {
  const refusedIn = async (visibility: string, settings: ReturnType<typeof settingsOf>) => {
    const context = readContext({}, () => JSON.stringify({ repository: { visibility } }))
    return namesRefused(settings, context, await resolvePrivacy(settings, context))
  }
  for (const mode of ['plan', 'apply', 'find'] as const) {
    for (const privacy of ['auto', 'full', 'masked'] as const) {
      const settings = settingsOf({ mode, privacy, 'organization-id': 'o' })
      expect(await refusedIn('private', settings)).toEqual([])
      const refused = mode === 'find' && privacy !== 'full'
      expect(await refusedIn('public', settings)).toEqual(
        refused ? [expect.stringMatching(new RegExp(`^Input "privacy": found "${privacy}", .*"privacy: full"`))] : [],
      )
    }
  }
})
