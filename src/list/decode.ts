import { isUtf8 } from 'node:buffer'

/** UTF-8 without a byte order mark, or what is wrong and what to do. */
type Decoded = { readonly ok: true; readonly text: Buffer } | { readonly ok: false; readonly message: string }

/** How files begin, byte for byte. The letters PK alone could be a header; the second is an .xls of old. */
const UTF8_MARK = '\xef\xbb\xbf'
const SPREADSHEETS = ['PK\x03\x04', '\xd0\xcf\x11\xe0']
/** Bytes that are looked at to tell UTF-16 from a binary file. */
const SAMPLE_BYTES = 4096

/** Decodes UTF-8, or UTF-16 with a byte order mark. All else is refused, guessing at what it is, without its text. */
export function decodeText(bytes: Uint8Array): Decoded {
  const refuse = (what: string): Decoded => ({ ok: false, message: `${what} Save it as CSV (UTF-8).` })
  const accept = (text: Buffer): Decoded =>
    text.length > 0 ? { ok: true, text } : { ok: false, message: 'the file is empty.' }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = buffer.toString('latin1', 0, 4)
  if (/^(?:\xff\xfe|\xfe\xff)/.test(start)) {
    const text = decodeUtf16(buffer, start.startsWith('\xff') ? 'utf-16le' : 'utf-16be')
    const isText = text !== null && !text.includes(0)
    return isText ? accept(text) : refuse('it begins like UTF-16 but is not valid text.')
  }
  if (SPREADSHEETS.includes(start)) return refuse('it is not text but a spreadsheet or a zip archive.')
  const text = start.startsWith(UTF8_MARK) ? buffer.subarray(UTF8_MARK.length) : buffer
  if (looksLikeUtf16(text)) return refuse('it looks like UTF-16 without a byte order mark.')
  if (text.includes(0)) return refuse('it is not text: it holds NUL bytes, as binary files do.')
  if (isUtf8(text)) return accept(text)
  return refuse('it is not valid UTF-8; a spreadsheet may have saved it as Windows-1252.')
}

function decodeUtf16(buffer: Buffer, encoding: string): Buffer | null {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(buffer))
  } catch {
    return null
  }
}

/** In UTF-16, plain letters have a NUL as every second byte, and on one side only. */
function looksLikeUtf16(text: Buffer): boolean {
  const sample = text.subarray(0, SAMPLE_BYTES)
  const zeros = [0, 1].map((side) => sample.filter((byte, index) => byte === 0 && index % 2 === side).length)
  return Math.min(...zeros) === 0 && Math.max(...zeros) * 4 > sample.length
}
