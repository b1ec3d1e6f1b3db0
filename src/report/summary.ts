import { cameBack, canary, failures, leftAlone, notAttempted, planned } from './markdown/accounts.ts'
import { facts, warnings } from './markdown/facts.ts'
import { guards } from './markdown/guards.ts'
import { leftOut, licences } from './markdown/live.ts'
import { outcomes } from './markdown/outcomes.ts'
import { apply, undo } from './markdown/steps.ts'
import { verdict } from './markdown/verdict.ts'
import type { RunReport } from './report.ts'
import { sift } from './sift.ts'

/** GitHub drops a summary of more than 1 MiB whole. Bytes of UTF-8. */
const BUDGET = 900 * 1024
/** Rows of each table: what is tried first, down to what always fits. */
const ROWS = [500, 200, 50, 10, 0]

/**
 * The job summary: what a manager understands at a glance, then what an administrator needs. Tables are shortened
 * until it fits; counts never are.
 *
 * @param options.uses the action as a workflow names it, `owner/name@v1`
 * @param options.budget bytes of UTF-8 at most; what GitHub takes, with a margin, if left out
 */
export function summaryMarkdown(
  report: RunReport,
  options: { readonly uses: string; readonly budget?: number },
): string {
  const sifted = sift(report)
  const budget = Math.min(options.budget ?? BUDGET, BUDGET)
  for (const rows of ROWS) {
    const text = join([
      verdict(report),
      outcomes(report),
      cameBack(sifted, rows),
      failures(sifted, report, rows),
      canary(sifted, report, rows),
      guards(report),
      warnings(report, rows),
      leftAlone(sifted, rows),
      leftOut(report, rows),
      licences(report),
      planned(sifted, report, rows),
      notAttempted(sifted, rows),
      apply(report),
      undo(report, options.uses),
      facts(report),
    ])
    if (Buffer.byteLength(text) <= budget) return text
  }
  return join([verdict(report), outcomes(report), facts(report)])
}

function join(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}
