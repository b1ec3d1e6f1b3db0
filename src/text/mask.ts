import { createIntern } from './intern.ts'

/** The sign in an address, also as a URL, JSON or HTML writes it, once or twice. */
const AT =
  /@|＠|﹫|%(?:25){0,4}40|\\u0040|\\u\{40\}|\\x40|&(?:amp;){0,4}(?:#0*64(?!\d)|#x0*40(?![\da-f])|commat(?=;));?/gi
/** What cannot stand in the unquoted local part of an address: there it begins. */
const BEFORE_LOCAL = /[\s<>()[\],;:"\\@＠﹫]/
/** Punctuation that text puts around an address, rather than the address's own. */
const LEADING = /^['`*_~{}|=/.!?#$%&^+-]+/
/** An address without anything odd in it. */
const PLAIN = /^[a-zA-Z0-9][a-zA-Z0-9.+_-]*@[a-zA-Z0-9.-]+$/
const sameText = createIntern(String)

/** `jane@example.com` as `j…@example.com`. A text without a sign counts as a local part, as it stands for an address. */
export function maskEmail(email: string): string {
  // Nearly all addresses are plain, and there may be a million; few are told apart once they are masked.
  if (PLAIN.test(email)) return sameText(`${email.charAt(0)}…${email.slice(email.indexOf('@'))}`)
  const at = [...email.matchAll(AT)].at(-1)
  if (at === undefined) return shortenLocal(email)
  const [domain] = email.slice(at.index + at[0].length).split(/[\s<>(),;"]/, 1)
  return `${shortenLocal(email.slice(0, at.index))}${at[0]}${domain}`
}

/** The text with every address in it shortened; doing it twice changes nothing more. */
export function maskText(text: string): string {
  let masked = ''
  let done = 0
  for (const { start, at, end } of addressesIn(text)) {
    const local = text.slice(start, at)
    const [leading = ''] = LEADING.exec(local) ?? []
    // Not a mention, which has no local part, nor a pattern for everybody, such as `*@example.com`.
    const shown = leading === local ? local : `${leading}${shortenLocal(local)}`
    masked += `${text.slice(done, start)}${shown}${text.slice(at, end)}`
    done = end
  }
  return masked + text.slice(done)
}

/** Where addresses begin, and where their sign begins and ends. Signs before the last are part of the local part. */
export function* addressesIn(text: string) {
  let end = 0
  for (const { 0: sign, index: at } of text.matchAll(AT)) {
    const start = localStart(text, at, end)
    end = at + sign.length
    yield { start, at, end }
  }
}

/** Its first letter, and `…` for the rest, however long that is. */
function shortenLocal(local: string): string {
  const bare = local.replace(/^["\s<(]+/, '').replace(LEADING, '')
  const [first = '…'] = bare
  return first === '…' ? first : `${first}…`
}

/** Where the local part begins that ends before `end`: at a quote for `"jane doe"@example.com`, else behind a blank. */
function localStart(text: string, end: number, from: number): number {
  let start = end
  if (text[start - 1] === '"') {
    const quote = text.lastIndexOf('"', end - 2)
    start = quote >= from ? quote : start - 1
  }
  while (start > from && !BEFORE_LOCAL.test(text.charAt(start - 1))) start--
  return start
}
