import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/ledger/events.ts'
import { openJournal } from '../../../src/ledger/journal.ts'
import { at, events, FIRST } from './builders.ts'
import { createDisk, type Disk } from './disk.ts'

const intent = (account: string): JournalEvent => ({
  event: 'intent',
  at: at(0),
  account,
  change: 'deactivate',
  attempt: 1,
  canary: false,
})
const stopped: JournalEvent = { event: 'stop', at: at(0), cause: 'cancelled' }
const linesOf = (text: string): JournalEvent[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEvent]))
const namesOf = (text: string): string[] => linesOf(text).map(({ event }) => event)

async function journalPath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'journal-')), 'journal.jsonl')
}

/** What the journal tells about failures from now on. */
function toldOf({ broken }: ReturnType<typeof openJournal>): readonly unknown[] {
  const told: unknown[] = []
  broken.addEventListener('abort', () => told.push(broken.reason))
  return told
}

/** A journal on a disk of a test, begun, with what it was told about failures. */
function onDisk(): { disk: Disk; journal: ReturnType<typeof openJournal>; told: readonly unknown[] } {
  const disk = createDisk()
  const journal = openJournal('journal.jsonl', disk)
  const told = toldOf(journal)
  journal.begin(FIRST)
  return { disk, journal, told }
}

describe('on a disk with room', () => {
  test('the first line names the run, also when something happened before it was known', async () => {
    const path = await journalPath()
    const journal = openJournal(path)
    journal.append(stopped)
    expect(await readFile(path, 'utf8')).toBe('')
    journal.begin(FIRST)
    journal.append(intent('a'))
    await journal.toDisk()
    const text = await readFile(path, 'utf8')
    expect(linesOf(text)).toEqual([FIRST, stopped, intent('a')])
    expect(text.endsWith('}\n')).toBe(true)
    journal.close()
  })

  test('begins once', () => {
    const { disk, journal } = onDisk()
    journal.begin({ ...FIRST, run: 'another' })
    expect(linesOf(disk.text())).toEqual([FIRST])
  })

  test('what was appended can be read before the journal is closed, and many can wait for the disk at once', async () => {
    const path = await journalPath()
    const journal = openJournal(path)
    journal.begin(FIRST)
    await Promise.all(
      Array.from({ length: 50 }, async (_, number) => {
        journal.append(intent(`account-${number}`))
        expect(await journal.toDisk()).toBe(true)
        expect(await readFile(path, 'utf8')).toContain(`"account-${number}"`)
      }),
    )
    journal.close()
  })

  test('is never written over an older one', async () => {
    const path = await journalPath()
    await writeFile(path, 'older')
    expect(() => openJournal(path)).toThrow('EEXIST')
    expect(await readFile(path, 'utf8')).toBe('older')
  })

  test.each([1, 2, 3, 7, 64])('%i bytes a write make whole lines all the same', async (most) => {
    const { disk, journal } = onDisk()
    disk.most = most
    const odd: JournalEvent = { event: 'pause', at: at(0), until: at(1), why: 'müde 😀\n"quoted"\u2028' }
    for (const event of [odd, intent('a'), odd]) journal.append(event)
    expect(await journal.toDisk()).toBe(true)
    expect(linesOf(disk.text())).toEqual([FIRST, odd, intent('a'), odd])
    expect(disk.text().split('\n')).toHaveLength(5)
  })

  test('waits that meet share one write to the disk; what comes while one runs is covered by the next', async () => {
    const { disk, journal } = onDisk()
    disk.holdSyncs = true
    journal.append(intent('a'))
    const first = journal.toDisk()
    journal.append(intent('b'))
    const [second, third] = [journal.toDisk(), journal.toDisk()]
    let isThrough = false
    const late = Promise.all([second, third]).then(() => {
      isThrough = true
    })
    disk.letThrough()
    expect(await first).toBe(true)
    await Promise.resolve()
    expect([disk.syncs, isThrough]).toEqual([2, false])
    disk.letThrough()
    await late
    expect([disk.syncs, isThrough]).toEqual([2, true])
  })

  test('takes nothing more once it is closed', () => {
    const { disk, journal } = onDisk()
    journal.close()
    journal.append(stopped)
    expect(namesOf(disk.text())).toEqual(['run'])
    expect(journal.retry()).toEqual([])
  })
})

