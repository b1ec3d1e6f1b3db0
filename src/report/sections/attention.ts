import type { GuardFinding } from '../../account/guard.ts'
import type { AccountResult } from '../../account/result.ts'
import { people, thousands } from '../../text/words.ts'
import { comebackWords } from '../cause-words.ts'
import { list, type Section, type Text, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import { kindOf, type Sifted } from '../sift.ts'
import { GUARD_WORDS, shortDigests, stateWords, VERDICTS } from '../words.ts'

/** Warnings and kinds of failure beyond this are more than anybody reads. */
const MOST_LINES = 100

/** An account in a cell: who it is to people, then its id. */
export function who({ id, email, name }: Pick<AccountResult, 'id' | 'email' | 'name'>): Text {
  return [name, { code: email }, { code: id }]
}

/** What needs a person's attention, the most urgent first. @param most rows of each table */
export function attention(report: RunReport, sifted: Sifted, most: number): readonly Section[] {
  return [
    objections(report),
    cameBack(sifted, most),
    ...failures(report, sifted, most),
    notAttempted(sifted, report, most),
    warnings(report, most),
  ]
}

/** The guards that did not pass, a line for each; those that the run did not come to are told with the others. */
function objections({ guards, outcome, mode }: RunReport): Section {
  const found = guards.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'not-checked')
  // It names the digest of this plan, which nobody must approve once the plan is refused.
  const told = found.filter(({ guard }) => outcome !== 'refused' || mode !== 'plan' || guard !== 'plan-mismatch')
  const title = outcome === 'refused' ? 'Why it was refused' : 'Guards that did not pass'
  return { id: 'objections', title, blocks: list(told.map(objection), told.length) }
}

function objection({ guard, verdict, limit, message, fix }: GuardFinding): Text {
  const { mark, words } = VERDICTS[verdict]
  const more = verdict === 'waived' ? `Allowed is ${limit}.` : fix
  return [`${mark} ${words}:`, { strong: GUARD_WORDS[guard] }, { code: guard }, shortDigests(message), more]
}

/** Who is active again, in a verification, with the likely cause. */
function cameBack({ cameBack: back }: Sifted, most: number): Section {
  const rows = back.slice(0, most).map((account) => [who(account), comebackWords(account.cause)])
  const blocks = table(['Account', 'Likely cause'], rows, back.length)
  return { id: 'came-back', title: `Came back: ${people(back.length)}`, blocks }
}

/** Why accounts failed, by kind with what to do about it, then one by one. */
function failures({ mode }: RunReport, { failures: failed, kinds }: Sifted, most: number): readonly Section[] {
  const byKind = kinds
    .slice(0, Math.min(MOST_LINES, Math.max(5, most / 10)))
    .map(({ key, words, advice, accounts }) => [[words, { code: key }], thousands(accounts), advice])
  const rows = failed.slice(0, most).map((account) => {
    return [who(account), thousands(account.line), stateWords(account.state, mode), whyOf(account)]
  })
  const title = `Needs attention: ${people(failed.length)}`
  const each = table(['Account', 'Line', 'State', 'Why'], rows, failed.length)
  return [
    { id: 'attention', title, blocks: table(['Why', 'Accounts', 'What to do'], byKind, kinds.length) },
    { id: 'one-by-one', title: 'Each account', folded: true, blocks: each },
  ]
}

/** What went wrong with one account: our words, Atlassian's key and its words. */
export function whyOf(account: AccountResult): Text {
  const { key, words } = kindOf(account)
  return [words, { code: key }, { code: account.cause?.words ?? '' }]
}

/** Whom the run did not come to. */
function notAttempted({ notAttempted: all }: Sifted, { outcome }: RunReport, most: number): Section {
  // After a refusal that is everybody, as the verdict says.
  const left = outcome === 'refused' ? [] : all
  const rows = left.slice(0, Math.min(most, MOST_LINES)).map((account) => [who(account), thousands(account.line)])
  const blocks = table(['Account', 'Line'], rows, left.length)
  return { id: 'not-attempted', title: `Not attempted: ${people(left.length)}`, folded: true, blocks }
}

/** What else was noticed; guards are told already. */
function warnings({ warnings: all, guards }: RunReport, most: number): Section {
  const told = new Set(guards.flatMap(({ message, fix }) => [message, `${message} ${fix}`]))
  const found = all.filter((warning) => !told.has(warning))
  const items = found.slice(0, Math.min(Math.max(most, 5), MOST_LINES))
  return { id: 'warnings', title: 'Warnings', blocks: list(items, found.length) }
}
