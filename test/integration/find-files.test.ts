import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/world/clock.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { listBefore, runFind } from './find-scene.ts'
import { ADMIN, openScene, openTimed, TARGETS, VICTIM } from './scene.ts'

const BEFORE = listBefore([[VICTIM, '2020-01-01']])
const inputs = { 'users-file': 'users.csv' }
const files = { 'users.csv': BEFORE }

describe('a find that does not come to its end leaves the list as it was', () => {
  test.each([
    ['refused by a guard without the network', { exclude: 'grop:x' }, 'invalid-input'],
    ['refused for its key', { 'api-key': 'another-key' }, 'key-rejected'],
    ['refused for its executing user', { 'executing-user': 'nobody@example.com' }, 'executing-user-unknown'],
    ['refused without a key', { 'api-key': '' }, 'key-missing'],
    ['refused for the organization', { 'organization-id': 'org-2' }, 'directory-unreadable'],
  ])('%s', async (_, wrong, reason) => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { inputs: { ...inputs, ...wrong }, files })
    expect(found.outputs).toMatchObject({ outcome: 'refused', reason })
    expect([found.file, found.list]).toEqual([BEFORE, ''])
  })

  test('refused for a page of the directory whose end cannot be told', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'search', times: 1, fault: FAULTS.members({ links: [] }) })
    const found = await runFind(standIn, { inputs, files })
    expect(found.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect([found.file, found.list]).toEqual([BEFORE, ''])
  })

  test('cancelled while it reads', async () => {
    await using timed = await openTimed((behaviour) => openScene({}, behaviour))
    const ran = await timed.run({
      inputs: { mode: 'find', 'organization-id': 'org-1', waive: '', ...inputs },
      files,
      cancelAfter: 50,
    })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
    expect(ran.log).toContain('so no list was written')
    expect(readFileSync(join(ran.env.GITHUB_WORKSPACE ?? '', 'users.csv'), 'utf8')).toBe(BEFORE)
    expect(existsSync(join(ran.folder, 'users.csv'))).toBe(false)
  })

  test('cancelled when everybody is read, before the list is written', async () => {
    await using standIn = await openScene()
    let cancel = (): void => undefined
    // The way to Atlassian is closed last; nothing else sleeps for so long.
    const sleep: Clock['sleep'] = (milliseconds, signal) => {
      if (milliseconds === 100) cancel()
      return systemClock.sleep(milliseconds, signal)
    }
    const onCancel = (handler: () => void): void => {
      cancel = handler
    }
    const found = await runFind(standIn, { inputs, files, onCancel, clock: { ...systemClock, sleep } })
    expect(found.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', planned: '4' })
    expect([found.file, found.list]).toEqual([BEFORE, ''])
  })

  test('cut short by its deadline', async () => {
    await using timed = await openTimed((behaviour) => openScene({}, behaviour))
    timed.standIn.organization.latency = 90_000
    const ran = await timed.run({
      inputs: { mode: 'find', 'organization-id': 'org-1', waive: '', 'deadline-minutes': '1', ...inputs },
      files,
    })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline' })
    expect(readFileSync(join(ran.env.GITHUB_WORKSPACE ?? '', 'users.csv'), 'utf8')).toBe(BEFORE)
  })
})

test('the file is replaced whole, and nothing is left beside it', async () => {
  await using standIn = await openScene()
  const found = await runFind(standIn, { inputs, files })
  expect(found.file).toBe(found.list)
  expect(readdirSync(found.env.GITHUB_WORKSPACE ?? '')).toEqual(['users.csv'])
})