describe('on a disk that is full', () => {
  const all = [...events('intent done inactive', 'a'), ...events('intent ambiguous', 'b')]
  const lines = all.map((event) => `${JSON.stringify(event)}\n`)
  const whole = Buffer.byteLength(lines.join(''))

  test('wherever the room ends, only whole lines are left, in order; the rest is kept and written when there is room', async () => {
    for (let room = 0; room < whole; room++) {
      const { disk, journal, told } = onDisk()
      disk.room = room
      for (const event of all) journal.append(event)
      const [first, ...written] = linesOf(disk.text())
      expect(first).toEqual(FIRST)
      expect(written).toEqual(all.slice(0, written.length))
      expect(told).toHaveLength(1)
      expect(await journal.toDisk()).toBe(false)
      // Later lines wait for those before them, also where they would fit.
      expect(journal.retry()).toEqual(lines.slice(written.length))
      expect(linesOf(disk.text())).toHaveLength(written.length + 1)
      disk.room = Number.POSITIVE_INFINITY
      expect(journal.retry()).toEqual([])
      expect(linesOf(disk.text())).toEqual([FIRST, ...all])
    }
  })

  test('says so once, at once, and nothing counts as on the disk any more', async () => {
    const { disk, journal, told } = onDisk()
    journal.append(intent('a'))
    expect([await journal.toDisk(), told]).toEqual([true, []])
    disk.room = 10
    journal.append(intent('b'))
    expect(told).toMatchObject([{ code: 'ENOSPC' }])
    disk.room = Number.POSITIVE_INFINITY
    journal.append(intent('c'))
    expect(told).toHaveLength(1)
    expect(await journal.toDisk()).toBe(false)
    expect([namesOf(disk.text()), disk.syncs]).toEqual([['run', 'intent'], 1])
  })

  test('a little room lets through what fits, and keeps the rest', () => {
    const { disk, journal } = onDisk()
    disk.room = 0
    for (const event of all) journal.append(event)
    disk.room = Buffer.byteLength(`${lines[0]}${lines[1]}`) + 5
    expect(journal.retry()).toEqual(lines.slice(2))
    expect(linesOf(disk.text())).toEqual([FIRST, all[0], all[1]])
  })

  test('a torn line that cannot be cut off is cut off before the next is written', () => {
    const { disk, journal } = onDisk()
    disk.failing.add('truncate')
    disk.room = 20
    journal.append(intent('a'))
    expect(disk.text().endsWith('\n')).toBe(false)
    expect(journal.retry()).toHaveLength(1)
    disk.failing.clear()
    disk.room = Number.POSITIVE_INFINITY
    expect(journal.retry()).toEqual([])
    expect(linesOf(disk.text())).toEqual([FIRST, intent('a')])
  })

  test('a write that takes nothing and says nothing is no endless loop', () => {
    const disk = { ...createDisk(), write: () => 0 }
    const journal = openJournal('journal.jsonl', disk)
    const told = toldOf(journal)
    journal.begin(FIRST)
    expect(told).toMatchObject([{ message: expect.stringContaining('no room') }])
  })

  test('what came before the first line is kept with it', () => {
    const disk = createDisk()
    disk.room = 0
    const journal = openJournal('journal.jsonl', disk)
    journal.append(stopped)
    journal.begin(FIRST)
    expect(journal.retry()).toHaveLength(2)
    disk.room = Number.POSITIVE_INFINITY
    expect(journal.retry()).toEqual([])
    expect(linesOf(disk.text())).toEqual([FIRST, stopped])
  })
})

test('a disk that does not take what was written makes the same of it', async () => {
  const { disk, journal, told } = onDisk()
  disk.failing.add('sync')
  journal.append(intent('a'))
  const both = [journal.toDisk(), journal.toDisk()]
  expect(await Promise.all(both)).toEqual([false, false])
  expect([told.length, disk.syncs]).toEqual([1, 1])
  disk.failing.clear()
  journal.append(intent('b'))
  expect(await journal.toDisk()).toBe(false)
  expect(journal.retry()).toEqual([])
  expect(linesOf(disk.text())).toEqual([FIRST, intent('a'), intent('b')])
})
