import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { isChanged, type State } from '../../../src/account/result.ts'
import { type Fate, fold, untouched, withFate } from '../../../src/ledger/fold.ts'
import { contradictionIn } from '../../../src/report/contradictions.ts'
import { runs } from '../../runs.ts'
import { at, events, HISTORY, READ_WORDS, READS } from './builders.ts'

type Wanted = 'active' | 'inactive'

function fateOf(words: string, wanted: Wanted = 'inactive', start: State = 'not-attempted'): Fate {
  const change = wanted === 'inactive' ? 'deactivate' : 'restore'
  return events(words, 'id-1', change).reduce((fate, event) => fold(fate, event, wanted), untouched(start))
}

/** What happened, then state, verified, cause and how many requests may still land. */
const TABLE: readonly (readonly [string, State, Fate['verified'], string, number])[] = [
  ['', 'not-attempted', '', '', 0],
  // A request is under way: a crash leaves it so.
  ['intent', 'unknown', '', 'run-ended', 1],
  ['canary', 'unknown', '', 'run-ended', 1],
  ['intent done', 'deactivated', '', '', 0],
  ['intent refused', 'failed', '', 'refused', 0],
  ['intent conflict', 'unknown', '', 'refused', 0],
  ['intent throttled', 'not-attempted', '', 'throttled', 0],
  ['intent key-rejected', 'not-attempted', '', 'key-rejected', 0],
  ['intent unsent', 'not-attempted', '', 'unreachable', 0],
  ['intent ambiguous', 'unknown', '', 'answer-lost-unread', 1],
  // Read back after it was changed: whatever a read shows, the change was made.
  ['intent done inactive', 'deactivated', 'yes', '', 0],
  ['intent done active', 'deactivated', 'no', '', 0],
  ['intent done active!', 'deactivated', 'no', '', 0],
  ['intent done unreadable', 'deactivated', 'unread', 'not-read-back', 0],
  ['intent done unreadable!', 'deactivated', 'unread', 'not-read-back', 0],
  ['intent done active inactive', 'deactivated', 'yes', '', 0],
  ['intent done unreadable inactive', 'deactivated', 'yes', '', 0],
  ['intent done unreadable active', 'deactivated', 'no', '', 0],
  ['intent done active unreadable', 'deactivated', 'unread', 'not-read-back', 0],
  // Active again after it was seen changed.
  ['intent done inactive active', 'deactivated', 'no', 'undone', 0],
  ['intent done inactive active active', 'deactivated', 'no', 'undone', 0],
  ['intent done inactive active inactive', 'deactivated', 'yes', '', 0],
  ['intent done inactive unreadable', 'deactivated', 'unread', 'not-read-back', 0],
  ['intent done inactive inactive', 'deactivated', 'yes', '', 0],
  // A lost answer: only a read can tell, and only the last one that nothing came of it.
  ['intent ambiguous inactive', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous inactive!', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous active', 'unknown', '', 'answer-lost', 1],
  ['intent ambiguous active!', 'failed', '', 'answer-lost', 1],
  ['intent ambiguous unreadable', 'unknown', '', 'answer-lost-unread', 1],
  ['intent ambiguous unreadable!', 'unknown', '', 'answer-lost-unread', 1],
  ['intent ambiguous active unreadable!', 'unknown', '', 'answer-lost-unread', 1],
  ['intent ambiguous unreadable active!', 'failed', '', 'answer-lost', 1],
  ['intent ambiguous active inactive!', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous inactive inactive', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous inactive active', 'deactivated', 'no', 'undone', 0],
  ['intent ambiguous gave-up', 'unknown', '', 'answer-lost-unread', 1],
  ['intent inactive', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent active', 'unknown', '', 'answer-lost', 1],
  ['intent active!', 'failed', '', 'answer-lost', 1],
  // Sent again after a read that shows it undone: the first one may still land.
  ['intent ambiguous active intent', 'unknown', '', 'run-ended', 2],
  ['intent ambiguous active intent done', 'deactivated', '', '', 0],
  ['intent ambiguous active intent ambiguous', 'unknown', '', 'answer-lost-unread', 2],
  ['intent ambiguous active intent ambiguous active!', 'failed', '', 'answer-lost', 2],
  ['intent ambiguous active intent refused', 'unknown', '', 'refused', 1],
  ['intent ambiguous active intent refused active', 'unknown', '', 'refused', 1],
  ['intent ambiguous active intent refused active!', 'failed', '', 'refused', 1],
  ['intent ambiguous active intent refused inactive', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous active intent refused unreadable!', 'unknown', '', 'refused', 1],
  ['intent ambiguous active intent conflict', 'unknown', '', 'refused', 1],
  ['intent ambiguous active intent conflict inactive', 'deactivated', 'yes', 'answer-lost-done', 0],
  ['intent ambiguous active intent throttled', 'unknown', '', 'throttled', 1],
  ['intent ambiguous active intent throttled gave-up', 'unknown', '', 'throttled', 1],
  ['intent ambiguous active intent key-rejected', 'unknown', '', 'key-rejected', 1],
  ['intent ambiguous active intent key-rejected unreadable', 'unknown', '', 'answer-lost-unread', 1],
  ['intent ambiguous active intent unsent', 'unknown', '', 'unreachable', 1],
  ['intent ambiguous active intent unsent gave-up', 'unknown', '', 'unreachable', 1],
  ['intent ambiguous active intent unsent active!', 'failed', '', 'answer-lost', 1],
  // 409: already so, or something stands in the way.
  ['intent conflict inactive', 'already-inactive', '', 'conflict', 0],
  ['intent conflict active', 'failed', '', 'refused', 0],
  ['intent conflict unreadable', 'unknown', '', 'refused', 0],
  // Nothing happened.
  ['intent throttled intent', 'unknown', '', 'run-ended', 1],
  ['intent throttled intent done', 'deactivated', '', '', 0],
  ['intent throttled gave-up', 'failed', '', 'throttled', 0],
  ['intent unsent intent', 'unknown', '', 'run-ended', 1],
  ['intent unsent intent done', 'deactivated', '', '', 0],
  ['intent unsent gave-up', 'failed', '', 'unreachable', 0],
  ['intent unsent intent unsent intent unsent gave-up', 'failed', '', 'unreachable', 0],
  // A rejected key leaves it not attempted, unless a read shows more.
  ['intent key-rejected unreadable', 'not-attempted', '', 'key-rejected', 0],
  ['intent key-rejected active', 'not-attempted', '', 'key-rejected', 0],
  ['intent key-rejected inactive', 'already-inactive', '', '', 0],
  ['intent refused active', 'failed', '', 'refused', 0],
  ['intent refused unreadable', 'failed', '', 'refused', 0],
  ['intent refused inactive', 'already-inactive', '', 'conflict', 0],
  // Only read, as by a verification.
  ['inactive!', 'already-inactive', 'yes', '', 0],
  ['active!', 'already-active', 'no', '', 0],
  ['active! synced', 'already-active', 'no', 'synced', 0],
  ['unreadable!', 'unknown', 'unread', 'unreadable', 0],
]

const MIRROR: Readonly<Record<string, string>> = {
  active: 'inactive',
  inactive: 'active',
  'active!': 'inactive!',
  'inactive!': 'active!',
  deactivated: 'restored',
  'already-inactive': 'already-active',
  'already-active': 'already-inactive',
}
const mirrored = (text: string): string =>
  text
    .split(' ')
    .map((word) => MIRROR[word] ?? word)
    .join(' ')

describe('what became of an account', () => {
  test.each(TABLE)('%s → %s', (words, state, verified, code, open) => {
    const fate = fateOf(words)
    expect([fate.state, fate.verified, fate.cause?.code ?? '', fate.open]).toEqual([state, verified, code, open])
  })

  test.each(TABLE)('and the mirror of it in a restore: %s → %s', (words, state, verified, code, open) => {
    const fate = fateOf(mirrored(words), 'active')
    expect([fate.state, fate.verified, fate.cause?.code ?? '', fate.open]).toEqual([
      mirrored(state),
      verified,
      code,
      open,
    ])
  })

  test('each state, and each answer, has its row', () => {
    const words = new Set(TABLE.flatMap(([text]) => text.split(' ')))
    for (const word of ['done', 'refused', 'conflict', 'throttled', 'key-rejected', 'unsent', 'ambiguous', 'gave-up'])
      expect(words).toContain(word)
    const states = new Set(TABLE.map(([, state]) => state))
    for (const state of ['deactivated', 'failed', 'unknown', 'not-attempted', 'already-inactive', 'already-active'])
      expect(states).toContain(state)
  })
})

describe('why', () => {
  test.each([
    ['intent refused', causeOf('refused', 'key.refused', 'Words of refused')],
    ['intent conflict inactive', causeOf('conflict', 'key.conflict', 'Words of conflict')],
    ['intent ambiguous active', causeOf('answer-lost', 'key.ambiguous', 'Words of ambiguous')],
    ['intent ambiguous unreadable', causeOf('answer-lost-unread', 'key.ambiguous', 'Words of ambiguous')],
    ['intent ambiguous inactive', causeOf('answer-lost-done', 'key.ambiguous', 'Words of ambiguous')],
    ['intent done unreadable', causeOf('not-read-back', 'HTTP 503', 'Try later')],
    ['unreadable!', causeOf('unreadable', 'HTTP 503', 'Try later')],
    ['active! synced', causeOf('synced', 'scim')],
  ])("%s keeps Atlassian's key and words", (words, cause) => expect(fateOf(words).cause).toEqual(cause))
})

describe('requests and times', () => {
  test.each([
    // attempts, HTTP status, when it began, when the last was known; seconds, null for never.
    ['intent', 1, 0, 0, 0],
    ['intent done', 1, 204, 0, 1],
    ['intent refused', 1, 403, 0, 1],
    ['intent ambiguous', 1, 500, 0, 1],
    ['intent ambiguous active intent done', 2, 204, 0, 4],
    ['intent throttled intent throttled intent done', 3, 204, 0, 5],
    ['intent done inactive', 1, 204, 0, 1],
    ['intent conflict inactive', 1, 409, 0, 2],
    ['intent ambiguous inactive', 1, 500, 0, 2],
    ['intent unsent', 0, 0, null, null],
    ['intent unsent gave-up', 0, 0, null, null],
    ['intent unsent intent done', 1, 204, 2, 3],
    ['intent ambiguous active intent unsent', 1, 500, 0, 3],
    ['active!', 0, 0, null, null],
  ])('%s', (words, attempts, status, from, until) => {
    const time = (seconds: number | null): string => (seconds === null ? '' : at(seconds))
    const fate = fateOf(words)
    expect([fate.attempts, fate.httpStatus]).toEqual([attempts, status])
    expect([fate.startedAt, fate.finishedAt]).toEqual([time(from), time(until)])
  })

  test.each([
    ['done', { state: 'deactivated', attempts: 1, httpStatus: 204, startedAt: at(1), open: 0 }],
    ['refused', { state: 'failed', attempts: 1, httpStatus: 403, startedAt: at(1), open: 0 }],
    ['unsent', { state: 'not-attempted', attempts: 0, httpStatus: 0, startedAt: '', open: 0 }],
  ])('an answer whose intent is lost from a damaged journal says that a request was sent: %s', (words, expected) => {
    const [, ...rest] = events(`intent ${words}`)
    expect(rest.reduce((fate, event) => fold(fate, event, 'inactive'), untouched('not-attempted'))).toMatchObject(
      expected,
    )
  })

  test.each([
    ['canary', true],
    ['canary done', true],
    ['canary refused', true],
    ['canary conflict inactive', false],
    ['canary unsent', false],
    ['intent done', false],
  ])('%s: a canary is %s', (words, canary) => expect(fateOf(words).canary).toBe(canary))
})

test.each(['failed', 'skipped', 'planned'] as const)('an account that nothing happens to stays %s', (state) => {
  expect(untouched(state)).toMatchObject({ state, verified: '', cause: null, attempts: 0, open: 0 })
})

describe('laws', () => {
  test('changed is said only after a 204, or a read that shows it while an answer is lost', () => {
    fc.assert(
      fc.property(HISTORY, (words) => {
        const said = events(words)
        const last = said.reduce(
          ({ fate, isProven }, event) => ({
            fate: fold(fate, event, 'inactive'),
            isProven:
              isProven ||
              (event.event === 'answer' && event.meaning === 'done') ||
              (event.event === 'read' && event.found === 'inactive' && fate.open > 0),
          }),
          { fate: untouched('not-attempted'), isProven: false },
        )
        if (isChanged(last.fate)) expect(last.isProven).toBe(true)
      }),
      runs(5000),
    )
  })

  test('while a request may still land, an account is unknown until the last read shows it unchanged', () => {
    fc.assert(
      fc.property(HISTORY, (words) => {
        const fate = fateOf(words)
        if (fate.open === 0) return
        if (fate.state !== 'unknown')
          expect([fate.state, words.split(' ').findLast((word) => READ_WORDS.includes(word))]).toEqual([
            'failed',
            'active!',
          ])
      }),
      runs(5000),
    )
  })

  test('no history makes a line of results.csv that would be refused when it is read', () => {
    const who = {
      id: 'id-1',
      email: '',
      name: '',
      line: 2,
      decision: 'deactivate',
      reason: '',
      lastActive: '',
      licences: null,
    } as const
    fc.assert(
      fc.property(fc.oneof(HISTORY, fc.constantFrom(...READ_WORDS)), (words) => {
        expect(contradictionIn(withFate(who, fateOf(words)))).toBeNull()
      }),
      runs(5000),
    )
  })

  test('no read takes a change back', () => {
    fc.assert(
      fc.property(HISTORY, READS, (words, seen) => {
        if (!isChanged(fateOf(words))) return
        expect(isChanged(fateOf([words, ...seen].join(' ')))).toBe(true)
      }),
    )
  })
})
