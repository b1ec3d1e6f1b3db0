import type { Mode } from '../account/decision.ts'
import { type AccountResult, isChanged } from '../account/result.ts'
import { explain, kindOf } from './cause-words.ts'
import type { RunReport } from './report.ts'

/** Why an account needs a person's attention, the most urgent first; empty where it needs none. */
export const ATTENTION = ['failed', 'unknown', 'came-back', 'not-confirmed', 'not-attempted', ''] as const
type Attention = (typeof ATTENTION)[number]

/** What needs attention about an account, if anything. */
export function attentionOf({ state, verified }: AccountResult, mode: Mode): Attention {
  if (state === 'failed' || state === 'unknown' || state === 'not-attempted') return state
  if (mode === 'verify') return state === 'already-active' ? 'came-back' : ''
  return isChanged({ state }) && (verified === 'no' || verified === 'unread') ? 'not-confirmed' : ''
}

export type Sifted = ReturnType<typeof sift>

/** The accounts of a run, sorted by what is told of them; each list is in list order. */
export function sift({ accounts, mode }: RunReport) {
  const all = accounts.filter((account) => attentionOf(account, mode) !== '')
  const needing = (...attention: readonly Attention[]): readonly AccountResult[] =>
    all.filter((account) => attention.includes(attentionOf(account, mode)))
  const failures = needing('failed', 'unknown', 'not-confirmed')
  const skipped = accounts.filter(({ decision }) => decision === 'skip')
  return {
    canaries: accounts.filter(({ canary }) => canary),
    failures,
    cameBack: needing('came-back'),
    notAttempted: needing('not-attempted'),
    /** What failed for the same reason, the most frequent first. */
    kinds: groupsOf(failures, (account) => `${kindOf(account).words}\n${kindOf(account).key}`)
      .map(({ first, all }) => ({ ...kindOf(first), accounts: all.length }))
      .toSorted((a, b) => b.accounts - a.accounts),
    /** By reason, and by what Atlassian says where it says something. */
    skipped: groupsOf(skipped, ({ reason, cause }) => (explain(cause) === null ? reason : `${reason} ${cause?.key}`)),
  }
}

/** The items that have the same key, in the order of the first of each. */
export function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string) {
  return [...Map.groupBy(items, keyOf).values()].flatMap((all) => all.slice(0, 1).map((first) => ({ first, all })))
}
