import { ACCOUNT_ID } from '../account/account-id.ts'
import type { Selector } from '../account/selector.ts'
import type { Refused } from '../list/user-list.ts'
import { parseSelectors } from '../plan/selector.ts'
import { quote } from '../text/words.ts'
import { isLoopback } from '../world/loopback.ts'

/** Reads the text of an input, blanks and line ends around it taken off. */
export type Parser<T> = (text: string) => Parsed<T>

type Parsed<T> = { readonly ok: true; readonly value: T } | Refusal | { readonly ok: false; readonly lines: Refused }

/** What is allowed, and what was found where that is not the whole text. */
export type Refusal = { readonly ok: false; readonly allowed: string; readonly found?: string }

const accept = <T>(value: T): Parsed<T> => ({ ok: true, value })
const refuse = (allowed: string): Refusal => ({ ok: false, allowed })

/** Takes what `read` makes of a text; undefined is refused. */
const parser =
  <T>(allowed: string, read: (text: string) => T | undefined): Parser<T> =>
  (text) => {
    const value = read(text)
    return value === undefined ? refuse(allowed) : accept(value)
  }

const matching = (pattern: RegExp, allowed: string): Parser<string> =>
  parser(allowed, (text) => (pattern.test(text) ? text : undefined))

/** What cannot be seen, looks like a blank and is none, or could not be read. */
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\ufffd]--[ ]]/gv

/** The characters of a text that cannot be told from nothing or from a blank: `U+200B`. */
export function unseenIn(text: string): readonly string[] {
  const codes = [...text.matchAll(UNSEEN)].map(([character]) => character.codePointAt(0) ?? 0)
  return [...new Set(codes)].map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
}

/** Names of people and places that look the same must not differ, or a protection misses whom it names. */
const seen =
  <T>(allowed: string, read: (text: string) => T | undefined): Parser<T> =>
  (text) =>
    unseenIn(text).length === 0 ? parser(allowed, read)(text) : refuse(`${allowed}, without invisible characters`)

/** Text that nobody has to understand. */
export const anything: Parser<string> = accept

/** One of a closed set of words, as written. */
export const choice = <const T extends string>(words: readonly T[]): Parser<T> =>
  parser(`one of ${words.map(quote).join(', ')}`, (text) => words.find((word) => word === text))

export const boolean: Parser<boolean> = (text) => {
  const parsed = choice(['true', 'false'])(text)
  return parsed.ok ? accept(parsed.value === 'true') : parsed
}

