import leven from 'leven'
import { ACCOUNT_ID } from '../account/account-id.ts'
import type { Selector, SelectorSource } from '../account/selector.ts'
import { type ListProblem, MAX_PROBLEMS, type Refused } from '../list/user-list.ts'
import { visibleText } from '../text/visible.ts'
import { quote } from '../text/words.ts'

type SelectorsOutcome = { readonly ok: true; readonly selectors: readonly Selector[] } | Refused

const PREFIXES = ['group', 'role', 'status'] as const

/**
 * Reads selectors, one per line: an account id, an e-mail, an e-mail pattern, `group:NAME`, `role:NAME`,
 * `status:NAME`. `#` starts a comment at the start of a line or after a blank. Whatever is not clearly one selector is
 * a problem, because a rule that is misunderstood protects nobody.
 */
export function parseSelectors(text: string, source: SelectorSource): SelectorsOutcome {
  const selectors: Selector[] = []
  const problems: ListProblem[] = []
  let total = 0
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1
    const plain = written.replace(/(^|\s)#.*$/s, '').trim()
    if (plain === '') continue
    const parsed = parseSelector(plain)
    if (typeof parsed !== 'string') selectors.push({ ...parsed, text: plain, line, source })
    else if (++total <= MAX_PROBLEMS) problems.push({ line, found: plain, message: parsed })
  }
  return total === 0 ? { ok: true, selectors } : { ok: false, problems, total }
}

/** Sentences for a refusal. @param clean takes secrets and personal data out of a line before it is cut and repeated */
export function selectorRefusals(source: SelectorSource, refused: Refused, clean: (text: string) => string) {
  const problems = refused.problems.map(
    ({ line, found, message }) => `Input "${source}", line ${line}: found ${quote(clean(found))}. ${message}`,
  )
  return { problems, hidden: refused.total - problems.length }
}

const ALLOWED =
  'Allowed: one selector per line, an account id, an e-mail, an e-mail pattern such as "*@example.com", "group:NAME", "role:NAME" or "status:NAME".'
const IN_NAMES = 'In the name of a group, role or status write "*" for it.'
const SEVERAL = `This looks like several selectors. ${ALLOWED} In a YAML file write "|" after the name of the input, or its lines become one. ${IN_NAMES}`

const QUOTE = /[\p{Pi}\p{Pf}"'`´＂＇‚„「-』〝-〟]/u.source
const QUOTED = new RegExp(`^(?:[a-z]+:\\s*)?${QUOTE}|${QUOTE}$`, 'iu')

/** What makes nearly every account id: two of them are two ids, whatever joins them, and no domain ends in one. */
const ID_CORE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}/.source
const TWO_IDS = new RegExp(`(?:${ID_CORE}).*(?:${ID_CORE})`, 'i')
/** A customer's id names the portal's site first: `qm:SITE:ID`. */
const CUSTOMER_PORTAL = /^qm:[^:]+:/
const ENDS_IN_ID = new RegExp(`(?:${ID_CORE})$`, 'i')
/** An id with a colon is no part of a name, whatever joins it to one. */
const LATER_ID = /[^0-9][0-9]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i

/** The selector, or what is wrong with it. */
function parseSelector(text: string): Pick<Selector, 'kind' | 'pattern'> | string {
  if (text === '*') return { kind: 'everyone', pattern: '*' }
  if (visibleText(text) !== text)
    return `This line contains an invisible or control character. Type it again. ${ALLOWED}`
  if (/[,;，；、،؛﹐﹑﹔]/.test(text))
    return `A comma or semicolon looks like several selectors. ${ALLOWED} ${IN_NAMES}`
  if (QUOTED.test(text))
    return `There is a quote at one end, which would be taken as part of the name. ${ALLOWED} ${IN_NAMES}`
  const [prefix] = /^[^:@\s]*(?=:)/.exec(text) ?? []
  const kind = PREFIXES.find((known) => known === prefix?.toLowerCase())
  if (kind !== undefined) {
    const pattern = text.slice(kind.length + 1).trim()
    if (pattern === '') return `The name after "${kind}:" is missing. ${ALLOWED}`
    return holdsSelector(pattern) ? SEVERAL : { kind, pattern }
  }
  if (prefix !== undefined && !/^([0-9]+|qm|ug)$/.test(prefix)) {
    const meant = nearestPrefix(prefix.toLowerCase())
    const hint = meant === null ? '' : `Did you mean "${meant}:"? `
    return `The prefix is not known. ${hint}${ALLOWED} An account id with a colon begins with digits, "qm:" or "ug:".`
  }
  if (text.includes('@')) return parseEmail(text)
  if (text.includes('*'))
    return `"*" is allowed only in e-mails and in names of groups, roles and statuses; for e-mails write it with an "@", such as "test-*@*". ${ALLOWED}`
  if (text.split(/[\s|]+/).filter(looksLikeSelector).length > 1) return SEVERAL
  if (!ACCOUNT_ID.test(text)) return `This is not an account id. ${ALLOWED}`
  return TWO_IDS.test(text.replace(CUSTOMER_PORTAL, '')) ? SEVERAL : { kind: 'id', pattern: text }
}

/** Plain addresses only: quoted local parts, comments and address literals are nobody's at Atlassian. */
function parseEmail(text: string): Pick<Selector, 'kind' | 'pattern'> | string {
  const [local, domain] = [text.slice(0, text.indexOf('@')), text.slice(text.indexOf('@') + 1)]
  if (domain.includes('@')) return /\s/.test(text) ? SEVERAL : `There is more than one "@". ${ALLOWED}`
  if (local === '')
    return `The part before "@" is missing. For everybody at a domain write "*@" and the domain. ${ALLOWED}`
  if (domain === '') return `The part after "@" is missing. For any domain write "*" there. ${ALLOWED}`
  if (/[\s<>():|"\\[\]]/.test(local) || !/^[\p{L}\p{M}\p{N}*_-]+(?:\.[\p{L}\p{M}\p{N}*_-]+)*$/u.test(domain)) {
    return `This is not one plain e-mail address. ${ALLOWED}`
  }
  return ENDS_IN_ID.test(domain) ? SEVERAL : { kind: 'email', pattern: text }
}

/** Whether a second selector stands in a name; its first word may look like an address or an id. */
function holdsSelector(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase()
  const isNamed = [...plain.matchAll(/(?<!\p{L})\p{L}+(?=\s*:)/gu)].some(([word]) => nearestPrefix(word) !== null)
  const later = plain.split(/[^\p{L}\p{M}\p{N}@:._%'*#~$-]+/u).slice(1)
  return isNamed || LATER_ID.test(plain) || later.some(looksLikeSelector)
}

/** Whether a word can hardly be a part of a name: an address, `word:word`, an id such as `712020:…` or 24 hex digits. */
function looksLikeSelector(word: string): boolean {
  return /[^@]@[^@]|^(?:[\p{L}-]+|[0-9]+):.|^(?=.*[0-9])[0-9a-z]{24}$/iu.test(word)
}

/** The prefix that a word is, or is meant to be. */
function nearestPrefix(word: string): (typeof PREFIXES)[number] | null {
  if (word.length > 12) return null
  return PREFIXES.find((prefix) => leven(word, prefix) <= prefix.length / 3) ?? null
}
