import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  codeSpan,
  escapeCsvCell,
  escapeHtml,
  escapeJsonForScript,
  escapeMarkdown,
  escapeXml,
  logText,
  unescapeCsvCell,
} from '../../../src/text/escape.ts'
import { visibleLine, visibleText } from '../../../src/text/visible.ts'
import { runs } from '../../runs.ts'
import { HOSTILE } from '../report/hostile.ts'
import { cellsOfSpreadsheets, isFormula, readCommands, readHtml, readMarkdown, readXml } from '../report/read-back.ts'

/** Any text at all, and texts made of what means something somewhere. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'`|\\*_[]()<>!#@:-+=~&$\'"/. \t\r\n09afAF\u200b\u2028', 'www.', '](', '<!--', '##[', '::'),
  }),
  fc.constantFrom(...HOSTILE),
)

describe('Markdown', () => {
  /** Where outside text stands in the reports. */
  const places: Readonly<Record<string, (markdown: string) => string>> = {
    'a paragraph': (text) => text,
    'a sentence': (text) => `Before ${text} after`,
    'a list': (text) => `- ${text}`,
    'a quote': (text) => `> ${text}`,
    'a table': (text) => `| a | b |\n| --- | --- |\n| ${text} | x |`,
    'a folded table': (text) => `<details><summary>x</summary>\n\n| a |\n| --- |\n| ${text} |\n\n</details>`,
  }

  for (const [place, put] of Object.entries(places)) {
    const tagsOf = (markdown: string): string[] =>
      readMarkdown(put(markdown))
        .map(({ name }) => name)
        .filter((name) => name !== 'span')

    test(`text stays text in ${place}`, () => {
      const plain = tagsOf('x')
      fc.assert(
        fc.property(anyText, (text) => {
          const escaped = escapeMarkdown(text)
          const body = readMarkdown(put(escaped)).find(({ name }) => name === 'body')
          expect(body?.text).toContain(visibleLine(text))
          if (visibleLine(text).trim() !== '') expect(tagsOf(escaped)).toEqual(plain)
        }),
        runs(400),
      )
    })

    test(`code stays code in ${place}`, () => {
      const plain = tagsOf('`x`')
      fc.assert(
        fc.property(anyText, (text) => {
          fc.pre(text !== '')
          const elements = readMarkdown(put(codeSpan(text)))
          expect(elements.filter(({ name }) => name === 'code').map((code) => code.text)).toEqual([visibleLine(text)])
          expect(tagsOf(codeSpan(text))).toEqual(plain)
        }),
        runs(400),
      )
    })
  }

  test('ordinary prose stays readable', () => {
    for (const text of [
      'Plan: 1,200 of 1,300 listed accounts would be deactivated (see "results.csv").',
      "It's 25 % - no more; at 12:30:45, in a_snake_case name.",
      'Export the list again: the id was damaged by a spreadsheet.',
    ]) {
      expect(escapeMarkdown(text)).toBe(text)
    }
  })

  test('GitHub finds nothing to link, as it looks at the rendered text', () => {
    const rendered = (text: string): string =>
      readHtml(escapeMarkdown(text)).find(({ name }) => name === 'body')?.text ?? ''
    const linked = /@[\w-]|#\d|\bgh-\d|(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])|:\/\/|\bwww\.|:[a-z+]\w*:/i
    fc.assert(
      fc.property(anyText, (text) => {
        expect(rendered(text)).not.toMatch(linked)
      }),
      runs(500),
    )
    expect(escapeMarkdown('@octocat #1')).toBe('@&#8203;octocat #&#8203;1')
  })

  test('code of nothing is nothing, and an id stands there letter by letter', () => {
    expect(codeSpan('')).toBe('')
    expect(codeSpan('557058:0000-aa@example.com')).toBe('`557058:0000-aa@example.com`')
  })
})

describe('HTML', () => {
  test('text stays text in content, in attributes and in titles', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeHtml(text)
        const elements = readHtml(`<title>${escaped}</title><p class="${escaped}" id='${escaped}'>x${escaped}</p>`)
        expect(elements.map(({ name }) => name)).toEqual(['html', 'head', 'title', 'body', 'p'])
        expect(elements[4]?.attributes).toEqual({ class: visibleText(text), id: visibleText(text) })
        expect(elements[4]?.text).toBe(`x${visibleText(text)}`)
      }),
    )
  })

  test('JSON in a script stays in it, and stays the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          anyText.map((text) => JSON.stringify(text)),
        ),
        (json) => {
          const elements = readHtml(`<script type="application/json">${escapeJsonForScript(json)}</script><p>end</p>`)
          expect(elements.map(({ name }) => name)).toEqual(['html', 'head', 'script', 'body', 'p'])
          expect(JSON.parse(elements[2]?.text ?? '')).toEqual(JSON.parse(json))
        },
      ),
    )
  })
})

