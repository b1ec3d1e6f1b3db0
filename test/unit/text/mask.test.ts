import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { maskAccount } from '../../../src/report/report.ts'
import { maskEmail, maskText } from '../../../src/text/mask.ts'
import { runs } from '../../runs.ts'
import { accountResult } from '../report/builder.ts'

describe('maskEmail', () => {
  test.each([
    ['jane@example.com', 'j…@example.com'],
    ['j@example.com', 'j…@example.com'],
    ['jane@localhost', 'j…@localhost'],
    ['Jürgen.Groß@münchen.example', 'J…@münchen.example'],
    ['𝒥ane@example.com', '𝒥…@example.com'],
    ['"jane doe"@example.com', 'j…@example.com'],
    ['a@b@example.com', 'a…@example.com'],
    ['Jane Doe <jane@example.com>', 'J…@example.com>'.slice(0, -1)],
    ['jane.doe', 'j…'],
    ['@example.com', '…@example.com'],
    ['jane%40example.com', 'j…%40example.com'],
    ['', '…'],
  ])('%s becomes %s', (email, masked) => expect(maskEmail(email)).toBe(masked))
})

describe('maskText', () => {
  test.each([
    ['no address here, 12 @ 3', 'no address here, 12 @ 3'],
    ['found "jane@example.com", line 3', 'found "j…@example.com", line 3'],
    ["found 'jane.doe@example.com'", "found 'j…@example.com'"],
    ['<jane@example.com>', '<j…@example.com>'],
    ['mailto:jane@example.com?x', 'mailto:j…@example.com?x'],
    ["o'brien@example.com", 'o…@example.com'],
    ['"jane doe"@example.com', 'j…@example.com'],
    ['jane"doe"@example.com', 'j…@example.com'],
    ['jane"@example.com', 'j…@example.com'],
    ['jane+test@example.com,joe@example.com;x', 'j…@example.com,j…@example.com;x'],
    ['{"email":"jane\\u0040example.com"}', '{"email":"j…\\u0040example.com"}'],
    ['jane&#64;example.com jane%40example.com', 'j…&#64;example.com j…%40example.com'],
    ['jane%2540example.com jane&amp;#64;example.com', 'j…%2540example.com j…&amp;#64;example.com'],
    ['jane&#064example.com jane&#x40;example.com', 'j…&#064example.com j…&#x40;example.com'],
    ['"jane\\x40example.com" "jane\\u{40}example.com"', '"j…\\x40example.com" "j…\\u{40}example.com"'],
    ['ジェーン＠例え.jp', 'ジ…＠例え.jp'],
    ['matches *@example.com', 'matches *@example.com'],
    ['thanks @octocat', 'thanks @octocat'],
  ])('%j becomes %j', (text, masked) => expect(maskText(text)).toBe(masked))

  test('changes nothing more when it is done twice', () => {
    const piece = fc.constantFrom('jane', '@', '"', "'", ' ', '.', '…', 'example.com', '<', '>', '*', '%40', ',', 'ü')
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (any) => {
        expect(maskText(maskText(any))).toBe(maskText(any))
      }),
      runs(5000),
    )
  })

  test('leaves no local part of an address, whatever stands around it', () => {
    const local = fc.stringMatching(/^[a-z][a-z0-9.+_-]{4,12}[a-z0-9]$/)
    const around = fc.constantFrom('', ' ', '"', "'", '<', '(', '[', ',', ';', ':', '=', '|', '\n', '\t', '`', '…')
    fc.assert(
      fc.property(local, around, around, (name, before, after) => {
        expect(maskText(`${before}${name}@example.com${after}`)).not.toContain(name.slice(1))
      }),
    )
  })

  test('takes its time in proportion to the text', () => {
    const start = performance.now()
    maskText(`${'a'.repeat(200_000)}@`)
    maskText('@'.repeat(50_000))
    maskText(`${'"'.repeat(50_000)}@${'x"'.repeat(50_000)}@`)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('maskAccount', () => {
  test('takes the name away and shortens every address', () => {
    const cause = causeOf('refused', 'forbidden.for jane.doe@example.com', 'Jane Doe is managed elsewhere')
    const account = accountResult({ cause, lastActive: '2026-01-05T00:00:00.000Z' })
    expect(maskAccount(account)).toEqual({
      ...account,
      name: '',
      email: 'j…@example.com',
      // Of Atlassian's own words only keys are shown, and last activity is left out.
      cause: causeOf('refused', 'forbidden.for j…@example.com', ''),
      lastActive: '',
    })
  })
  test('keeps an empty address empty', () => expect(maskAccount(accountResult({ email: '' })).email).toBe(''))
})
