import type { AccountResult } from './report.ts'

/** Whatever may be an e-mail address in running text, with as much of its local part as can be told. */
const EMAIL = /[^\s@,;:<>()[\]{}"'`=/|…]*…?@[^\s@,;:<>()[\]{}"'`=/|]+/gu

/** `jane@example.com` becomes `j…@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 0) return email
  const [first = ''] = email.slice(0, at).replace(/^["']/, '')
  return `${first}…${email.slice(at)}`
}

/** The text with every address in it masked. */
export function maskText(text: string): string {
  return text.includes('@') ? text.replaceAll(EMAIL, maskEmail) : text
}

/** The line of results without its name, and with its addresses masked. */
export function maskAccount<T extends AccountResult>(account: T): T {
  return {
    ...account,
    name: '',
    email: account.email === '' ? '' : maskEmail(account.email),
    detail: maskText(account.detail),
  }
}
