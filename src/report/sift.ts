import type { CauseCode } from '../account/cause.ts'
import type { SkipReason } from '../account/decision.ts'
import type { Mode } from '../account/mode.ts'
import { type AccountResult, isChanged } from '../account/result.ts'
import { explain } from './atlassian-reasons.ts'
import { failureWords } from './cause-words.ts'
import type { RunReport } from './report.ts'

/** Why an account needs a person's attention, the most urgent first; empty where it needs none. */
export const ATTENTION = ['failed', 'unknown', 'came-back', 'not-confirmed', 'not-attempted', ''] as const
export type Attention = (typeof ATTENTION)[number]

/** Accounts that failed for the same reason. */
export interface FailureKind {
  /** Atlassian's own; may be empty. Outside text. */
  readonly key: string
  readonly words: string
  readonly advice: string
  readonly accounts: number
}

/** The accounts of a run, sorted by what is told of them; each list is in list order. */
export interface Sifted {
  readonly canaries: readonly AccountResult[]
  /** Failed, unknown, or changed and not confirmed. */
  readonly failures: readonly AccountResult[]
  readonly cameBack: readonly AccountResult[]
  readonly notAttempted: readonly AccountResult[]
  readonly kinds: readonly FailureKind[]
  /** By reason, and by what Atlassian says where it says something. */
  readonly skipped: ReadonlyMap<string, Skipped>
}

interface Skipped {
  readonly reason: SkipReason
  readonly cause: AccountResult['cause']
  readonly accounts: AccountResult[]
}

/** What needs attention about an account, if anything. */
export function attentionOf({ state, verified }: AccountResult, mode: Mode): Attention {
  if (state === 'failed' || state === 'unknown' || state === 'not-attempted') return state
  if (mode === 'verify') return state === 'already-active' ? 'came-back' : ''
  return isChanged({ state }) && (verified === 'no' || verified === 'unread') ? 'not-confirmed' : ''
}

/** Sorts the accounts in one pass: there may be a million. */
export function sift({ accounts, mode }: RunReport): Sifted {
  const canaries: AccountResult[] = []
  const failures: AccountResult[] = []
  const cameBack: AccountResult[] = []
  const notAttempted: AccountResult[] = []
  const skipped = new Map<string, Skipped>()
  for (const account of accounts) {
    if (account.canary) canaries.push(account)
    if (account.decision === 'skip') addSkipped(skipped, account)
    const attention = attentionOf(account, mode)
    if (attention === 'came-back') cameBack.push(account)
    else if (attention === 'not-attempted') notAttempted.push(account)
    else if (attention !== '') failures.push(account)
  }
  return { canaries, failures, cameBack, notAttempted, skipped, kinds: kindsOf(failures) }
}

/** The kinds of failure, the most frequent first. */
function kindsOf(failures: readonly AccountResult[]): FailureKind[] {
  const kinds = new Map<string, FailureKind & { accounts: number }>()
  for (const account of failures) {
    const kind = kindOf(account)
    const name = `${kind.words}\n${kind.key}`
    const known = kinds.get(name)
    if (known === undefined) kinds.set(name, { ...kind, accounts: 1 })
    else known.accounts++
  }
  return [...kinds.values()].toSorted((a, b) => b.accounts - a.accounts)
}

const LOOK = 'Look at the account on admin.atlassian.com, then run again: nothing is done twice.'
const READ_LATER = 'Run mode "verify" on these results in a while.'

/** What one account's failure means, and what to do about it. */
export function kindOf(account: AccountResult): Omit<FailureKind, 'accounts'> {
  const { cause, state } = account
  const words = failureWords(account)
  // Only what Atlassian refused has a key of Atlassian's; what else was noted stands in the words.
  const isRefusal = cause !== null && REFUSALS.has(cause.code)
  const explained = isRefusal ? explain(cause) : null
  if (explained !== null) return { key: cause?.key ?? '', ...explained }
  const key = isRefusal ? cause.key : ''
  if (state !== 'failed' && state !== 'unknown') return { key, words, advice: READ_LATER }
  return { key, words, advice: cause?.code === 'unreadable' && state === 'unknown' ? READ_LATER : LOOK }
}

const REFUSALS: ReadonlySet<CauseCode> = new Set<CauseCode>(['refused', 'conflict', 'blocked'])

function addSkipped(skipped: Map<string, Skipped>, account: AccountResult): void {
  const { reason, cause } = account
  if (reason === '') return
  const name = explain(cause) === null ? reason : `${reason} ${cause?.key}`
  const known = skipped.get(name)
  if (known === undefined) skipped.set(name, { reason, cause, accounts: [account] })
  else known.accounts.push(account)
}
