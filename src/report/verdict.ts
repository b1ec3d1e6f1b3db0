import { markdownText } from './markdown.ts'
import type { RunReport } from './report.ts'
import { nextOf } from './way-on.ts'
import { OUTCOMES, storyOf, titleOf } from './words.ts'

/** The verdict of a summary and a comment: the news as a heading, what happened beyond it, and what to do next. */
export function verdictMarkdown(report: RunReport, level: '##' | '###'): string {
  const { outcome, reason } = report
  const next = nextOf(report)
  const lines = [
    `${level} ${OUTCOMES[outcome].symbol} ${markdownText(titleOf(report), 'cell')}`,
    reason === '' ? '' : markdownText(['Outcome', { code: outcome }, '· reason', { code: reason }]),
    storyOf(report)
      .map((sentence) => markdownText(sentence))
      .join(' '),
    next === '' ? '' : markdownText([{ strong: 'What to do next:' }, next]),
  ]
  return lines.filter((line) => line !== '').join('\n\n')
}
