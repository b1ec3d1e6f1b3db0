import { type AccountResult, type Counts, STATES } from './result.ts'

/** How many accounts ended in each state, all listed ones, and those read back in the wanted state. */
export function countStates(accounts: Iterable<Pick<AccountResult, 'state' | 'verified'>>): Counts {
  const states = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<(typeof STATES)[number], number>
  let verified = 0
  let listed = 0
  for (const account of accounts) {
    listed++
    states[account.state]++
    if (account.verified === 'yes') verified++
  }
  return { ...states, listed, verified }
}
