import { ACCOUNT_ID } from '../account/account-id.ts'
import { type Approval, WAIVABLE, type Waivable } from '../account/settings.ts'
import { quote } from '../text/words.ts'

/** A value, or a sentence that says what is allowed. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly allowed: string }

const accept = <T>(value: T): Parsed<T> => ({ ok: true, value })
const refuse = (allowed: string): { readonly ok: false; readonly allowed: string } => ({ ok: false, allowed })

/** One of a closed set of words, as written. */
export function parseChoice<const T extends string>(text: string, choices: readonly T[]): Parsed<T> {
  const found = choices.find((choice) => choice === text)
  return found === undefined ? refuse(`one of ${choices.map((choice) => `"${choice}"`).join(', ')}`) : accept(found)
}

export function parseBoolean(text: string): Parsed<boolean> {
  const parsed = parseChoice(text, ['true', 'false'])
  return parsed.ok ? accept(parsed.value === 'true') : parsed
}

/** A plain decimal integer: no sign, exponent, fraction, blank or leading zero. */
export function parseInteger(text: string, least: number, most: number): Parsed<number> {
  const allowed = `a whole number from ${least} to ${most}, in digits`
  if (!/^(0|[1-9][0-9]{0,8})$/.test(text)) return refuse(allowed)
  const value = Number(text)
  return value >= least && value <= most ? accept(value) : refuse(allowed)
}

/** Requests per second: `unlimited`, or a plain decimal number above zero. */
export function parseRate(text: string): Parsed<number> {
  if (text === 'unlimited') return accept(Number.POSITIVE_INFINITY)
  const value = /^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$/.test(text) ? Number(text) : 0
  return value > 0 ? accept(value) : refuse('"unlimited", or a number above 0 such as "5" or "0.5"')
}

/** Run ids and the like; empty stands for the run itself. */
export function parseRunId(text: string): Parsed<string> {
  return /^[0-9]{0,20}$/.test(text) ? accept(text) : refuse('the digits of a run id, or nothing for this run')
}

export function parseOrganizationId(text: string): Parsed<string> {
  return /^[A-Za-z0-9-]{0,64}$/.test(text)
    ? accept(text)
    : refuse('up to 64 letters, digits and hyphens, as in the address of admin.atlassian.com/o/…')
}

/** A plan digest, or `none`, which becomes the empty text. */
export function parseDigest(text: string): Parsed<string> {
  if (text === 'none') return accept('')
  return /^sha256:[0-9a-f]{64}$/.test(text)
    ? accept(text)
    : refuse('"none", or the output "plan-digest" of the reviewed plan: "sha256:" and 64 hexadecimal digits')
}

/** An account id or one e-mail address. */
export function parsePerson(text: string): Parsed<string> {
  const email = /^[^\s@,;<>"*:]+@[^\s@,;<>"*:]+$/.test(text)
  return text === '' || email || ACCOUNT_ID.test(text) ? accept(text) : refuse('one account id or one e-mail address')
}

/** The organization API key. Its text must never be quoted. */
export function parseKey(text: string): Parsed<string> {
  return /^[\x21-\x7e]*$/.test(text)
    ? accept(text)
    : refuse('one API key on one line, without blanks and without "Bearer"')
}

export function parseApproval(text: string): Parsed<Approval> {
  if (text === 'none' || text === 'pull-request') return accept({ kind: text })
  const name = text.startsWith('environment:') ? text.slice('environment:'.length).trim() : ''
  return name === ''
    ? refuse('"none", "pull-request", or "environment:" and the name of an environment')
    : accept({ kind: 'environment', name })
}

export function parseWaive(text: string): Parsed<ReadonlySet<Waivable>> {
  const names = text
    .split(/[,\n\r]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const known = names.map((name) => WAIVABLE.find((waivable) => waivable === name))
  return known.every((name) => name !== undefined)
    ? accept(new Set(known))
    : refuse(`${WAIVABLE.map(quote).join(' and ')}; no other guard can be waived`)
}

/** GitHub's rule for artifact names. */
const ARTIFACT_NAME = /^[^":<>|*?\r\n\\/]{1,200}$/

export function parseArtifactName(text: string): Parsed<string> {
  return text === '' || ARTIFACT_NAME.test(text)
    ? accept(text)
    : refuse(`a name of at most 200 characters without " : < > | * ? \\ / and line breaks`)
}

/** One name a line. */
export function parseArtifactNames(text: string): Parsed<readonly string[]> {
  const names = text
    .split(/\r?\n/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (!names.every((name) => ARTIFACT_NAME.test(name))) return refuse('names of artifacts, one a line')
  return accept([...new Set(names)])
}

const ATLASSIAN_DOMAINS = ['atlassian.com', 'atlassian-us-gov-mod.com']

/** The one origin that ever receives the key: Atlassian's over TLS, or a loopback address. */
export function parseApiUrl(text: string): Parsed<string> {
  const allowed = `an https origin under ${ATLASSIAN_DOMAINS.join(' or ')}, or a loopback address, without a path`
  const url = URL.parse(text)
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return refuse(allowed)
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse(allowed)
  }
  if (isLoopback(url.hostname)) return accept(url.origin)
  const atlassian = ATLASSIAN_DOMAINS.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`))
  return atlassian && url.protocol === 'https:' ? accept(url.origin) : refuse(allowed)
}

/** Whether a host name of a parsed URL can only be this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(hostname)
}
