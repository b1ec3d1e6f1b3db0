import { expect, test } from 'vitest'
import { readPreamble } from '../../../src/list/preamble.ts'
import { lines, listIn, problemsIn } from './lists.ts'

test.each([
  ['', 0, 0],
  ['User id\n', 0, 0],
  [' User id\n\n', 0, 0],
  ['\n\nUser id', 2, 2],
  ['\r\n;; ;\r\n\t\n ,User id', 10, 3],
])('the blank lines before %j', (text, bytes, count) => {
  expect(readPreamble(Buffer.from(text))).toEqual({ bytes, lines: count, delimiter: null })
})

test('blank lines before the header leave the line numbers of rows and of problems as they are', () => {
  expect(listIn('\n;\r\n \nUser id;email\na;\n').accounts).toMatchObject([{ id: 'a', line: 5 }])
  expect(problemsIn('\r\n\nUser id,email\na b,\n').map(({ line }) => line)).toEqual([4])
  expect(problemsIn('\n\nUser,email\n').map(({ line }) => line)).toEqual([3])
})

test('blank lines before the header do not make a large list slow', { timeout: 10_000 }, () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `id-${index},x`)
  const time = (text: string): number => {
    const start = performance.now()
    expect(listIn(text).accounts).toHaveLength(60_000)
    return performance.now() - start
  }
  const text = lines('User id,Name', ...rows)
  time(text)
  expect(time(`\n${text}`)).toBeLessThan(3 * time(text) + 200)
})

test.each(['User id,Name\ra,Ada\r', 'User id\ra\rb', 'User id,Name\ra,Ada\r\n'])(
  'lines that end in a carriage return alone are refused as such, not taken for a list of nobody: %j',
  (text) => {
    expect(problemsIn(text)).toMatchObject([{ line: 1, message: expect.stringContaining('LF or CRLF') }])
  },
)

test('warnings come before notices, as only the first few remarks are shown', () => {
  const rows = Array.from({ length: 20 }, (_, index) => `id-${index} ,Active`)
  const { remarks } = listIn(lines('User id,Status', ...rows, 'z,odd'))
  expect(remarks[0]).toMatchObject({ kind: 'warning', found: 'odd' })
  expect(remarks.slice(1).every(({ kind }) => kind === 'notice')).toBe(true)
})
