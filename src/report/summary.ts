import { joinFilled } from '../text/words.ts'
import { markdownSections, markdownText } from './markdown.ts'
import type { RunReport } from './report.ts'
import { firstSections, furtherSections } from './sections.ts'
import { sift } from './sift.ts'
import { nextOf, OUTCOMES, storyOf, titleOf } from './words.ts'

/** GitHub drops a summary of more than 1 MiB whole. Bytes of UTF-8. */
const BUDGET = 900 * 1024
/** Rows of each table: what is tried first, down to what always fits. */
const ROWS = [500, 200, 50, 10, 0]

/** The job summary, for managers first. Tables are cut to fit, counts never. `budget`: bytes of UTF-8. */
export function summaryMarkdown(report: RunReport, budget = BUDGET): string {
  const sifted = sift(report)
  let text = ''
  for (const rows of ROWS) {
    const sections = [...firstSections(report, sifted, rows), ...furtherSections(report, sifted, rows)]
    text = `${[verdictMarkdown(report, '##'), ...markdownSections(sections)].join('\n\n')}\n`
    if (Buffer.byteLength(text) <= budget) break
  }
  return text
}

/** The verdict of a summary and a comment: the news as a heading, what happened beyond it, and what to do next. */
export function verdictMarkdown(report: RunReport, level: '##' | '###'): string {
  const { outcome, reason } = report
  const next = nextOf(report)
  const story = storyOf(report).map((sentence) => markdownText(sentence))
  const lines = [
    `${level} ${OUTCOMES[outcome].symbol} ${markdownText(titleOf(report), 'cell')}`,
    reason === '' ? '' : markdownText(['Outcome', { code: outcome }, '· reason', { code: reason }]),
    story.join(' '),
    next === '' ? '' : markdownText([{ strong: 'What to do next:' }, next]),
  ]
  return joinFilled(lines, '\n\n')
}
