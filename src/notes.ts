import { GUARDS, type GuardFinding } from './account/guard.ts'
import type { LineProblem } from './account/line-problem.ts'
import type { About, Log } from './log.ts'
import { type Figures, NO_FIGURES } from './report/report.ts'

/** What is learned for the reports. */
export interface Learned extends Figures {
  /** What is wrong with which lines of the list; `file` is empty where it is not in the workspace. */
  readonly lineProblems: { readonly file: string; readonly problems: readonly LineProblem[] }
}

export type Notes = ReturnType<typeof openNotes>

/** What guards found, what needs attention, and what else was learned. */
export function openNotes(log: Log) {
  const findings: GuardFinding[] = []
  const warnings: string[] = []
  let figures: Learned = { ...NO_FIGURES, lineProblems: { file: '', problems: [] } }
  /** Tells something that needs attention, in the log and in the reports. */
  const warn = (text: string, about?: About): void => {
    warnings.push(text)
    log.warning(text, about)
  }
  return {
    /** Notes what guards found; what is waived or only reported is told in the log at once. */
    guard: (...found: readonly GuardFinding[]): void => {
      for (const finding of found) {
        findings.push(finding)
        const title = `Guard ${finding.guard}`
        if (finding.verdict === 'waived') warn(finding.message, { title })
        if (finding.verdict === 'reported') warn(`${finding.message} ${finding.fix}`, { title })
      }
    },
    warn,
    learn: (more: Partial<Learned>): void => {
      figures = { ...figures, ...more }
    },
    /** Whether a guard has refused so far. */
    refused: (): boolean => findings.some(({ verdict }) => verdict === 'refused'),
    findings: findings as readonly GuardFinding[],
    warnings: warnings as readonly string[],
    figures: (): Learned => figures,
  }
}

/** From the mildest to the worst. */
const VERDICTS = ['not-checked', 'passed', 'waived', 'reported', 'refused'] as const satisfies GuardFinding['verdict'][]

/** What each guard found, once, in the contract's order: the worst of it, told last; what the run did not come to says so. */
export function allFindings(findings: readonly GuardFinding[]): readonly GuardFinding[] {
  const message = 'The run did not need it, or did not get that far.'
  const notCome = { verdict: 'not-checked', found: 'not checked', limit: '', message, fix: '' } as const
  return GUARDS.map((guard) =>
    findings.filter((finding) => finding.guard === guard).reduce(worse, { guard, ...notCome }),
  )
}

/** Of two that are as bad the later one; two refusals of one guard are both told. */
function worse(known: GuardFinding, finding: GuardFinding): GuardFinding {
  if (VERDICTS.indexOf(finding.verdict) < VERDICTS.indexOf(known.verdict)) return known
  if (known.verdict !== 'refused' || known.message === finding.message) return finding
  const fix = known.fix === finding.fix ? finding.fix : `${known.fix} ${finding.fix}`.trim()
  return { ...finding, message: `${known.message}\n${finding.message}`, fix }
}
