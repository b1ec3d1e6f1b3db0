import type { Cause } from '../account/cause.ts'
import type { SkipReason } from '../account/decision.ts'
import type { Mode } from '../account/mode.ts'
import type { AccountResult } from '../account/result.ts'
import { clip } from '../text/words.ts'
import { explain } from './atlassian-reasons.ts'
import type { RunReport } from './report.ts'

/** Why an account needs a person's attention, the most urgent first; empty where it needs none. */
export const ATTENTION = ['failed', 'unknown', 'came-back', 'not-confirmed', 'not-attempted', ''] as const
export type Attention = (typeof ATTENTION)[number]

/** Accounts that failed for the same reason. */
export interface FailureKind {
  /** Atlassian's key, or what else they have in common. Outside text. */
  readonly key: string
  readonly words: string
  readonly advice: string
  readonly accounts: number
}

/** The accounts of a run, sorted by what is told of them; each list is in list order. */
export interface Sifted {
  readonly canaries: readonly AccountResult[]
  readonly planned: readonly AccountResult[]
  /** Failed, unknown, or changed and not confirmed. */
  readonly failures: readonly AccountResult[]
  readonly cameBack: readonly AccountResult[]
  readonly notAttempted: readonly AccountResult[]
  readonly kinds: readonly FailureKind[]
  readonly skipped: ReadonlyMap<SkipReason, readonly AccountResult[]>
}

/** What needs attention about an account, if anything. */
export function attentionOf({ state, verified }: AccountResult, mode: Mode): Attention {
  if (state === 'failed' || state === 'unknown' || state === 'not-attempted') return state
  if (mode === 'verify') return state === 'already-active' ? 'came-back' : ''
  const changed = state === 'deactivated' || state === 'restored'
  return changed && (verified === 'no' || verified === 'unread') ? 'not-confirmed' : ''
}

/** Sorts the accounts in one pass: there may be a million. */
export function sift({ accounts, mode }: RunReport): Sifted {
  const canaries: AccountResult[] = []
  const planned: AccountResult[] = []
  const failures: AccountResult[] = []
  const cameBack: AccountResult[] = []
  const notAttempted: AccountResult[] = []
  const skipped = new Map<SkipReason, AccountResult[]>()
  for (const account of accounts) {
    if (account.canary) canaries.push(account)
    if (account.decision === 'skip' && account.reason !== '') append(skipped, account.reason, account)
    const attention = attentionOf(account, mode)
    if (attention === 'came-back') cameBack.push(account)
    else if (attention === 'not-attempted') notAttempted.push(account)
    else if (attention !== '') failures.push(account)
    else if (account.state === 'planned') planned.push(account)
  }
  return { canaries, planned, failures, cameBack, notAttempted, skipped, kinds: kindsOf(failures, mode) }
}

/** Longest text by which accounts are grouped, in characters. */
const LONGEST_KEY = 80

/** The kinds of failure, the most frequent first. */
function kindsOf(failures: readonly AccountResult[], mode: Mode): FailureKind[] {
  const kinds = new Map<string, FailureKind & { accounts: number }>()
  for (const account of failures) {
    const kind = kindOf(account, mode)
    const known = kinds.get(kind.key)
    if (known === undefined) kinds.set(kind.key, { ...kind, accounts: 1 })
    else known.accounts++
  }
  return [...kinds.values()].toSorted((a, b) => b.accounts - a.accounts)
}

/** What one account's failure means, and what to do about it. */
export function kindOf({ state, verified, cause }: AccountResult, mode: Mode): Omit<FailureKind, 'accounts'> {
  const explained = explain(cause)
  const key = cause?.key || cause?.code || 'no reason given'
  if (state === 'unknown' && mode === 'verify') {
    const advice = 'Run mode "verify" again in a while.'
    return { key, words: 'The account could not be read', advice, ...explained }
  }
  if (state === 'unknown') {
    return {
      key: 'unknown',
      words: 'The answer was lost, and the account could not be read afterwards',
      advice: 'Look at the account on admin.atlassian.com, then run again: what is done is not done twice.',
    }
  }
  if (state !== 'failed') {
    const words =
      verified === 'no'
        ? 'Atlassian accepted the change, but reading the account does not show it'
        : 'Atlassian accepted the change, but the account could not be read back'
    return { key: `not confirmed (${verified})`, words, advice: 'Run mode "verify" on these results in a while.' }
  }
  if (explained !== null) return { key, ...explained }
  return {
    key: clip(key, LONGEST_KEY),
    words: failureWords(cause),
    advice: 'Look at the account on admin.atlassian.com, then run again.',
  }
}

function failureWords(cause: Cause | null): string {
  switch (cause?.code) {
    case 'answer-lost':
      return 'Atlassian gave no clear answer, and a read shows the account unchanged'
    case 'unreachable':
      return 'Atlassian could not be reached'
    case 'throttled':
      return 'Atlassian kept refusing for the rate'
    case 'unreadable':
      return 'The account could not be read before the change, and was left alone'
    default:
      return 'Atlassian gave a reason that this action does not know'
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
