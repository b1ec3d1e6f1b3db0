import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText } from '../../../src/list/decode.ts'

const TEXT = 'User id,Name\r\na,Łukasik 😀\r\n'
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

/** The text, or the message of a refusal. */
function decoded(bytes: Uint8Array): string {
  const outcome = decodeText(bytes)
  return outcome.ok ? outcome.text.toString('utf8') : `refused: ${outcome.message}`
}

describe('a text is decoded', () => {
  test.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16 little-endian with a mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 big-endian with a mark', utf16be(`\ufeff${TEXT}`)],
  ])('%s', (_, bytes) => {
    expect(decoded(bytes)).toBe(TEXT)
  })

  test('from the middle of a larger piece of memory', () => {
    const memory = Buffer.from(`xx${TEXT}yy`)
    expect(decoded(new Uint8Array(memory.buffer, memory.byteOffset + 2, memory.length - 4))).toBe(TEXT)
  })

  test('whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!text.includes('\0') && !text.startsWith('\ufeff') && !text.startsWith('PK\x03\x04'))
        expect(decoded(Buffer.from(text))).toBe(text)
        expect(decoded(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text)
        expect(decoded(utf16be(`\ufeff${text}`))).toBe(text)
      }),
    )
  })
})

describe('what is no text is refused', () => {
  test.each([
    ['nothing at all', Buffer.alloc(0), /empty/],
    ['only a mark', Buffer.from('\ufeff'), /empty|header/],
    ['a spreadsheet', Buffer.from('PK\x03\x04\x14\0\x06\0'), /spreadsheet/],
    ['UTF-16 without a mark', Buffer.from('User id\na\n', 'utf16le'), /UTF-16 without/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x55, 0, 0, 0]), /not valid text/],
    ['a NUL', Buffer.from('User id\na\0b\n'), /NUL/],
    ['a NUL in UTF-16', Buffer.from('\ufeffUser id\na\0b\n', 'utf16le'), /not valid text/],
    ['half a character of UTF-16', Buffer.from('\ufeffUser id', 'utf16le').subarray(0, -1), /not valid text/],
    ['half a pair of UTF-16', Buffer.from('\ufeffa\ud83d', 'utf16le'), /not valid text/],
    ['Windows-1252', Buffer.from('User id,Name\na,Müller\n', 'latin1'), /Windows-1252/],
    ['UTF-8 that is cut', Buffer.from('User id,Name\na,ü').subarray(0, -1), /not valid UTF-8/],
  ])('%s', (_, bytes, message) => {
    expect(decoded(bytes)).toMatch(/^refused: /)
    expect(decoded(bytes)).toMatch(message)
  })
})
