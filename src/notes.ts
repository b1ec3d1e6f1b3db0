import type { Approver } from './account/approver.ts'
import { GUARDS, type Guard, type GuardFinding } from './account/guard.ts'
import type { LeftOut } from './account/left-out.ts'
import type { LineProblem } from './account/line-problem.ts'
import type { Pause } from './account/result.ts'
import type { About, Log } from './log.ts'

/** What a run learns beside the fate of its accounts. */
export interface Figures {
  /** In words, where the list came from. */
  readonly source: string
  /** In words, which column of the list was taken for what; empty where there is no list. */
  readonly columns: string
  /** Something was read from Atlassian. */
  readonly live: boolean
  readonly activeBefore: number | null
  readonly activeAfterCanary: number | null
  readonly activeAfter: number | null
  /** ISO 8601 UTC; empty where there was no canary or it did not end. */
  readonly canaryFinishedAt: string
  readonly pauses: readonly Pause[]
  readonly approvedBy: readonly Approver[]
  /** Accounts whose status the directory alone told: it may lag. */
  readonly byDirectoryAlone: number
  /** Hex digits, of the files as they were read; empty where there is none. */
  readonly sha256: { readonly list: string; readonly excludeFile: string; readonly includeFile: string }
  /** In `find`: who is not in its list. */
  readonly leftOut: readonly LeftOut[]
  /** What is wrong with which lines of the list; `file` is empty where it is not in the workspace. */
  readonly lineProblems: { readonly file: string; readonly problems: readonly LineProblem[] }
}

/** What guards found, what needs attention, and what else was learned. */
export interface Notes {
  /** Notes what guards found; what is waived or only reported is told in the log at once. */
  guard(...findings: readonly GuardFinding[]): void
  /** Tells something that needs attention, in the log and in the reports. */
  warn(text: string, about?: About): void
  learn(figures: Partial<Figures>): void
  /** Whether a guard has refused so far. */
  refused(): boolean
  readonly findings: readonly GuardFinding[]
  readonly warnings: readonly string[]
  figures(): Figures
}

export function openNotes(log: Log): Notes {
  const findings: GuardFinding[] = []
  const warnings: string[] = []
  let figures: Figures = {
    source: '',
    columns: '',
    live: false,
    activeBefore: null,
    activeAfterCanary: null,
    activeAfter: null,
    canaryFinishedAt: '',
    pauses: [],
    approvedBy: [],
    byDirectoryAlone: 0,
    sha256: { list: '', excludeFile: '', includeFile: '' },
    leftOut: [],
    lineProblems: { file: '', problems: [] },
  }
  const warn = (text: string, about?: About): void => {
    warnings.push(text)
    log.warning(text, about)
  }
  return {
    guard: (...found) => {
      for (const finding of found) {
        findings.push(finding)
        const title = `Guard ${finding.guard}`
        if (finding.verdict === 'waived') warn(finding.message, { title })
        if (finding.verdict === 'reported') warn(`${finding.message} ${finding.fix}`, { title })
      }
    },
    warn,
    learn: (more) => {
      figures = { ...figures, ...more }
    },
    refused: () => findings.some(({ verdict }) => verdict === 'refused'),
    findings,
    warnings,
    figures: () => figures,
  }
}

/** From the mildest to the worst. */
const VERDICTS = ['not-checked', 'passed', 'waived', 'reported', 'refused'] as const satisfies GuardFinding['verdict'][]

/** What each guard found, once, in the contract's order: the worst of it, told last; what the run did not come to says so. */
export function allFindings(findings: readonly GuardFinding[]): readonly GuardFinding[] {
  const worst = new Map<Guard, GuardFinding>()
  for (const finding of findings) {
    const known = worst.get(finding.guard)
    const isMilder = known !== undefined && VERDICTS.indexOf(finding.verdict) < VERDICTS.indexOf(known.verdict)
    if (!isMilder) worst.set(finding.guard, known === undefined ? finding : together(known, finding))
  }
  return GUARDS.map((guard) => worst.get(guard) ?? notCome(guard))
}

/** Two refusals of one guard are both told. */
function together(known: GuardFinding, finding: GuardFinding): GuardFinding {
  if (known.verdict !== 'refused' || finding.verdict !== 'refused' || known.message === finding.message) return finding
  const fix = known.fix === finding.fix ? finding.fix : `${known.fix} ${finding.fix}`.trim()
  return { ...finding, message: `${known.message}\n${finding.message}`, fix }
}

function notCome(guard: Guard): GuardFinding {
  const message = 'The run did not need it, or did not get that far.'
  return { guard, verdict: 'not-checked', found: 'not checked', limit: '', message, fix: '' }
}
