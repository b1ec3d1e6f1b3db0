import { ACCOUNT_ID } from '../account/account-id.ts'
import type { Selector, SelectorSource } from '../account/selector.ts'

export interface SelectorProblem {
  readonly line: number
  /** The offending line as written. */
  readonly found: string
  /** What is wrong, what is allowed, what to do. */
  readonly message: string
}

export type SelectorsOutcome =
  | { readonly ok: true; readonly selectors: readonly Selector[] }
  | { readonly ok: false; readonly problems: readonly SelectorProblem[] }

const PREFIXES = ['group', 'role', 'status'] as const

/**
 * Reads selectors, one a line: an account id, an e-mail, an e-mail pattern, `group:NAME`, `role:NAME`, `status:NAME`.
 * `#` starts a comment at the start of a line or after a blank. Whatever is not clearly one selector is a problem,
 * because a rule that is misunderstood protects nobody.
 */
export function parseSelectors(text: string, source: SelectorSource): SelectorsOutcome {
  const selectors: Selector[] = []
  const problems: SelectorProblem[] = []
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1
    const plain = written.replace(/(^|\s)#.*$/s, '').trim()
    if (plain === '') continue
    const parsed = parseSelector(plain)
    if (typeof parsed === 'string') problems.push({ line, found: plain, message: parsed })
    else selectors.push({ ...parsed, text: plain, line, source })
  }
  return problems.length === 0 ? { ok: true, selectors } : { ok: false, problems }
}

const ALLOWED =
  'Allowed is one selector a line: an account id, an e-mail, an e-mail pattern such as "*@example.com", "group:NAME", "role:NAME" or "status:NAME".'

/** The selector, or what is wrong with it. */
function parseSelector(text: string): Pick<Selector, 'kind' | 'pattern'> | string {
  if (text === '*') return { kind: 'everyone', pattern: '*' }
  if (/[,;]/.test(text)) {
    return `A comma or semicolon looks like several selectors. ${ALLOWED} In the name of a group, role or status write "*" for it.`
  }
  const prefixed = /^([^:@\s]*):(.*)$/s.exec(text)
  const prefix = prefixed?.[1]?.toLowerCase() ?? ''
  const kind = PREFIXES.find((known) => known === prefix)
  if (kind !== undefined) {
    const pattern = (prefixed?.[2] ?? '').trim()
    return pattern === '' ? `The name after "${kind}:" is missing. ${ALLOWED}` : { kind, pattern }
  }
  if (prefixed !== null && !/^([0-9]+|qm|ug)$/.test(prefixed[1] ?? '')) {
    return `The prefix is not known. ${nearest(prefix)}${ALLOWED} An account id with a colon begins with digits, "qm:" or "ug:".`
  }
  if (text.includes('@')) return parseEmail(text)
  if (text.includes('*'))
    return `"*" can stand in e-mails and in names of groups, roles and statuses only; for e-mails write it with an "@", such as "test-*@*". ${ALLOWED}`
  if (!ACCOUNT_ID.test(text)) return `This is no account id. ${ALLOWED}`
  return { kind: 'id', pattern: text }
}

function parseEmail(text: string): Pick<Selector, 'kind' | 'pattern'> | string {
  if (/[\s\u00a0<>"():]/.test(text)) return `This is not one plain e-mail address. ${ALLOWED}`
  const [local, domain, ...more] = text.split('@')
  if (more.length > 0) return `There is more than one "@". ${ALLOWED}`
  if (local === '')
    return `The part before "@" is missing. For everybody at a domain write "*@" and the domain. ${ALLOWED}`
  if (domain === '') return `The part after "@" is missing. For any domain write "*" there. ${ALLOWED}`
  return { kind: 'email', pattern: text }
}

function nearest(prefix: string): string {
  const sameLetters = (name: string): number => [...new Set(name)].filter((letter) => prefix.includes(letter)).length
  const best = PREFIXES.toSorted((a, b) => sameLetters(b) / b.length - sameLetters(a) / a.length)[0]
  return best !== undefined && sameLetters(best) * 2 > best.length ? `Did you mean "${best}:"? ` : ''
}
