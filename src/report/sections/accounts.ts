import { pastOf } from '../../account/decision.ts'
import { type AccountResult, STATES } from '../../account/result.ts'
import { people, thousands } from '../../text/words.ts'
import { explain, kindOf } from '../cause-words.ts'
import { type Section, type Text, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import type { Sifted } from '../sift.ts'
import { SKIP_WORDS, stateWords, VERIFIED_WORDS } from '../words.ts'

/** Accounts that stand as examples for a reason. */
const EXAMPLES = 3
/** Products of which the people are told; of more, how many. */
const MOST_PRODUCTS = 20

/** An account in a cell: who it is to people, then its id. */
export function who({ id, email, name }: Pick<AccountResult, 'id' | 'email' | 'name'>): Text {
  return [name, { code: email }, { code: id }]
}

export const lineOf = ({ line }: Pick<AccountResult, 'line'>): string => thousands(line)

/** What went wrong with one account: our words, Atlassian's key and its words. */
export function whyOf(account: AccountResult): Text {
  const { key, words } = kindOf(account)
  return [words, { code: key }, { code: account.cause?.words ?? '' }]
}

/** The counts as one bar in a line: never shortened. */
export function outcomes({ counts, mode, change }: RunReport): Section {
  const { listed: total, verified } = counts
  const parts = STATES.filter((state) => counts[state] > 0).map((state) => {
    const words = state === 'planned' ? `to be ${pastOf(change)}` : stateWords(state, mode).toLowerCase()
    return { state, words, count: counts[state] }
  })
  const note = `of ${thousands(total)} listed${verified > 0 ? ` · ${thousands(verified)} confirmed by a read` : ''}`
  return { id: 'outcomes', title: '', blocks: total === 0 ? [] : [{ kind: 'bar', parts, total, note }] }
}

/** Whom a plan would change: a plan without names cannot be reviewed. */
export function whom({ whom: targets, counts, change }: RunReport, most: number): Section {
  const extent = { most, all: Math.max(targets.length, counts.planned) }
  const blocks = table(targets, extent, {
    Account: who,
    Groups: ({ groups }) => groups,
    'Last active': ({ lastActive }) => lastActive,
    Due: ({ due }) => due,
    Line: lineOf,
  })
  return { id: 'whom', title: `Who would be ${pastOf(change)}: ${people(extent.all)}`, folded: true, blocks }
}

/** Who was left alone, by reason, with what Atlassian says about it. */
export function leftAlone({ skipped }: Sifted, most: number): Section {
  const examples = Math.min(EXAMPLES, most)
  const blocks = table(skipped, skipped.length, {
    Reason: ({ first: { reason, cause } }) => [
      reason === '' ? '' : SKIP_WORDS[reason],
      { code: reason },
      explain(cause)?.join('. ') ?? '',
    ],
    Accounts: ({ all }) => thousands(all.length),
    'For example': ({ all }) => [
      ...all
        .slice(0, examples)
        .flatMap(({ id, email, name }, at) => [at === 0 ? '' : '·', name || email, { code: id }]),
      all.length > examples ? '…' : '',
    ],
  })
  return { id: 'left-alone', title: 'Left alone', blocks }
}

/** The accounts that were changed first, and what reading them back showed. */
export function canary({ canaries }: Sifted, { mode, canaryFinishedAt }: RunReport, most: number): Section {
  const ended = canaryFinishedAt === '' ? 'failed or did not finish' : `ended at ${canaryFinishedAt.slice(11, 19)} UTC`
  const blocks = table(canaries, most, {
    Account: who,
    State: ({ state }) => stateWords(state, mode),
    'Read back': ({ verified }) => VERIFIED_WORDS[verified],
    Why: (account) => (account.cause === null ? '' : whyOf(account)),
  })
  return { id: 'canary', title: `Canary: ${people(canaries.length)}, changed first; ${ended}`, folded: true, blocks }
}

/** People by product whose licences are freed, the most first; none where Atlassian told of none. */
export function licences({ licences: freed, mode }: RunReport): Section {
  const { products, billable, unknown } = freed ?? { products: [], billable: null, unknown: 0 }
  const rows = products.slice(0, MOST_PRODUCTS)
  if (billable !== null) rows.push({ product: 'Billable accounts', people: billable })
  if (unknown > 0 && products.length > 0) rows.push({ product: 'Licences unknown', people: unknown })
  const extent = { most: rows.length, all: rows.length + products.length - MOST_PRODUCTS, rest: 'plan.json' }
  const blocks = table(rows, extent, {
    Product: ({ product }) => product,
    People: (row) => thousands(row.people),
  })
  const title = `Licences ${mode === 'apply' ? '' : 'that would be '}freed, according to Atlassian`
  return { id: 'licences', title, blocks }
}

/** Who is not in the list of a find although somebody may look for them there. */
export function leftOut({ leftOut: all }: RunReport, most: number): Section {
  const extent = { most, rest: 'plan.json' }
  const blocks = table(all, extent, {
    Who: ({ who, email }) => [{ code: who }, { code: email }],
    'Named in': ({ from }) => from,
    'Why not': ({ reason }) => [SKIP_WORDS[reason], { code: reason }],
  })
  return { id: 'left-out', title: `Not in the list: ${thousands(all.length)}`, blocks }
}
