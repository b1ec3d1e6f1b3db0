import type { AccountResult } from '../account/result.ts'
import { maskEmail, maskText } from '../text/mask.ts'

/** The line of results without its name and last activity, and with its addresses shortened. */
export function maskAccount<T extends AccountResult>(account: T): T {
  return {
    ...account,
    name: '',
    email: account.email === '' ? '' : maskEmail(account.email),
    lastActive: '',
    detail: maskText(account.detail),
  }
}
