import { pastOf } from '../account/decision.ts'
import { type AccountResult, STATES } from '../account/result.ts'
import { people, thousands } from '../text/words.ts'
import { comebackWords, explain, kindOf } from './cause-words.ts'
import { list, type Section, type Text, table } from './model.ts'
import type { RunReport } from './report.ts'
import { apply, facts, guards, undo } from './run-sections.ts'
import type { Sifted } from './sift.ts'
import { GUARD_WORDS, SKIP_WORDS, shortDigests, stateWords, VERDICTS, VERIFIED_WORDS } from './words.ts'

/** Targets that a report names; all stand in results.csv. */
export const MOST_NAMED = 200
/** Warnings and kinds of failure beyond this are more than anybody reads. */
const MOST_LINES = 100
/** Accounts that stand as examples for a reason. */
const EXAMPLES = 3
/** Products of which the people are told; of more, how many. */
const MOST_PRODUCTS = 20

/** The report below its verdict, up to the counts: the most urgent comes first. @param most rows of each table */
export function firstSections(report: RunReport, sifted: Sifted, most: number): readonly Section[] {
  const { cameBack, failures, kinds } = sifted
  const isRefused = report.outcome === 'refused'
  // After a refusal that is everybody, as the verdict says.
  const left = isRefused ? [] : sifted.notAttempted
  const back = table(cameBack, most, { Account: who, 'Likely cause': ({ cause }) => comebackWords(cause) })
  const byKind = table(kinds, Math.min(MOST_LINES, Math.max(5, most / 10)), {
    Why: ({ words, key }) => [words, { code: key }],
    Accounts: ({ accounts }) => thousands(accounts),
    'What to do': ({ advice }) => advice,
  })
  const oneByOne = table(failures, most, {
    Account: who,
    Line: lineOf,
    State: ({ state }) => stateWords(state, report.mode),
    Why: whyOf,
  })
  const notAttempted = table(left, Math.min(most, MOST_LINES), { Account: who, Line: lineOf })
  // Guards are told already.
  const told = new Set(report.guards.flatMap(({ message, fix }) => [message, `${message} ${fix}`]))
  const warnings = report.warnings.filter((warning) => !told.has(warning))
  const objected = isRefused ? 'Why it was refused' : 'Guards that did not pass'
  return [
    { id: 'objections', title: objected, blocks: objections(report) },
    { id: 'came-back', title: `Came back: ${people(cameBack.length)}`, blocks: back },
    { id: 'attention', title: `Needs attention: ${people(failures.length)}`, blocks: byKind },
    { id: 'one-by-one', title: 'Each account', folded: true, blocks: oneByOne },
    { id: 'not-attempted', title: `Not attempted: ${people(left.length)}`, folded: true, blocks: notAttempted },
    { id: 'warnings', title: 'Warnings', blocks: list(warnings, Math.min(Math.max(most, 5), MOST_LINES)) },
    outcomes(report),
  ]
}

/** What follows: how to go on or back, whom, and what the run was. @param most rows of each table */
export function furtherSections(report: RunReport, sifted: Sifted, most: number): readonly Section[] {
  const { mode, leftOut, canaryFinishedAt: at } = report
  const { canaries } = sifted
  const extent = { most, rest: 'plan.json' }
  const left = table(leftOut, extent, {
    Who: (one) => [{ code: one.who }, { code: one.email }],
    'Named in': ({ from }) => from,
    'Why not': ({ reason }) => [SKIP_WORDS[reason], { code: reason }],
  })
  const canary = table(canaries, most, {
    Account: who,
    State: ({ state }) => stateWords(state, mode),
    'Read back': ({ verified }) => VERIFIED_WORDS[verified],
    Why: (account) => (account.cause === null ? '' : whyOf(account)),
  })
  const ended = at === '' ? 'failed or did not finish' : `ended at ${at.slice(11, 19)} UTC`
  const first = `Canary: ${people(canaries.length)}, changed first; ${ended}`
  return [
    apply(report),
    undo(report),
    whom(report, Math.min(most, MOST_NAMED)),
    leftAlone(sifted, most),
    { id: 'left-out', title: `Not in the list: ${thousands(leftOut.length)}`, blocks: left },
    licences(report),
    { id: 'canary', title: first, folded: true, blocks: canary },
    facts(report),
    guards(report),
  ]
}

