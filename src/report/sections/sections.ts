import { people, thousands } from '../../text/words.ts'
import { comebackWords } from '../cause-words.ts'
import { list, type Section, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import type { Sifted } from '../sift.ts'
import { GUARD_WORDS, shortDigests, stateWords, VERDICTS } from '../words.ts'
import { canary, leftAlone, leftOut, licences, lineOf, outcomes, who, whom, whyOf } from './accounts.ts'
import { facts, guards } from './facts.ts'
import { apply, undo } from './steps.ts'

/** Targets that a report names; all stand in results.csv. */
export const MOST_NAMED = 200
/** Warnings and kinds of failure beyond this are more than anybody reads. */
const MOST_LINES = 100

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
  const objected = isRefused ? 'Why it was refused' : 'Guards that did not pass'
  return [
    { id: 'objections', title: objected, blocks: objections(report) },
    { id: 'came-back', title: `Came back: ${people(cameBack.length)}`, blocks: back },
    { id: 'attention', title: `Needs attention: ${people(failures.length)}`, blocks: byKind },
    { id: 'one-by-one', title: 'Each account', folded: true, blocks: oneByOne },
    { id: 'not-attempted', title: `Not attempted: ${people(left.length)}`, folded: true, blocks: notAttempted },
    { id: 'warnings', title: 'Warnings', blocks: warnings(report, most) },
    outcomes(report),
  ]
}

/** What follows: how to go on or back, whom, and what the run was. @param most rows of each table */
export function furtherSections(report: RunReport, sifted: Sifted, most: number): readonly Section[] {
  return [
    apply(report),
    undo(report),
    whom(report, Math.min(most, MOST_NAMED)),
    leftAlone(sifted, most),
    leftOut(report, most),
    licences(report),
    canary(sifted, report, most),
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

/** What else was noticed; guards are told already. */
function warnings({ warnings: all, guards }: RunReport, most: number): Section['blocks'] {
  const told = new Set(guards.flatMap(({ message, fix }) => [message, `${message} ${fix}`]))
  const found = all.filter((warning) => !told.has(warning))
  return list(found, Math.min(Math.max(most, 5), MOST_LINES))
}
