const LINE_FEED = 0x0a
/** What blank lines of an export are made of: blanks, tabs, delimiters and the carriage return of a line end. */
const BLANK_BYTES: ReadonlySet<number> = new Set([0x20, 0x09, 0x2c, 0x3b, 0x0d, LINE_FEED])

/**
 * The blank lines that a list begins with. They are taken off before parsing: csv-parse takes the first row it sees as
 * the measure of all others, and makes an error of each row that has another width, which takes six times as long.
 *
 * @returns their bytes, and how many lines they are
 */
export function leadingBlankLines(text: Uint8Array): { readonly bytes: number; readonly lines: number } {
  let bytes = 0
  let lines = 0
  for (let at = 0; at < text.length && BLANK_BYTES.has(text[at] ?? 0); at++) {
    if (text[at] !== LINE_FEED) continue
    bytes = at + 1
    lines++
  }
  return { bytes, lines }
}
