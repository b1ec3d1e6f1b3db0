import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { describe, expect, test, vi } from 'vitest'

/** The rooms of the house, from the top down: each imports only what stands below it. */
const ROOMS: readonly string[] = [
  'index.ts',
  'main.ts',
  'post.ts',
  'publish',
  'subject',
  'look',
  'rollout',
  'approval',
  'ledger',
  'job.ts',
  'settings',
  'notes.ts',
  'plan',
  'report',
  'atlassian',
  'github',
  'list',
  'world',
  'log.ts',
  'account',
  'text',
]

const FILES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path.endsWith('.ts'))

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g

/** What a file imports of the house, dynamic imports and types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(join('src', path), 'utf8')
  return [...text.matchAll(IMPORT)].map(([, to = '']) =>
    relative('.', normalize(join(dirname(path), to)))
      .split(sep)
      .join('/'),
  )
}

const roomOf = (path: string): string => path.split('/')[0] ?? ''
const floorOf = (path: string): number => ROOMS.indexOf(roomOf(path))

test('every file stands in a room that has its place', () => {
  expect(FILES.filter((path) => floorOf(path) < 0)).toEqual([])
  expect(ROOMS.filter((room) => !FILES.some((path) => roomOf(path) === room))).toEqual([])
})

test('a room imports only what stands below it, so that rooms form no circle', () => {
  const up = FILES.flatMap((path) =>
    importsOf(path)
      .filter((to) => roomOf(to) !== roomOf(path) && floorOf(to) <= floorOf(path))
      .map((to) => `${path} → ${to}`),
  )
  expect(up).toEqual([])
})

test('the check sees imports of every kind', () => {
  expect(importsOf('main.ts')).toContain('look/look.ts')
  expect(importsOf('look/look.ts')).toContain('account/facts.ts')
})

describe('the files of a room form no circle', () => {
  test.each([...new Set(FILES.map(roomOf))])('%s', (room) => {
    const circles: string[] = []
    const walk = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '))
      else for (const to of importsOf(path)) if (roomOf(to) === room) walk(to, [...way, path])
    }
    for (const path of FILES) if (roomOf(path) === room) walk(path, [])
    expect(circles).toEqual([])
  })
})

test('no file is longer than three hundred lines', () => {
  expect(FILES.filter((path) => readFileSync(join('src', path), 'utf8').split('\n').length > 301)).toEqual([])
})

test('nothing runs when a file is imported, but what the runner starts', async () => {
  const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const before = { listeners: listeners(), env: { ...process.env }, exitCode: process.exitCode }
  const print = vi.spyOn(process.stdout, 'write')
  for (const path of FILES) if (path !== 'index.ts') await import(join('../../src', path))
  const printed = print.mock.calls.length
  print.mockRestore()
  expect({ listeners: listeners(), env: { ...process.env }, exitCode: process.exitCode }).toEqual(before)
  expect(printed).toBe(0)
})
