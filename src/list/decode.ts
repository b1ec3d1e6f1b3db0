import { isUtf8 } from 'node:buffer'

export type Decoded =
  | { readonly ok: true /** UTF-8 without a byte order mark. */; readonly text: Buffer }
  | { readonly ok: false /** What is wrong and what to do; without any text of the file. */; readonly message: string }

const UTF8_MARK = [0xef, 0xbb, 0xbf]
const UTF16LE_MARK = [0xff, 0xfe]
const UTF16BE_MARK = [0xfe, 0xff]
/** How .xlsx and all other zip archives begin. The letters PK alone could be a header. */
const ZIP = [0x50, 0x4b, 0x03, 0x04]
/** How the .xls of old begins. */
const XLS = [0xd0, 0xcf, 0x11, 0xe0]
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
  if (startsWith(buffer, UTF16LE_MARK)) return decodeUtf16(buffer, 'utf-16le')
  if (startsWith(buffer, UTF16BE_MARK)) return decodeUtf16(buffer, 'utf-16be')
  if (startsWith(buffer, ZIP) || startsWith(buffer, XLS)) {
    return refuse(`it is not text but a spreadsheet or a zip archive. ${FIX}`)
  }
  const text = startsWith(buffer, UTF8_MARK) ? buffer.subarray(UTF8_MARK.length) : buffer
  if (text.includes(0)) {
    return refuse(
      looksLikeUtf16(text)
        ? `it looks like UTF-16 without a byte order mark. ${FIX}`
        : `it is not text: it holds NUL bytes, as binary files do. ${FIX}`,
    )
  }
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
  let even = 0
  let odd = 0
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue
    if (index % 2 === 0) even++
    else odd++
  }
  return Math.min(even, odd) === 0 && Math.max(even, odd) * 4 > sample.length
}

function startsWith(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte)
}

function refuse(message: string): Decoded {
  return { ok: false, message }
}
