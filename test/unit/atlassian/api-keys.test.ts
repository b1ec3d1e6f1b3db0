import { describe, expect, test } from 'vitest'
import { creatorsOf, keyThatEndsSoon, readApiKey } from '../../../src/atlassian/api-keys.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const key = (creator: string, expiresAt: string, scopes: readonly string[] | null = []) =>
  readApiKey({ id: 'k', label: 'l', expiresAt, scopes, createdBy: { id: creator } })

describe('the creators of API keys', () => {
  test('are those whose key has not ended, each once', () => {
    const keys = [
      key('ada', '2026-06-02T00:00:00Z'),
      key('ada', '2026-07-01T00:00:00Z'),
      key('bob', '2026-05-31T00:00:00Z'),
    ]
    expect(creatorsOf(keys, NOW)).toEqual(['ada'])
  })

  test('of a key whose end is not told are protected too', () => {
    expect(creatorsOf([key('ada', ''), key('bob', 'some day'), readApiKey(null)], NOW)).toEqual(['ada', 'bob'])
  })
})

describe('a key that ends soon', () => {
  test.each([
    ['in a day', '2026-06-02T12:00:00Z', true],
    ['a second before 14 days', '2026-06-15T11:59:59Z', true],
    ['in 14 days', '2026-06-15T12:00:00Z', false],
    ['in a year', '2027-06-01T12:00:00Z', false],
    ['yesterday', '2026-05-31T12:00:00Z', false],
    ['at a time that is not told', '', false],
  ])('is one of the executing user that ends %s: %s, %s', (_, expiresAt, isSoon) => {
    const expected = isSoon ? { endsAt: Date.parse(expiresAt), isCertain: true } : null
    expect(keyThatEndsSoon([key('ada', expiresAt)], ['ada'], NOW)).toEqual(expected)
  })

  test('is not one of somebody else, nor one with scopes: neither can be the one that is asking', () => {
    const keys = [
      key('bob', '2026-06-02T00:00:00Z'),
      key('ada', '2026-06-02T00:00:00Z', ['read:users']),
      key('ada', '2027-01-01T00:00:00Z', null),
    ]
    expect(keyThatEndsSoon(keys, ['ada'], NOW)).toBeNull()
  })

  test('is told as uncertain where the executing user has another that lives on', () => {
    const keys = [key('ada', '2026-06-02T00:00:00Z'), key('ada', '2027-01-01T00:00:00Z')]
    expect(keyThatEndsSoon(keys, ['ada'], NOW)).toEqual({
      endsAt: Date.parse('2026-06-02T00:00:00Z'),
      isCertain: false,
    })
  })

  test('of an unknown owner is told only where every key that could ask ends soon', () => {
    const soon = key('ada', '2026-06-02T00:00:00Z')
    expect(keyThatEndsSoon([soon], [], NOW)).toMatchObject({ isCertain: true })
    expect(keyThatEndsSoon([soon, key('bob', '2027-01-01T00:00:00Z')], [], NOW)).toBeNull()
  })
})
