import type { ListedAccount } from '../../../src/account/listed-account.ts'
import { parseList } from '../../../src/list/parse.ts'
import type { ListProblem, UserList } from '../../../src/list/user-list.ts'

/** A list of these lines, each ended by a line feed. */
export function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

/** The list in a text that holds a good one. */
export function listIn(text: string): UserList {
  const outcome = parseList(Buffer.from(text))
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.problems)}`)
  return outcome.list
}

/** The problems of a text that holds no good list. */
export function problemsIn(text: string): readonly ListProblem[] {
  const outcome = parseList(Buffer.from(text))
  if (outcome.ok) throw new Error(`accepted: ${JSON.stringify(outcome.list.accounts)}`)
  return outcome.problems
}

/** The only account of a list. */
export function onlyAccount(text: string): ListedAccount {
  const [account, ...others] = listIn(text).accounts
  if (account === undefined || others.length > 0) throw new Error('the list has not exactly one account')
  return account
}
