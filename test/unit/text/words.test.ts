import { expect, test } from 'vitest'
import { count, duration, quote, sentenceList } from '../../../src/text/words.ts'

test.each([
  ['plain', '"plain"'],
  ['two\r\nlines\u2028and\u0085more', '"two lines and more"'],
  ['x'.repeat(200), `"${'x'.repeat(79)}…"`],
  ['😀'.repeat(100), `"${'😀'.repeat(79)}…"`],
])('quoting %j keeps it on one line and short', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

test('numbers of things are written out', () => {
  expect([count(0, 'account'), count(1, 'account'), count(12_000, 'account'), count(2, 'person', 'people')]).toEqual([
    '0 accounts',
    '1 account',
    '12,000 accounts',
    '2 people',
  ])
})

test.each([
  [400, '0 s'],
  [40_000, '40 s'],
  [12 * 60_000, '12 min'],
  [185 * 60_000, '3 h 05 min'],
  [-5, '0 s'],
])('%d ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words)
})

test('lists read like sentences', () => {
  expect([
    sentenceList([]),
    sentenceList(['a']),
    sentenceList(['a', 'b']),
    sentenceList(['a', 'b', 'c'], 'or'),
  ]).toEqual(['', 'a', 'a and b', 'a, b or c'])
})
