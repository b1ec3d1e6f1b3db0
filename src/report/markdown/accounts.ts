import { plans } from '../../account/mode.ts'
import type { AccountResult } from '../../account/result.ts'
import { causeText } from '../cause-words.ts'
import type { RunReport } from '../report.ts'
import { kindOf, type Sifted } from '../sift.ts'
import { pastOf, people, SKIP_WORDS, stateWords, VERIFIED_WORDS } from '../words.ts'
import { cell, code, figure, who } from './cells.ts'
import { folded, table } from './table.ts'

/** Accounts that stand as examples for a reason. */
const EXAMPLES = 3
/** More targets than this are no help on a page; results.csv holds all. */
const MOST_PLANNED = 100

/** The accounts that were changed first, and what reading them back showed. */
export function canary({ canaries }: Sifted, { mode, canaryFinishedAt }: RunReport, most: number): string {
  if (canaries.length === 0) return ''
  const rows = canaries
    .slice(0, most)
    .map((account) => [
      who(account),
      stateWords(account.state, mode),
      VERIFIED_WORDS[account.verified],
      code(causeText(account.cause)),
    ])
  const head = [{ head: 'Account' }, { head: 'State' }, { head: 'Read back' }, { head: 'Detail' }]
  const ended = canaryFinishedAt === '' ? 'It did not end well, or not at all.' : `Ended at ${cell(canaryFinishedAt)}.`
  return `### Canary\n\nChanged first, and read back before the rest. ${plans(mode) ? '' : ended}\n\n${table(head, rows, canaries.length)}`
}

/** Why accounts failed, by kind with what to do about it, then one by one. */
export function failures({ failures: failed, kinds }: Sifted, { mode }: RunReport, most: number): string {
  if (failed.length === 0) return ''
  const byKind = kinds
    .slice(0, Math.max(5, most / 10))
    .map(({ key, words, advice, accounts }) => [`${cell(words)} (${code(key)})`, figure(accounts), cell(advice)])
  const kindTable = table(
    [{ head: 'Why' }, { head: 'Accounts', right: true }, { head: 'What to do' }],
    byKind,
    kinds.length,
  )
  const rows = failed
    .slice(0, most)
    .map((account) => [
      who(account),
      figure(account.line),
      stateWords(account.state, mode),
      account.cause === null ? cell(kindOf(account, mode).words) : code(causeText(account.cause)),
    ])
  const head = [{ head: 'Account' }, { head: 'Line', right: true }, { head: 'State' }, { head: 'What Atlassian said' }]
  return `### Need attention: ${people(failed.length)}\n\n${kindTable}\n\n${folded('One by one', table(head, rows, failed.length))}`
}

/** Who is active again, in a verification, with the likely cause. */
export function cameBack({ cameBack: back }: Sifted, most: number): string {
  if (back.length === 0) return ''
  const rows = back.slice(0, most).map((account) => [who(account), likelyCause(account)])
  const head = [{ head: 'Account' }, { head: 'Likely cause' }]
  return `### Came back: ${people(back.length)}\n\n${table(head, rows, back.length)}`
}

function likelyCause({ cause }: AccountResult): string {
  if (cause?.key === 'externalDirectory.google') {
    return 'Google Workspace syncs the account: suspend the person there, or its next sync undoes it again.'
  }
  if (cause?.code === 'synced') {
    return 'An identity provider syncs the account: deactivate the person there, or its next sync undoes it again.'
  }
  return 'Not told by Atlassian: most often an administrator reactivated the account.'
}

/** Who was left alone, by reason. */
export function leftAlone({ skipped }: Sifted, most: number): string {
  if (skipped.size === 0) return ''
  const examples = Math.min(EXAMPLES, most)
  const rows = [...skipped].map(([reason, accounts]) => [
    `${cell(SKIP_WORDS[reason])} (\`${reason}\`)`,
    figure(accounts.length),
    accounts.slice(0, examples).map(who).join('<br>') + (accounts.length > examples ? '<br>…' : ''),
  ])
  const head = [{ head: 'Reason' }, { head: 'Accounts', right: true }, { head: 'For example' }]
  return `### Left alone\n\n${table(head, rows)}`
}

/** Whom a plan names. */
export function planned({ planned: accounts }: Sifted, { change }: RunReport, most: number): string {
  if (accounts.length === 0) return ''
  const isTold = accounts.some(({ lastActive }) => lastActive !== '')
  const rows = accounts
    .slice(0, Math.min(most, MOST_PLANNED))
    .map((account) => [who(account), figure(account.line), ...(isTold ? [cell(account.lastActive)] : [])])
  const head = [{ head: 'Account' }, { head: 'Line', right: true }, ...(isTold ? [{ head: 'Last active' }] : [])]
  return folded(`Who would be ${pastOf(change)}: ${people(accounts.length)}`, table(head, rows, accounts.length))
}

/** Whom the run did not come to. */
export function notAttempted({ notAttempted: accounts }: Sifted, most: number): string {
  if (accounts.length === 0) return ''
  const rows = accounts.slice(0, Math.min(most, MOST_PLANNED)).map((account) => [who(account), figure(account.line)])
  const head = [{ head: 'Account' }, { head: 'Line', right: true }]
  return folded(`Not attempted: ${people(accounts.length)}`, table(head, rows, accounts.length))
}
