import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../runs.ts'
import { listIn, problemsIn } from './lists.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'Ü', '😀', ' ', '"', ',', ';', '\t', '\n', '\r\n', '\r', '#', "'"),
  maxLength: 12,
})
const layout = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  ends: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 1, maxLength: 5 }),
  blanks: fc.array(fc.constantFrom('', '\n', '\r\n\n'), { minLength: 1, maxLength: 5 }),
  names: fc.array(text, { maxLength: 12 }),
  lastEnd: fc.boolean(),
})

/** Writes rows with blank rows between, and says on which line each begins. */
function write({ delimiter, ends, blanks, names, lastEnd }: typeof layout extends fc.Arbitrary<infer T> ? T : never): {
  text: string
  starts: number[]
} {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  const rows = names.map((name, index) => [`id-${index}`, quoted(name), ''])
  let written = ''
  const starts: number[] = []
  for (const [index, row] of [['User id', 'Name', 'email'], ...rows].entries()) {
    written += blanks[index % blanks.length] ?? ''
    starts.push(written.split('\n').length)
    written += row.join(delimiter)
    if (lastEnd || index < rows.length) written += ends[index % ends.length] ?? ''
  }
  return { text: written, starts }
}

test('what was written with quotes, delimiters and line breaks in cells is read back, with its first lines', () => {
  fc.assert(
    fc.property(layout, (given) => {
      const { text: written, starts } = write(given)
      const { accounts } = listIn(written)
      expect(accounts.map(({ id, name, line }) => [id, name, line])).toEqual(
        given.names.map((name, index) => [`id-${index}`, name.trim(), starts[index + 1]]),
      )
    }),
    runs(500),
  )
})

test('a problem is told with the line on which its row begins, whatever stands before it', () => {
  fc.assert(
    fc.property(layout, fc.constantFrom('no id!', '', 'x"', '"x', 'a,b;c\td'), (given, bad) => {
      const { text: written } = write({ ...given, lastEnd: true })
      const start = written.split('\n').length
      const lines = problemsIn(`${written}${bad}${given.delimiter.repeat(2)}1`).map(({ line }) => line)
      expect(lines).toEqual([start])
    }),
    runs(500),
  )
})
