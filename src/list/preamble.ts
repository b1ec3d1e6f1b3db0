const LINE_FEED = 0x0a
/** What blank lines of an export are made of: blanks, tabs, delimiters and the carriage return of a line end. */
const BLANK_BYTES: ReadonlySet<number> = new Set([0x20, 0x09, 0x2c, 0x3b, 0x0d, LINE_FEED])
/** Bytes in which a line that names the delimiter ends; whoever saves it again may fill it up with delimiters. */
const NAMING_BYTES = 1 << 10
/** A delimiter named as Excel reads it; a program that does not know the line may have quoted it. */
const NAMING = /^("?)sep=([^"\r\n])\1\2*[ \t]*(?:\r?\n|$)/i

/** What stands before the header. */
export interface Preamble {
  readonly bytes: number
  readonly lines: number
  /** As a first line `sep=X` names it; null without one. */
  readonly delimiter: string | null
}

/**
 * Reads the blank lines that a list begins with, and the line `sep=X` for spreadsheets. They are taken off before
 * parsing: csv-parse takes the first row it sees as the measure of all others, and makes an error of each row that has
 * another width, which takes six times as long.
 */
export function readPreamble(text: Buffer): Preamble {
  const blank = blankLines(text, 0)
  const [named, , delimiter] = NAMING.exec(text.toString('utf8', blank.bytes, blank.bytes + NAMING_BYTES)) ?? []
  if (named === undefined || delimiter === undefined) return { ...blank, delimiter: null }
  const more = blankLines(text, blank.bytes + Buffer.byteLength(named))
  return { bytes: more.bytes, lines: blank.lines + 1 + more.lines, delimiter }
}

function blankLines(text: Uint8Array, from: number): { readonly bytes: number; readonly lines: number } {
  let bytes = from
  let lines = 0
  for (let at = from; at < text.length && BLANK_BYTES.has(text[at] ?? 0); at++) {
    if (text[at] !== LINE_FEED) continue
    bytes = at + 1
    lines++
  }
  return { bytes, lines }
}
