import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJournal, parseJournal } from '../../../src/ledger/journal.ts'

const at = '2026-11-23T12:00:00.000Z'
const first = { event: 'run', schemaVersion: 1, at, run: 'r', mode: 'apply', digest: 'sha256:0' } as const
const intent = (account: string) => ({ event: 'intent', at, account, change: 'deactivate', attempt: 1 }) as const

async function journalPath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'journal-')), 'journal.jsonl')
}

test('the first line names the run, also when something happened before it was known', async () => {
  const path = await journalPath()
  const journal = openJournal(path, (line) => line)
  journal.append({ event: 'stop', at, cause: 'cancelled' })
  journal.begin(first)
  journal.append(intent('a'))
  await journal.toDisk()
  const events = parseJournal(await readFile(path, 'utf8'))
  expect(events.map(({ event }) => event)).toEqual(['run', 'stop', 'intent'])
  expect(events[0]).toEqual(first)
  journal.close()
})

test('what was appended can be read before the journal is closed, and many can wait for the disk at once', async () => {
  const path = await journalPath()
  const journal = openJournal(path, (line) => line)
  journal.begin(first)
  await Promise.all(
    Array.from({ length: 50 }, async (_, number) => {
      journal.append(intent(`account-${number}`))
      await journal.toDisk()
      expect(await readFile(path, 'utf8')).toContain(`"account-${number}"`)
    }),
  )
  journal.close()
})

test('every line is cleaned of what must not be shown', async () => {
  const path = await journalPath()
  const journal = openJournal(path, (line) => line.replaceAll('secret', '***'))
  journal.begin({ ...first, run: 'secret' })
  journal.append(intent('secret'))
  expect(await readFile(path, 'utf8')).not.toContain('secret')
  journal.close()
})

test('a torn last line is passed over', () => {
  const text = `${JSON.stringify(first)}\n${JSON.stringify(intent('a'))}\n{"event":"answ`
  expect(parseJournal(text)).toEqual([first, intent('a')])
})
