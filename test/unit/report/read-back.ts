import { CsvError, parse as parseCsv } from 'csv-parse/sync'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { SaxesParser } from 'saxes'

/** An element of a page, with its text. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** All text in it, children included. */
  readonly text: string
}

/** Every element of an HTML document, in document order, as a browser's parser finds them. */
export function readHtml(html: string): readonly Element[] {
  const elements: Element[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): string => {
    if ('value' in node) return node.value
    if (!('childNodes' in node)) return ''
    const place = elements.length
    if ('tagName' in node) elements.push({ name: '', attributes: {}, text: '' })
    const text = node.childNodes.map(visit).join('')
    if ('tagName' in node) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]))
      elements[place] = { name: node.tagName, attributes, text }
    }
    return text
  }
  visit(parse(html))
  return elements
}

/** Markdown as GitHub would show it. Characters of no width that keep things apart are taken out. */
export function readMarkdown(markdown: string): readonly Element[] {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  return readHtml(html).map((element) => ({ ...element, text: element.text.replaceAll('\u200b', '') }))
}

/** Every element of an XML document; throws where it is not well-formed. */
export function readXml(xml: string): readonly Element[] {
  const elements: Element[] = []
  const open: number[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    open.push(elements.length)
    elements.push({ name, attributes, text: '' })
  })
  const add = (text: string): void => {
    for (const index of open) {
      const element = elements[index]
      if (element !== undefined) elements[index] = { ...element, text: element.text + text }
    }
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => open.pop())
  parser.write(xml).close()
  return elements
}

/** A command that the runner would carry out. */
export interface Command {
  readonly name: string
  readonly data: string
}

/** Characters that the runner's culture-sensitive comparisons pass over. */
const WEIGHTLESS = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu

/**
 * The commands that the runner finds in a text (`ActionCommandManager`): `::name …::` at the start of a line, behind
 * blanks; `##[name]` anywhere. It reads lines as .NET does, here at every character that breaks one anywhere.
 */
export function readCommands(log: string): readonly Command[] {
  const commands: Command[] = []
  for (const raw of log.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)) {
    const line = raw.replaceAll(WEIGHTLESS, '')
    const modern = /^[\s\ufffd]*::([^:]*)::(.*)$/.exec(line)
    if (/^[\s\ufffd]*::/.test(line)) commands.push({ name: modern?.[1] ?? '', data: modern?.[2] ?? '' })
    const old = /##\[([^\]]*)\]?(.*)$/.exec(line)
    if (old !== null) commands.push({ name: old[1] ?? '', data: old[2] ?? '' })
  }
  return commands
}

/**
 * Every cell that a spreadsheet makes of a CSV file in some locale, with each separator: as csv-parse reads it in its
 * relaxed mode, up to where that gives up, and as office programs do, which never give up.
 */
export function cellsOfSpreadsheets(csv: string): readonly string[] {
  return [',', ';', '\t'].flatMap((separator) => [...relaxedCells(csv, separator), ...officeCells(csv, separator)])
}

function relaxedCells(csv: string, delimiter: string): readonly string[] {
  const cells: string[] = []
  try {
    parseCsv(csv, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_quotes: true,
      relax_column_count: true,
      on_record: (record: string[]) => {
        cells.push(...record)
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
  }
  return cells
}

/** A quote at the start of a cell, also behind blanks, encloses text up to the next single one; what follows is added. */
function officeCells(csv: string, separator: string): readonly string[] {
  const cells: string[] = []
  let at = csv.startsWith('\ufeff') ? 1 : 0
  while (at < csv.length) {
    let cell = ''
    const quoted = /^ *"/.exec(csv.slice(at))
    if (quoted !== null) {
      at += quoted[0].length
      for (; at < csv.length; at++) {
        if (csv[at] === '"' && csv[++at] !== '"') break
        cell += csv[at] ?? ''
      }
    }
    while (at < csv.length && csv[at] !== separator && !/[\r\n]/.test(csv[at] ?? '')) cell += csv[at++]
    cells.push(cell)
    at++
  }
  return cells
}

/** Whether a spreadsheet could take the cell for a formula: it may pass over blanks, quotes and what cannot be seen. */
export function isFormula(cell: string): boolean {
  return /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}"]*[=+\-@＝＋－＠﹦﹢﹣﹫−]/u.test(cell)
}