test('XML: text stays text, and what XML cannot hold is a replacement character', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeXml(text)
      const [root] = readXml(`<a b="${escaped}" c='${escaped}'>${escaped}</a>`)
      const legal = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      expect(root).toEqual({ name: 'a', attributes: { b: legal, c: legal }, text: legal })
    }),
  )
})

/** Texts of what starts a cell somewhere, opens a formula, or stands before one. */
const cellText = fc.oneof(
  anyText,
  fc.string({
    unit: fc.constantFrom(...';,\t\r\n"\'=+-@x ', '\u00a0', '\ufeff', '\u200b', '\u2028', '＝', '\u0000', '|'),
  }),
)

describe('CSV', () => {
  test('a cell comes back exactly', () => {
    fc.assert(
      fc.property(fc.array(cellText, { minLength: 2, maxLength: 4 }), (cells) => {
        const line = `${cells.map(escapeCsvCell).join(',')}\r\n`
        const [row = []] = parse(line, { record_delimiter: ['\r\n', '\n'] }) as string[][]
        expect(row.map(unescapeCsvCell)).toEqual(cells.map((cell) => cell.toWellFormed()))
      }),
      runs(2000),
    )
  })

  test('no cell is a formula to a spreadsheet, whichever separator and line end it reads the file with', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cellText, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        (rows) => {
          const csv = rows.map((cells) => `id,${cells.map(escapeCsvCell).join(',')},2\r\n`).join('')
          expect(cellsOfSpreadsheets(csv).filter(isFormula)).toEqual([])
        },
      ),
      runs(3000),
    )
    for (const text of HOSTILE)
      expect(cellsOfSpreadsheets(`${escapeCsvCell(text)},x\r\n`).filter(isFormula)).toEqual([])
  })

  test('the model of the spreadsheets finds formulas', () => {
    for (const csv of [
      '=1\r\n',
      'a;=1',
      'a\t+1',
      'x,"a;=1"',
      'x,"a\n=1"',
      'x,"a\r=1",b',
      'a;"=1"',
      'x,"a;""=1"""',
      'a;  "" =1',
      ';\ufeff@x',
    ])
      expect(cellsOfSpreadsheets(csv).some(isFormula)).toBe(true)
  })

  test.each([
    ['=1+1', "'=1+1"],
    ["'=1+1", "''=1+1"],
    ['x;=1+1', '"x;\'=1+1"'],
    ['x;"=1+1"', '"x;\'""=1+1"""'],
    ['x\t=1', '"x\t\'=1"'],
    ['x\r\n=1\r-1', '"x\r\n\'=1\r\'-1"'],
    ["x;'y", '"x;\'\'y"'],
    ['jane@example.com', 'jane@example.com'],
    ['Groß, Jürgen', '"Groß, Jürgen"'],
    ["O'Brien; Jane", '"O\'Brien; Jane"'],
    ['a - b = c', 'a - b = c'],
    ['forbidden: x; y', '"forbidden: x; y"'],
  ])('%j is written %s', (text, written) => {
    expect(escapeCsvCell(text)).toBe(written)
  })

  test('takes its time in proportion to the cell', () => {
    const start = performance.now()
    for (const piece of [';', '\t', '\r', '\n', ' ', '"', "'", '=', ';=', '\u200b', 'a']) {
      const text = piece.repeat(300_000)
      expect(
        unescapeCsvCell(
          escapeCsvCell(text)
            .replace(/^"(.*)"$/s, '$1')
            .replaceAll('""', '"'),
        ),
      ).toBe(text)
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('the log', () => {
  test('no text is a command to the runner', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, text) => {
        expect(readCommands(logText(text))).toEqual([])
        expect(readCommands(`${logText(before)}\n${logText(text)}`)).toEqual([])
        expect(readCommands(`  ${logText(text)}`)).toEqual([])
      }),
      runs(1000),
    )
    for (const text of HOSTILE) expect(readCommands(logText(text))).toEqual([])
  })

  test('the model of the runner finds commands', () => {
    for (const text of ['::error::x', '  ::error file=a::x', 'a\u2028::error::x', 'a ##[error]x', ':\u200b:error::x']) {
      expect(readCommands(text)).toHaveLength(1)
    }
  })

  test('harmless text stays as it is', () => {
    for (const text of ['a::b', 'fe80::1 and ::1', 'C++ std::vector', '# heading', 'Jürgen Ågren, 東京', '👩‍👩‍👧']) {
      expect(logText(text)).toBe(text)
    }
  })

  test('nothing is hidden, and nothing breaks the line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(logText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]/)
      }),
    )
  })
})
