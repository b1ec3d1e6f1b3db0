const LINE_FEED = 0x0a
/** What blank lines of an export are made of: blanks, tabs, delimiters and line ends. */
const BLANK_BYTES: ReadonlySet<number> = new Set(Buffer.from(' \t,;\r\n'))
/** Bytes in which a line that names the delimiter ends; whoever saves it again may fill it up with delimiters. */
const NAMING_BYTES = 1 << 10
/** A delimiter named as Excel reads it; a program that does not know the line may have quoted it. */
const NAMING = /^("?)sep=([^"\r\n])\1\2*[ \t]*(?:\r?\n|$)/i

/**
 * Reads what stands before the header: blank lines, and the line `sep=X` for spreadsheets, without which the delimiter is
 * null. They are taken off before parsing: csv-parse takes the first row that it sees as the measure of all others, and
 * makes an error of each row that has another width, which takes six times as long.
 */
export function readPreamble(text: Buffer) {
  const blank = blankLines(text, 0)
  const [named, , delimiter] = NAMING.exec(text.toString('utf8', blank.bytes, blank.bytes + NAMING_BYTES)) ?? []
  if (named === undefined || delimiter === undefined) return { ...blank, delimiter: null }
  const more = blankLines(text, blank.bytes + Buffer.byteLength(named))
  return { bytes: more.bytes, lines: blank.lines + 1 + more.lines, delimiter }
}

/** Where the blank lines end that begin at `from`, and how many they are. */
function blankLines(text: Buffer, from: number) {
  let [bytes, lines] = [from, 0]
  for (const [index, byte] of text.subarray(from).entries()) {
    if (!BLANK_BYTES.has(byte)) break
    if (byte !== LINE_FEED) continue
    bytes = from + index + 1
    lines++
  }
  return { bytes, lines }
}
