import { type AccountResult, type Counts, isChanged, STATES } from './result.ts'

export type Tally = Readonly<ReturnType<typeof tally>>

/** What became of all accounts, in figures. */
export function tally(accounts: Iterable<Pick<AccountResult, 'state' | 'verified' | 'decision'>>) {
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<(typeof STATES)[number], number>
  /** `targets` are not left alone; of the changed ones no read has shown `unconfirmed` changed. */
  let [verified, listed, targets, unconfirmed] = [0, 0, 0, 0]
  for (const account of accounts) {
    listed++
    states[account.state]++
    if (account.verified === 'yes') verified++
    if (account.decision !== 'skip') targets++
    if (isChanged(account) && account.verified !== 'yes') unconfirmed++
  }
  const counts: Counts = { ...states, listed, verified }
  return { counts, targets, unconfirmed }
}
