import { markdownSections } from './markdown.ts'
import type { RunReport } from './report.ts'
import { firstSections, furtherSections } from './sections/sections.ts'
import { sift } from './sift.ts'
import { verdictMarkdown } from './verdict.ts'

/** GitHub drops a summary of more than 1 MiB whole. Bytes of UTF-8. */
const BUDGET = 900 * 1024
/** Rows of each table: what is tried first, down to what always fits. */
const ROWS = [500, 200, 50, 10, 0]

/**
 * The job summary: what a manager understands at a glance, then what an administrator needs. Tables are shortened
 * until it fits; counts never are.
 *
 * @param budget bytes of UTF-8 at most; what GitHub takes, with a margin, if left out
 */
export function summaryMarkdown(report: RunReport, budget = BUDGET): string {
  const sifted = sift(report)
  let text = ''
  for (const rows of ROWS) {
    const sections = [...firstSections(report, sifted, rows), ...furtherSections(report, sifted, rows)]
    text = `${[verdictMarkdown(report, '##'), ...markdownSections(sections)].join('\n\n')}\n`
    if (Buffer.byteLength(text) <= Math.min(budget, BUDGET)) break
  }
  return text
}
