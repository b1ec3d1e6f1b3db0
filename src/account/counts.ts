import { type AccountResult, type Counts, isChanged, STATES } from './result.ts'

/** What became of all accounts, in figures. */
export interface Tally {
  readonly counts: Counts
  /** Accounts that are not left alone. */
  readonly targets: number
  /** Changed accounts that no read has shown changed. */
  readonly unconfirmed: number
}

type Counted = Pick<AccountResult, 'state' | 'verified' | 'decision'>

/** How many accounts ended in each state, all listed ones, and those read back in the wanted state. */
export function tally(accounts: Iterable<Counted>): Tally {
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<(typeof STATES)[number], number>
  let [verified, listed, targets, unconfirmed] = [0, 0, 0, 0]
  for (const account of accounts) {
    listed++
    states[account.state]++
    if (account.verified === 'yes') verified++
    if (account.decision !== 'skip') targets++
    if (isChanged(account) && account.verified !== 'yes') unconfirmed++
  }
  return { counts: { ...states, listed, verified }, targets, unconfirmed }
}
