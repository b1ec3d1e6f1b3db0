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

/** Its line in the list. */
export function lineOf({ line }: { readonly line: number }): string {
  return thousands(line)
}

/** What went wrong with one account: our words, Atlassian's key and its words. */
export function whyOf(account: AccountResult): Text {
  const { key, words } = kindOf(account)
  return [words, { code: key }, { code: account.cause?.words ?? '' }]
}

/** What needs a person's attention, the most urgent first. @param most rows of each table */
export function attention(report: RunReport, sifted: Sifted, most: number): readonly Section[] {
  const { cameBack, failures, kinds } = sifted
  const isRefused = report.outcome === 'refused'
  // After a refusal that is everybody, as the verdict says.
  const left = isRefused ? [] : sifted.notAttempted
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
  return [
    {
      id: 'objections',
      title: isRefused ? 'Why it was refused' : 'Guards that did not pass',
      blocks: objections(report),
    },
    {
      id: 'came-back',
      title: `Came back: ${people(cameBack.length)}`,
      blocks: table(cameBack, most, { Account: who, 'Likely cause': ({ cause }) => comebackWords(cause) }),
    },
    { id: 'attention', title: `Needs attention: ${people(failures.length)}`, blocks: byKind },
    { id: 'one-by-one', title: 'One by one', folded: true, blocks: oneByOne },
    {
      id: 'not-attempted',
      title: `Not attempted: ${people(left.length)}`,
      folded: true,
      blocks: table(left, Math.min(most, MOST_LINES), { Account: who, Line: lineOf }),
    },
    { id: 'warnings', title: 'Warnings', blocks: warnings(report, most) },
  ]
}

/** The guards that did not pass, a line for each; those that the run did not come to are told with the others. */
function objections({ guards, outcome, mode }: RunReport): Section['blocks'] {
  const found = guards.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'not-checked')
  // It names the digest of this plan, which nobody must approve once the plan is refused.
  const told = found.filter(({ guard }) => outcome !== 'refused' || mode !== 'plan' || guard !== 'plan-mismatch')
  return list(told.map(objection), told.length)
}

function objection({ guard, verdict, limit, message, fix }: GuardFinding): Text {
  const { mark, words } = VERDICTS[verdict]
  const more = verdict === 'waived' ? `Allowed is ${limit}.` : fix
  return [`${mark} ${words}:`, { strong: GUARD_WORDS[guard] }, { code: guard }, shortDigests(message), more]
}

/** What else was noticed; guards are told already. */
function warnings({ warnings: all, guards }: RunReport, most: number): Section['blocks'] {
  const told = new Set(guards.flatMap(({ message, fix }) => [message, `${message} ${fix}`]))
  const found = all.filter((warning) => !told.has(warning))
  return list(found.slice(0, Math.min(Math.max(most, 5), MOST_LINES)), found.length)
}
