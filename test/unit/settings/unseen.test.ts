import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InputName } from '../../../src/settings/inputs.ts'
import { type Given, problemsOf, settingsOf } from './given.ts'

/** Inputs that stand for a person or a place, with a value that is right and the inputs that go with it. */
const NAMES: readonly (readonly [InputName, string, Given])[] = [
  ['executing-user', 'ada@example.com', {}],
  ['organization-id', 'a1b2-c3', {}],
  ['users-file', 'lists/users.csv', {}],
  ['users-artifact', 'the list', {}],
  ['exclude-file', 'keep.txt', {}],
  ['include-file', 'leash.txt', {}],
  ['artifact-name', 'results of today', {}],
  ['results-artifact', 'results', { 'users-file': '' }],
  ['require-approval', 'environment:production', {}],
  ['atlassian-api-url', 'https://api.atlassian.com', {}],
]

const UNSEEN = [
  ...['\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', '\u200e', '\u202e', '\u034f', '\u3164', '\ufe0f', '\u{e0041}'],
  ...['\u00a0', '\u2002', '\u202f', '\u3000', '\u1680', '\u2028', '\u2029', '\u2800'],
  ...['\u0000', '\u0007', '\t', '\u001b', '\u007f', '\u0085', '\ud800', '\udfff', '\ufffd'],
]
const codeOf = (character: string): string =>
  `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`

describe.each(NAMES)('%s', (name, right, others) => {
  test('with an unseen character in it is refused, and the character is named', () => {
    for (const character of UNSEEN) {
      for (const at of [1, right.length - 1]) {
        const given = `${right.slice(0, at)}${character}${right.slice(at)}`
        const [problem = '', ...more] = problemsOf({ ...others, [name]: given })
        expect([codeOf(character), more]).toEqual([codeOf(character), []])
        expect(problem).toContain(`Input "${name}": found "`)
        expect(problem).toContain(`" (with ${codeOf(character)} in it), allowed: `)
      }
    }
  })

  test('with one at its end is refused, unless it is an ordinary blank or line end', () => {
    for (const character of UNSEEN.filter((one) => one !== '\t')) {
      expect(problemsOf({ ...others, [name]: `${right}${character}` })).toHaveLength(1)
      expect(problemsOf({ ...others, [name]: `${character}${right}` })).toHaveLength(1)
    }
    expect(problemsOf({ ...others, [name]: ` \t${right}\r\n\n ` })).toEqual([])
  })
})

test('letters of every script are names as well', () => {
  for (const path of ['Liste der Ausgeschiedenen.csv', 'lists/退職者.csv', 'списки/é.csv', 'פרישה.csv', '🙂.csv']) {
    expect(settingsOf({ 'users-file': path }).usersFile).toBe(path)
  }
})

test('what is refused in another input is named too', () => {
  expect(problemsOf({ mode: 'plan\u200b' })).toEqual([
    'Input "mode": found "plan\u200b" (with U+200B in it), allowed: one of "plan", "apply", "restore", "verify", "find".',
  ])
  expect(problemsOf({ 'api-key': 'ATCT\ufeff' })).toEqual([
    expect.stringMatching(/found a value that is not shown \(with U\+FEFF in it\), allowed/),
  ])
})

test('whatever is accepted as a person or a path can be seen, and is what was written', () => {
  const pieces = fc.array(fc.constantFrom(...UNSEEN, ...'aé-._ 漢', '🙂'), { maxLength: 4 })
  const given = fc
    .tuple(pieces, fc.constantFrom('executing-user', 'users-file'))
    .map(([text, name]) => ({ [name]: `a${text.join('')}@b` }))
  let accepted = 0
  fc.assert(
    fc.property(given, (inputs) => {
      if (problemsOf(inputs).length > 0) return
      accepted++
      const [text = ''] = Object.values(inputs)
      expect(UNSEEN.filter((character) => [...text].includes(character))).toEqual([])
      expect(Object.values(settingsOf(inputs))).toContain(text)
    }),
  )
  expect(accepted).toBeGreaterThan(5)
})
