import type { AccountResult } from '../account/result.ts'
import { maskEmail, maskText } from '../text/mask.ts'

/** The line of results without its name, and with its addresses shortened. */
export function maskAccount<T extends AccountResult>(account: T): T {
  return {
    ...account,
    name: '',
    email: account.email === '' ? '' : maskEmail(account.email),
    lastActive: '',
    // Of Atlassian's own words only keys are shown: its sentences name people.
    cause: account.cause === null ? null : { ...account.cause, key: maskText(account.cause.key), words: '' },
  }
}
