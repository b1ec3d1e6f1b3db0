import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scrubberOf, spellingsOf } from '../../../src/text/secrets.ts'
import { runs } from '../../runs.ts'
import { HOSTILE } from '../report/hostile.ts'
import { KEY, SPELLINGS } from './spellings.ts'

const scrub = scrubberOf([KEY])
const spellings = Object.entries(SPELLINGS)
const lettersOf = (text: string): string => text.replaceAll(/[^0-9a-z]/gi, '').toLowerCase()

describe('a key is taken out', () => {
  test.each(spellings)('%s', (_, spell) => {
    expect(scrub(`before ${spell(KEY)} after`)).toBe('before *** after')
    expect(scrub(`<p title="${spell(KEY)}">${spell(KEY)}</p>`)).toBe('<p title="***">***</p>')
  })

  test.each(spellings)('%s, cut anywhere', (_, spell) => {
    const spelt = spell(KEY)
    fc.assert(
      fc.property(fc.nat(spelt.length), fc.nat(spelt.length), (one, other) => {
        const piece = spelt.slice(Math.min(one, other), Math.max(one, other))
        const left = scrub(`"${piece}"`)
        // Eleven letters may be left, two escapes that were cut, and the signs between them, in 14 characters each.
        if (left !== '"***"') expect(left.replace('***', '').length).toBeLessThan(16 * 14)
        if (piece === spelt) expect(left).toBe('"***"')
      }),
      runs(60),
    )
  })

  test('in whatever mix of spellings', () => {
    const writers = spellings.filter(([name]) => name.endsWith('every character')).map(([, spell]) => spell)
    const character = (letter: string) => fc.constantFrom(letter, ...writers.map((spell) => spell(letter)))
    fc.assert(
      fc.property(fc.tuple(...[...KEY].map(character)), (written) => {
        expect(scrub(`before ${written.join('')} after`)).toBe('before *** after')
      }),
      runs(300),
    )
  })

  test('in pieces that hold twelve of its letters and digits', () => {
    fc.assert(
      fc.property(fc.nat(KEY.length), fc.nat(KEY.length), (from, length) => {
        const piece = KEY.slice(from, from + length)
        fc.pre(lettersOf(piece).length >= 12)
        // A word beside it goes too where it happens to go on as the key does.
        const gone = /^(before )?\*\*\*( after)?$/
        expect(scrub(`before ${piece} after`)).toMatch(gone)
        expect(scrub(`before ${Buffer.from(piece).toString('hex')} after`)).toMatch(gone)
      }),
    )
  })

  test('as often as it is there, beside other keys', () => {
    const other = KEY.split('').toReversed().join('')
    expect(scrubberOf([other, KEY])(`${KEY}, ${other}; ${encodeURIComponent(KEY)}\n${other}`)).toBe(
      '***, ***; ***\n***',
    )
  })

  test('out of the middle of a word of letters, whole', () => {
    expect(scrub(`x=${Buffer.from(`first:${KEY}:last`).toString('base64')}!`)).toBe('***!')
  })
})

describe('other text stays as it is', () => {
  test('that the project itself is made of', () => {
    for (const folder of ['docs', 'src/text', 'src/report', 'test/fixtures/lists', '.']) {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (!entry.isFile()) continue
        const text = readFileSync(`${folder}/${entry.name}`, 'utf8')
        expect(scrub(text) === text).toBe(true)
      }
    }
  })

  test.each(HOSTILE)('%j', (text) => {
    expect(scrub(text)).toBe(text)
  })

  test('whatever it is', () => {
    const id = fc.stringMatching(/^(557058|712020):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{24}$/)
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.base64String({ maxLength: 400 }), id)
    const secret = fc.stringMatching(/^ATCTT3xFfGN0[0-9A-Za-z_-]{150}=[0-9A-F]{8}$/)
    fc.assert(fc.property(secret, text, (key, other) => scrubberOf([key])(other) === other))
  })

  test('where there is no secret', () => {
    expect(scrubberOf([])(KEY)).toBe(KEY)
    expect(scrubberOf([''])(KEY)).toBe(KEY)
  })
})

test('a secret of few letters is taken out as it stands, and the runner is not told to mask a word', () => {
  expect(scrubberOf(['s3cret'])('s3cret, S3CRET, c3VjcmV0')).toBe('***, S3CRET, c3VjcmV0')
  expect(spellingsOf('s3cret')).toEqual([])
  expect(spellingsOf('')).toEqual([])
  expect(spellingsOf(KEY)).toContain(KEY)
  for (const spelling of spellingsOf(KEY)) expect(scrub(spelling)).toBe('***')
})

test('it takes its time in proportion to the text', () => {
  const start = performance.now()
  const size = 2 ** 21
  for (const piece of [
    '\\',
    '%',
    '%25',
    '&#',
    '&#0',
    '&amp;',
    '=',
    'a',
    '{"name":"J\\u00fcrgen"},',
    KEY.slice(0, 11),
    '=',
  ])
    scrub(piece.repeat(size / piece.length))
  scrub(`&#${'0'.repeat(size)}`)
  scrub(`${KEY}\n`.repeat(size / KEY.length))
  expect(performance.now() - start).toBeLessThan(15_000)
})
