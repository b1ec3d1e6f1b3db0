import { expect, test } from 'vitest'
import { CAUSES, type CauseCode, causeOf } from '../../../src/account/cause.ts'
import { causeText } from '../../../src/report/cause-words.ts'

/** Causes that Atlassian's own key says best. */
const BARE: readonly CauseCode[] = ['refused', 'conflict', 'blocked']

test.each(CAUSES)('%s: our words, then the key, then the words of Atlassian', (code) => {
  const plain = causeText(causeOf(code))
  expect(plain === '').toBe(BARE.includes(code))
  const start = plain === '' ? '' : `${plain}: `
  expect(causeText(causeOf(code, 'key'))).toBe(`${start}key`)
  expect(causeText(causeOf(code, 'key', 'Their words.'))).toBe(`${start}key: Their words.`)
  expect(causeText(causeOf(code, '', 'Their words.'))).toBe(`${start}Their words.`)
})

test('each says something else', () => {
  const texts = CAUSES.filter((code) => !BARE.includes(code)).map((code) => causeText(causeOf(code)))
  expect(new Set(texts).size).toBe(texts.length)
})

test('no cause, no words', () => expect(causeText(null)).toBe(''))
