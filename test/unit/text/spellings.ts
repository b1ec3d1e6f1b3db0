/** A key of the form that Atlassian gives its organizations' keys, made up. */
export const KEY =
  'ATCTT3xFfGN0hV7kQ2_wRz-9mLc4TnYbXs8EpJd5oUaGi1vKq6fHtW3xZrB0yNlCeMgSj2uPwDk8VhAo4Qb7RfXnTz5LiYp9-KcEd1_mJsGvU3aWqHt6BxOo0ZyNr2F=0A1B2C3D'

const each = (write: (code: number) => string) => (text: string) =>
  [...text].map((character) => write(character.charCodeAt(0))).join('')
/** Only what is no letter and no digit. */
const signs = (write: (code: number) => string) => (text: string) =>
  text.replaceAll(/[^0-9A-Za-z]/g, (sign) => write(sign.charCodeAt(0)))
/** Every third character, so that what is written plainly stands in pieces. */
const some = (write: (code: number) => string) => (text: string) =>
  [...text].map((character, at) => (at % 3 === 0 ? write(character.charCodeAt(0)) : character)).join('')
const hex = (code: number, digits = 2): string => code.toString(16).padStart(digits, '0')
const joined = (by: string) => (text: string) => [...text].join(by)
const lined = (by: string, length: number) => (text: string) =>
  (text.match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join(by)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const WRITTEN: Readonly<Record<string, (code: number) => string>> = {
  'percent-encoded': (code) => `%${hex(code).toUpperCase()}`,
  'percent-encoded in lower case': (code) => `%${hex(code)}`,
  'percent-encoded twice': (code) => `%25${hex(code)}`,
  'percent-encoded four times': (code) => `%252525${hex(code)}`,
  'percent-encoded as by escape()': (code) => `%u${hex(code, 4)}`,
  'escaped for JSON': (code) => `\\u${hex(code, 4)}`,
  'escaped for JSON in upper case': (code) => `\\u${hex(code, 4).toUpperCase()}`,
  'escaped for JSON twice': (code) => `\\\\u${hex(code, 4)}`,
  'escaped for JavaScript': (code) => `\\x${hex(code)}`,
  'escaped for JavaScript by code point': (code) => `\\u{${hex(code)}}`,
  'as decimal entities': (code) => `&#${code};`,
  'as padded decimal entities': (code) => `&#00000${code};`,
  'as hexadecimal entities': (code) => `&#x${hex(code)};`,
  'as hexadecimal entities in upper case': (code) => `&#X${hex(code).toUpperCase()};`,
  'as entities twice': (code) => `&amp;#${code};`,
  'as entities three times': (code) => `&amp;amp;#x${hex(code)};`,
  'as entities in a URL': (code) => `%26%23${code}%3B`,
  'quoted-printable': (code) => `=${hex(code).toUpperCase()}`,
}

/** Ways in which an answer may write a secret that it repeats. */
export const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it stands': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'in lower case': (text) => text.toLowerCase(),
  ...Object.fromEntries(Object.entries(WRITTEN).map(([name, write]) => [`${name}, every character`, each(write)])),
  ...Object.fromEntries(Object.entries(WRITTEN).map(([name, write]) => [`${name}, signs alone`, signs(write)])),
  ...Object.fromEntries(Object.entries(WRITTEN).map(([name, write]) => [`${name}, in parts`, some(write)])),
  'as named entities': (text) =>
    text.replaceAll('=', '&equals;').replaceAll('_', '&lowbar;').replaceAll('-', '&hyphen;'),
  'as named entities twice': (text) => text.replaceAll('=', '&amp;equals;').replaceAll('_', '&amp;lowbar;'),
  'with slashes escaped': (text) => text.replaceAll(/[-_]/g, '\\/'),
  'with slashes turned': (text) => text.replaceAll(/[-_]/g, '\\'),
  'in base64': base64,
  'in base64 behind one byte': (text) => base64(`:${text}`),
  'in base64 behind two bytes': (text) => base64(`a:${text}`),
  'in base64 of a header': (text) => base64(`Bearer ${text}`),
  'in base64 between other words': (text) => base64(`user:${text}@host`),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
  'in base64 for a URL': (text) => encodeURIComponent(base64(text)),
  'in base64 in lines': (text) => lined('\r\n', 76)(base64(text)),
  'in hex': (text) => Buffer.from(text).toString('hex'),
  'in hex in capitals': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'in hex by byte': (text) => lined(' ', 2)(Buffer.from(text).toString('hex')),
  'with blanks in between': joined(' '),
  'with characters of no width in between': joined('\u200b'),
  'with soft hyphens in between': joined('\u00ad'),
  'in lines': lined('\r\n', 20),
  'in lines of a JSON text': lined('\\n', 20),
  'in lines of mail': lined('=\r\n', 20),
  'in quoted pieces': lined('" + "', 20),
}
