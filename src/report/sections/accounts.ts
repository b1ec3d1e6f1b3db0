import { pastOf } from '../../account/decision.ts'
import { STATES } from '../../account/result.ts'
import { people, thousands } from '../../text/words.ts'
import { explain } from '../atlassian-reasons.ts'
import { type Section, type Text, table } from '../model.ts'
import type { RunReport, Target } from '../report.ts'
import type { Sifted } from '../sift.ts'
import { SKIP_WORDS, stateWords, VERIFIED_WORDS } from '../words.ts'
import { who, whyOf } from './attention.ts'

/** Accounts that stand as examples for a reason. */
const EXAMPLES = 3

/** The counts as one bar in a line: never shortened. */
export function outcomes({ counts, mode, change }: RunReport): Section {
  const states = STATES.filter((state) => counts[state] > 0)
  const parts = states.map((state) => ({
    state,
    words: state === 'planned' ? `to be ${pastOf(change)}` : stateWords(state, mode).toLowerCase(),
    count: counts[state],
  }))
  const isRead = counts.verified > 0
  const note = `of ${thousands(counts.listed)} listed${isRead ? ` · ${thousands(counts.verified)} confirmed by a read` : ''}`
  return {
    id: 'outcomes',
    title: '',
    blocks: counts.listed === 0 ? [] : [{ kind: 'bar', parts, total: counts.listed, note }],
  }
}

/** Whom a plan would change: a plan without names cannot be reviewed. */
export function whom({ whom: targets, counts, change }: RunReport, most: number): Section {
  const columns: readonly (readonly [string, (target: Target) => Text])[] = [
    ['Account', who],
    ['Groups', ({ groups }) => groups],
    ['Last active', ({ lastActive }) => lastActive],
    ['Due', ({ due }) => due],
    ['Line', ({ line }) => thousands(line)],
  ]
  // What nobody told of anybody is no column.
  const told = columns.filter(([, tell]) => targets.some((target) => tell(target) !== ''))
  const rows = targets.slice(0, most).map((target) => told.map(([, tell]) => tell(target)))
  const all = Math.max(targets.length, counts.planned)
  const blocks =
    targets.length === 0
      ? []
      : table(
          told.map(([name]) => name),
          rows,
          all,
        )
  return { id: 'whom', title: `Who would be ${pastOf(change)}: ${people(all)}`, folded: true, blocks }
}

/** Who was left alone, by reason, with what Atlassian says about it. */
export function leftAlone({ skipped }: Sifted, most: number): Section {
  const examples = Math.min(EXAMPLES, most)
  const rows = [...skipped.values()].map(({ reason, cause, accounts }): Text[] => {
    const explained = explain(cause)
    const more = explained === null ? '' : `${explained.words}. ${explained.advice}`
    const shown = accounts
      .slice(0, examples)
      .flatMap(({ id, email, name }, index) => [`${index === 0 ? '' : '· '}${name || email}`, { code: id }])
    return [
      [SKIP_WORDS[reason], { code: reason }, more],
      thousands(accounts.length),
      [...shown, accounts.length > examples ? '…' : ''],
    ]
  })
  return { id: 'left-alone', title: 'Left alone', blocks: table(['Reason', 'Accounts', 'For example'], rows) }
}

/** The accounts that were changed first, and what reading them back showed. */
export function canary({ canaries }: Sifted, { mode, canaryFinishedAt }: RunReport, most: number): Section {
  const rows = canaries.slice(0, most).map((account) => {
    const why = account.cause === null ? '' : whyOf(account)
    return [who(account), stateWords(account.state, mode), VERIFIED_WORDS[account.verified], why]
  })
  const ended = canaryFinishedAt === '' ? 'failed or did not finish' : `ended at ${canaryFinishedAt.slice(11, 19)} UTC`
  const blocks = table(['Account', 'State', 'Read back', 'Why'], rows, canaries.length)
  return { id: 'canary', title: `Canary: ${people(canaries.length)}, changed first; ${ended}`, folded: true, blocks }
}