test('a link that comes to its place while the run reads fails the run, which says so and publishes everybody', async () => {
  await using standIn = await openScene()
  let workspace = ''
  const stage = (at: string): void => {
    workspace = at
  }
  standIn.organization.onCall = () => {
    rmSync(join(workspace, 'users.csv'))
    symlinkSync('other.csv', join(workspace, 'users.csv'))
    standIn.organization.onCall = () => undefined
  }
  const found = await runFind(standIn, { inputs, files: { ...files, 'other.csv': 'mine' }, stage })
  expect(found.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', planned: '4' })
  expect(found.log).toMatch(/^::error .*The run failed unexpectedly: .*a symbolic link is on the way there/m)
  expect(found.rows.filter(({ state }) => state === 'planned')).toHaveLength(4)
  expect([found.exitCode, found.file]).toEqual([1, 'mine'])
})

describe('users-file is refused, and nothing is asked,', () => {
  const staged = (stage: (workspace: string) => void, more: Readonly<Record<string, string>>) => ({ stage, more })
  test.each([
    [
      'where it is a link',
      staged((at) => symlinkSync('users.csv', join(at, 'link.csv')), { 'users-file': 'link.csv' }),
    ],
    [
      'where it is a link to nothing',
      staged((at) => symlinkSync('none.csv', join(at, 'link.csv')), { 'users-file': 'link.csv' }),
    ],
    [
      'where a link is on the way',
      staged(
        (at) => {
          mkdirSync(join(at, 'real'))
          symlinkSync('real', join(at, 'lists'))
        },
        { 'users-file': 'lists/new.csv' },
      ),
    ],
    ['where it leads out of the workspace', staged(() => undefined, { 'users-file': '../users.csv' })],
    ['where it is a folder', staged((at) => mkdirSync(join(at, 'a.csv')), { 'users-file': 'a.csv' })],
    ['where a file is on the way', staged(() => undefined, { 'users-file': 'users.csv/new.csv' })],
    [
      'where the exclusions are a link to it',
      staged((at) => symlinkSync('users.csv', join(at, 'keep.txt')), {
        'users-file': 'users.csv',
        'exclude-file': 'keep.txt',
      }),
    ],
    [
      'where the inclusions are the same file by another name',
      staged((at) => linkSync(join(at, 'users.csv'), join(at, 'only.txt')), {
        'users-file': 'users.csv',
        'include-file': 'only.txt',
      }),
    ],
  ])('%s', async (_, { stage, more }) => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { inputs: more, files, stage })
    expect(found.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
    expect(found.log).toContain('users-file')
    const workspace = found.env.GITHUB_WORKSPACE ?? ''
    expect(readFileSync(join(workspace, 'users.csv'), 'utf8')).toBe(BEFORE)
    expect(standIn.organization.calls).toEqual([])
  })
})

describe('names and addresses', () => {
  const PUBLIC = { repository: { private: false, visibility: 'public' } }
  const PRIVATE = { repository: { private: true, visibility: 'private' } }

  test.each([
    ['auto', PUBLIC, 'refused'],
    ['masked', PUBLIC, 'refused'],
    ['full', PUBLIC, 'planned'],
    ['auto', PRIVATE, 'planned'],
    ['masked', PRIVATE, 'planned'],
  ])('with privacy %s in %j: %s', async (privacy, event, outcome) => {
    await using standIn = await openScene()
    const found = await runFind(standIn, {
      inputs: { privacy },
      files: { 'event.json': JSON.stringify(event) },
      event: 'event.json',
    })
    expect(found.outputs.outcome).toBe(outcome)
    if (outcome === 'refused') {
      expect(found.outputs.reason).toBe('invalid-input')
      expect(standIn.organization.calls).toEqual([])
      return
    }
    expect(found.list).toContain(`${VICTIM}@example.com`)
    expect([...found.people.keys()]).toEqual(TARGETS.toSorted())
    const shown = [
      found.log,
      found.summary,
      ...found.rows.map(({ email = '', last_active = '' }) => email + last_active),
    ].join()
    expect(shown.includes(`${VICTIM}@`)).toBe(privacy !== 'masked')
    expect(shown.includes('2026-01-01')).toBe(privacy !== 'masked')
    expect(shown).toContain(ADMIN)
  })
})
