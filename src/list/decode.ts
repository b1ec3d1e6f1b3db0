import { isUtf8 } from 'node:buffer'

export type Decoded =
  | { readonly ok: true /** UTF-8 without a byte order mark. */; readonly text: Buffer }
  | { readonly ok: false /** What is wrong and what to do. */; readonly message: string }

/**
 * Decodes a text file: UTF-8 with or without a byte order mark, or UTF-16 with one. A file that is no such text is
 * refused with a guess at what it is.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length === 0) return { ok: false, message: 'the file is empty.' }
  if (startsWith(buffer, [0xff, 0xfe])) return decodeUtf16(buffer, 'utf-16le')
  if (startsWith(buffer, [0xfe, 0xff])) return decodeUtf16(buffer, 'utf-16be')
  if (startsWith(buffer, [0x50, 0x4b, 0x03, 0x04])) {
    return { ok: false, message: 'it is no text but a spreadsheet or a zip archive. Save it as CSV (UTF-8).' }
  }
  const text = startsWith(buffer, [0xef, 0xbb, 0xbf]) ? buffer.subarray(3) : buffer
  if (text.includes(0)) {
    return { ok: false, message: 'it is no text, or UTF-16 without a byte order mark. Save it as CSV (UTF-8).' }
  }
  if (!isUtf8(text)) {
    return {
      ok: false,
      message: 'it is no valid UTF-8; a spreadsheet may have saved it as Windows-1252. Save it as CSV (UTF-8).',
    }
  }
  return { ok: true, text }
}

function decodeUtf16(buffer: Buffer, encoding: 'utf-16le' | 'utf-16be'): Decoded {
  try {
    const text = Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(buffer))
    if (!text.includes(0)) return { ok: true, text }
  } catch {
    // Told below.
  }
  return { ok: false, message: 'it begins like UTF-16 but is no valid text. Save it as CSV (UTF-8).' }
}

function startsWith(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte)
}