/** A plain decimal integer: no sign, exponent, fraction, blank or leading zero, and none but the digits 0 to 9. */
export const integer = (least: number, most: number): Parser<number> =>
  parser(`a whole number from ${least} to ${most}, in digits`, (text) => {
    const value = /^(0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  })

/** Days that an artifact is kept; empty: as the repository is set. */
export const retention: Parser<number | null> = (text) => (text === '' ? accept(null) : integer(1, 400)(text))

/** Requests per second: `unlimited`, or a plain decimal number above zero. */
export const rate = parser('"unlimited", or a number above 0 such as "5" or "0.5"', (text) => {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY
  const value = /^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$/.test(text) ? Number(text) : 0
  return value > 0 ? value : undefined
})

/** Empty stands for the run itself. Longer ids than JavaScript holds exactly would become those of another run. */
export const runId = matching(/^([1-9][0-9]{0,14})?$/, 'the digits of a run id, or nothing for this run')

export const organizationId = matching(
  /^[A-Za-z0-9-]{0,64}$/,
  'up to 64 letters, digits and hyphens, as in the address of admin.atlassian.com/o/…',
)

const DIGEST = '"none", or the output "plan-digest" of the reviewed plan: "sha256:" and 64 hexadecimal digits'

/** A plan digest, or `none`, which becomes the empty text. */
export const digest: Parser<string> = (text) =>
  text === 'none' ? accept('') : matching(/^sha256:[0-9a-f]{64}$/, DIGEST)(text)

/** With `…` it is an address of a masked report, which is nobody's. */
const EMAIL = /^[^\s@,;<>"*:…]+@[^\s@,;<>"*:…]+$/

export const person = seen('one account id or one e-mail address', (text) =>
  text === '' || EMAIL.test(text) || ACCOUNT_ID.test(text) ? text : undefined,
)

/** A key or a token. Its text must never be quoted. */
export const secret = matching(/^[\x21-\x7e]*$/, 'one key or token on one line, without blanks and without "Bearer"')

export const path = seen('a path', String)

type Approval = { readonly kind: 'none' | 'pull-request' } | { readonly kind: 'environment'; readonly name: string }

const APPROVALS = '"none", "pull-request", or "environment:" and the name of an environment'

export const approval = seen<Approval>(APPROVALS, (text) => {
  if (text === 'none' || text === 'pull-request') return { kind: text }
  const name = text.startsWith('environment:') ? trimmed(text.slice('environment:'.length)) : ''
  // It becomes a part of an address, where dots alone lead elsewhere.
  return /^\.{0,2}$/.test(name) ? undefined : { kind: 'environment', name }
})

export const WAIVABLE = ['admins-unknown', 'max-percent'] as const

export const waive: Parser<ReadonlySet<(typeof WAIVABLE)[number]>> = (text) => {
  const names = piecesOf(text, /[,\n\r]/)
  const known = WAIVABLE.filter((waivable) => names.includes(waivable))
  const found = names.find((name) => !known.some((waivable) => waivable === name))
  if (found === undefined) return accept(new Set(known))
  return { ...refuse(`${WAIVABLE.map(quote).join(' and ')}; no other guard can be waived`), found }
}

const ARTIFACT_NAME = 'a name of at most 200 characters without " : < > | * ? \\ / and line breaks'

/** GitHub's rule. Empty: made from mode and attempt, or not given. */
export const artifactName = seen(ARTIFACT_NAME, (text) => (/^[^":<>|*?\r\n\\/]{0,200}$/.test(text) ? text : undefined))

/** One name per line. */
export const artifactNames: Parser<readonly string[]> = (text) => {
  const names = piecesOf(text, /[\r\n]/)
  for (const found of names) {
    const parsed = artifactName(found)
    if (!parsed.ok) return { ...parsed, found }
  }
  return accept([...new Set(names)])
}

export function selectors(source: 'exclude' | 'include'): Parser<readonly Selector[]> {
  return (text) => {
    const parsed = parseSelectors(text, source)
    if (!parsed.ok) return { ok: false, lines: parsed }
    if (source === 'exclude' || parsed.selectors.length > 0) return accept(parsed.selectors)
    return refuse('at least one selector; leave the input out to allow every account')
  }
}

const ATLASSIAN_DOMAINS = ['atlassian.com', 'atlassian-us-gov-mod.com']
const ORIGIN = `an https origin under ${ATLASSIAN_DOMAINS.join(' or ')}, or a loopback address, without a path`

/** The one origin that ever receives the key: Atlassian's over TLS, or a loopback address. */
export const apiUrl = seen(ORIGIN, (text) => {
  // As a reader takes it: the parser would also make an origin of "https:a", "https://@a", "http://127.1" or "https://a/b/..".
  const written = text
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2')
  const url = URL.parse(text)
  if (url === null || url.origin !== written || !/^https?:\/\/[^.]+(\.[^.]+)*$/.test(written)) return undefined
  if (isLoopback(url.hostname)) return url.origin
  const isAtlassian = ATLASSIAN_DOMAINS.some((domain) => `.${url.hostname}`.endsWith(`.${domain}`))
  return isAtlassian && url.protocol === 'https:' ? url.origin : undefined
})

/** Without ordinary blanks and line ends around it; what only looks like a blank stays, to be refused. */
export function trimmed(text: string): string {
  return text.replaceAll(/^[ \t\r\n]+|(?<![ \t\r\n])[ \t\r\n]+$/g, '')
}

function piecesOf(text: string, separator: RegExp): readonly string[] {
  return text
    .split(separator)
    .map(trimmed)
    .filter((piece) => piece !== '')
}
