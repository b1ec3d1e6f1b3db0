import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { causeOf, type Shown } from '../../../src/account/cause.ts'
import type { Change } from '../../../src/account/decision.ts'
import type { Meaning } from '../../../src/atlassian/answers.ts'
import type { AccountEvent, JournalEvent, RunEvent } from '../../../src/ledger/events.ts'
import type { Journal } from '../../../src/ledger/journal.ts'
import { timestamp } from '../../../src/world/clock.ts'
import { NOW } from '../plan/builders.ts'

/** So many seconds after the beginning, as the journal writes it. */
export function at(seconds: number): string {
  return timestamp(NOW + seconds * 1000)
}

/** HTTP status of each answer; 0 where none came. */
const STATUSES: Readonly<Record<Meaning['kind'], number>> = {
  done: 204,
  refused: 403,
  conflict: 409,
  throttled: 429,
  'key-rejected': 401,
  unsent: 0,
  ambiguous: 500,
}
const FOUND = ['active', 'inactive', 'unreadable'] as const

/**
 * What happened to one account, a word for each event, one second apart: `intent`, `canary` (an intent for one), the
 * meaning of an answer, `active`, `inactive` or `unreadable` for a read (with `!` for the last one), `gave-up`,
 * `synced` (a cause).
 */
export function events(words: string, account = 'id-1', change: Change = 'deactivate', from = 0): AccountEvent[] {
  let attempt = 0
  return words
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index): AccountEvent => {
      const common = { at: at(from + index), account }
      if (word === 'intent' || word === 'canary') {
        return { event: 'intent', ...common, change, attempt: ++attempt, canary: word === 'canary' }
      }
      if (word === 'gave-up') return { event: 'gave-up', ...common }
      if (word === 'synced') return { event: 'cause', ...common, cause: causeOf('synced', 'scim') }
      const found = FOUND.find((one) => word.replace('!', '') === one)
      if (found !== undefined) {
        const said = found === 'unreadable' ? { key: 'HTTP 503', words: 'Try later' } : { key: '', words: '' }
        return { event: 'read', ...common, found, last: word.endsWith('!'), ...said }
      }
      const meaning = word as Meaning['kind']
      const said = meaning === 'done' ? { key: '', words: '' } : { key: `key.${meaning}`, words: `Words of ${meaning}` }
      const answer = { event: 'answer', ...common, attempt, meaning, status: STATUSES[meaning], ...said } as const
      if (meaning === 'unsent') attempt--
      return answer
    })
}

/** Reads, as words. */
export const READ_WORDS = ['active', 'inactive', 'unreadable', 'active!', 'inactive!', 'unreadable!']
export const READS = fc.array(fc.constantFrom(...READ_WORDS), { maxLength: 3 })
const ANSWERS = Object.keys(STATUSES)
/** What a change is sent again after. */
const AGAIN = fc.constantFrom('intent throttled', 'intent unsent', 'intent ambiguous active active')
const END = fc.oneof(
  fc.tuple(fc.constantFrom(...ANSWERS, ''), READS).map(([answer, seen]) => ['intent', answer, ...seen].join(' ')),
  fc.constantFrom('', 'gave-up'),
)

/**
 * One account's way through a run, as words: sent again as often as it was not told or undone, then one answer, which
 * may be missing, and reads.
 */
export const HISTORY = fc
  .tuple(fc.array(AGAIN, { maxLength: 3 }), END)
  .map(([before, last]) => [...before, last].join(' '))

export const FIRST: Extract<RunEvent, { event: 'run' }> = {
  event: 'run',
  schemaVersion: 1,
  at: at(0),
  run: 'https://github.com/acme/users/actions/runs/7/attempts/1',
  mode: 'apply',
  digest: 'sha256:0',
}

/** A folder for the result files, in one of its own. */
export function resultsFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'ledger-')), 'results')
  mkdirSync(folder)
  return folder
}

/** A journal in memory. */
export function memoryJournal(): Journal & { readonly events: readonly JournalEvent[] } {
  const events: JournalEvent[] = []
  return {
    events,
    broken: new AbortController().signal,
    begin: (event) => void events.unshift(event),
    append: (event) => void events.push(event),
    toDisk: async () => true,
    retry: () => [],
    close: () => undefined,
  }
}

/** Shows everything. */
export const PLAIN: Shown = { text: (text) => text, words: (text) => text }
