import { isUtf8 } from 'node:buffer'

export type Decoded =
  | { readonly ok: true /** UTF-8 without a byte order mark. */; readonly text: Buffer }
  | { readonly ok: false /** What is wrong and what to do; without any text of the file. */; readonly message: string }

/** How files begin, byte for byte. The letters PK alone could be a header; the second is an .xls of old. */
const UTF8_MARK = '\xef\xbb\xbf'
const SPREADSHEETS = ['PK\x03\x04', '\xd0\xcf\x11\xe0']
/** Bytes that are looked at to tell UTF-16 from a binary file. */
const SAMPLE_BYTES = 4096

const FIX = 'Save it as CSV (UTF-8).'

/**
 * Decodes a text file: UTF-8 with or without a byte order mark, or UTF-16 with one. A file that is neither is
 * refused with a guess at what it is.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const decoded = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return decoded.ok && decoded.text.length === 0 ? refuse('the file is empty.') : decoded
}

function decode(buffer: Buffer): Decoded {
  const start = buffer.toString('latin1', 0, 4)
  if (start.startsWith('\xff\xfe')) return decodeUtf16(buffer, 'utf-16le')
  if (start.startsWith('\xfe\xff')) return decodeUtf16(buffer, 'utf-16be')
  if (SPREADSHEETS.includes(start)) return refuse(`it is not text but a spreadsheet or a zip archive. ${FIX}`)
  const text = start.startsWith(UTF8_MARK) ? buffer.subarray(UTF8_MARK.length) : buffer
  if (looksLikeUtf16(text)) return refuse(`it looks like UTF-16 without a byte order mark. ${FIX}`)
  if (text.includes(0)) return refuse(`it is not text: it holds NUL bytes, as binary files do. ${FIX}`)
  if (isUtf8(text)) return { ok: true, text }
  return refuse(`it is not valid UTF-8; a spreadsheet may have saved it as Windows-1252. ${FIX}`)
}

function decodeUtf16(buffer: Buffer, encoding: 'utf-16le' | 'utf-16be'): Decoded {
  try {
    const text = Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(buffer))
    if (!text.includes(0)) return { ok: true, text }
  } catch {
    // Told below.
  }
  return refuse(`it begins like UTF-16 but is not valid text. ${FIX}`)
}

/** In UTF-16, plain letters have a NUL as every second byte, and on one side only. */
function looksLikeUtf16(text: Buffer): boolean {
  const sample = text.subarray(0, SAMPLE_BYTES)
  const zeros = [0, 1].map((side) => sample.filter((byte, index) => byte === 0 && index % 2 === side).length)
  return Math.min(...zeros) === 0 && Math.max(...zeros) * 4 > sample.length
}

function refuse(message: string): Decoded {
  return { ok: false, message }
}