/** The guards that did not pass, a line for each; those that the run did not come to are told with the others. */
function objections({ guards, outcome, mode }: RunReport): Section['blocks'] {
  const found = guards.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'not-checked')
  // It names the digest of this plan, which nobody must approve once the plan is refused.
  const told = found.filter(({ guard }) => outcome !== 'refused' || mode !== 'plan' || guard !== 'plan-mismatch')
  const lines = told.map(({ guard, verdict, limit, message, fix }) => {
    const { mark, words } = VERDICTS[verdict]
    const more = verdict === 'waived' ? `Allowed: ${limit}.` : fix
    return [`${mark} ${words}:`, { strong: GUARD_WORDS[guard] }, { code: guard }, shortDigests(message), more]
  })
  return list(lines)
}

/** An account in a cell: who it is to people, then its id. */
export function who({ id, email, name }: Pick<AccountResult, 'id' | 'email' | 'name'>): Text {
  return [name, { code: email }, { code: id }]
}

/** Its line in the list. */
export const lineOf = ({ line }: Pick<AccountResult, 'line'>): string => thousands(line)

/** What went wrong with one account: our words, Atlassian's key and its words. */
function whyOf(account: AccountResult): Text {
  const { key, words } = kindOf(account)
  return [words, { code: key }, { code: account.cause?.words ?? '' }]
}

/** The counts as one bar in a line: never shortened. */
function outcomes({ counts, mode, change }: RunReport): Section {
  const { listed: total, verified } = counts
  const parts = STATES.filter((state) => counts[state] > 0).map((state) => {
    const words = state === 'planned' ? `to be ${pastOf(change)}` : stateWords(state, mode).toLowerCase()
    return { state, words, count: counts[state] }
  })
  const note = `of ${thousands(total)} listed${verified > 0 ? ` · ${thousands(verified)} confirmed by a read` : ''}`
  return { id: 'outcomes', title: '', blocks: total === 0 ? [] : [{ parts, total, note }] }
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
  const example = ({ id, email, name }: AccountResult, at: number) => [at === 0 ? '' : '·', name || email, { code: id }]
  const blocks = table(skipped, skipped.length, {
    Reason: ({ first: { reason, cause } }) => [
      reason && SKIP_WORDS[reason],
      { code: reason },
      explain(cause)?.join('. ') ?? '',
    ],
    Accounts: ({ all }) => thousands(all.length),
    'For example': ({ all }) => [...all.slice(0, examples).flatMap(example), all.length > examples ? '…' : ''],
  })
  return { id: 'left-alone', title: 'Left alone', blocks }
}

/** People by product whose licences are freed, the most first; none where Atlassian told of none. */
export function licences({ licences: freed, mode }: RunReport): Section {
  const { products, billable, unknown } = freed ?? { products: [], billable: null, unknown: 0 }
  const rows = products.slice(0, MOST_PRODUCTS)
  if (billable !== null) rows.push({ product: 'Billable accounts', people: billable })
  if (unknown > 0 && products.length > 0) rows.push({ product: 'Licences unknown', people: unknown })
  const extent = { most: rows.length, all: rows.length + products.length - MOST_PRODUCTS, rest: 'plan.json' }
  const blocks = table(rows, extent, { Product: ({ product }) => product, People: (row) => thousands(row.people) })
  const title = `Licences ${mode === 'apply' ? '' : 'that would be '}freed, according to Atlassian`
  return { id: 'licences', title, blocks }
}
