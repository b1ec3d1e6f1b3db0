import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskText } from '../../../src/text/mask.ts'
import { clip, count, duration, quote, sentenceList } from '../../../src/text/words.ts'
import { runs } from '../../runs.ts'

test.each([
  ['plain', '"plain"'],
  ['two\r\nlines\u2028and\u0085more', '"two lines and more"'],
  ['x'.repeat(200), `"${'x'.repeat(79)}…"`],
  ['😀'.repeat(100), `"${'😀'.repeat(79)}…"`],
])('quoting %j keeps it on one line and short', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

describe('clip', () => {
  test.each([
    ['short enough', 12, 'short enough'],
    ['not short enough', 12, 'not short e…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['ask jane.doe@example.com', 10, 'ask …'],
    ['ask jane.doe@example.com', 14, 'ask jane.doe@…'],
    ['ask "jane doe"@example.com', 12, 'ask …'],
    ['ask jane.doe%2540example.com', 15, 'ask …'],
    ['jane@example.com joe@example.com', 20, 'jane@example.com …'],
    ['jane.doe.without.a.sign', 10, 'jane.doe.…'],
    ['a@b', 1, '…'],
  ])('%j in %d characters is %j', (text, most, clipped) => {
    expect(clip(text, most)).toBe(clipped)
  })

  test('keeps to the length, and tears no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (text, most) => {
        const clipped = clip(text, most)
        expect([...clipped].length).toBeLessThanOrEqual(most)
        if (text.isWellFormed()) expect(clipped.isWellFormed()).toBe(true)
        if ([...text].length <= most) expect(clipped).toBe(text)
      }),
    )
  })
})

/** Texts with addresses in them, in all the ways in which texts hold them. */
const withAddresses = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'jane.doe',
        'joe',
        '"jane doe"',
        "o'brien",
        'ü',
        '@',
        '＠',
        '%40',
        '%2540',
        '\\u0040',
        '&#64;',
        '&#x0040;',
      ),
      fc.constantFrom(
        '&amp;#64;',
        '&commat;',
        'example.com',
        ' ',
        '\n',
        '"',
        "'",
        '<',
        '>',
        ',',
        ':',
        '=',
        '\\',
        '…',
        '.',
        '😀',
      ),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))

describe('a text that is cut before it is masked', () => {
  test('shows no more than one that is masked before it is cut', () => {
    fc.assert(
      fc.property(withAddresses, fc.integer({ min: 1, max: 60 }), (text, most) => {
        const shown = maskText(clip(text, most)).replace(/…$/, '')
        expect(maskText(text).startsWith(shown)).toBe(true)
      }),
      runs(5000),
    )
  })

  test('shows no more where a message quotes it', () => {
    fc.assert(
      fc.property(withAddresses, fc.integer({ min: 60, max: 85 }), (text, length) => {
        const whole = `Found ${`"${'x '.repeat(length / 2)}${text}`.replaceAll(/\n+/g, ' ')}`
        const shown = maskText(`Found ${quote(`${'x '.repeat(length / 2)}${text}`)}.`).replace(/…?"\.$/, '')
        expect(maskText(`${whole}".`).startsWith(shown)).toBe(true)
      }),
      runs(5000),
    )
  })

  test('shows no local part of an address, wherever the cut comes', () => {
    const local = 'jane.with.a.long.name'
    for (const at of ['@', '%40', '%2540', '\\u0040', '&#64;', '&amp;#64;', '&commat;', '＠']) {
      for (let before = 0; before < 85; before++) {
        const text = `${'x'.repeat(before)} ${local}${at}example.com`
        expect(maskText(`Found ${quote(text)}.`)).not.toContain('jane')
        for (let most = 1; most < 60; most++) expect(maskText(clip(text, most))).not.toContain('ja')
      }
    }
  })
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
