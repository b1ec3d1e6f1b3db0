import type { Outcome } from '../../account/result.ts'
import { escapeMarkdown } from '../../text/escape.ts'
import { activitySentence } from '../live-words.ts'
import type { RunReport } from '../report.ts'
import { wayOn } from '../way-on.ts'
import { mailSentence, verdictTitle } from '../words.ts'
import { cell, sentence } from './cells.ts'

const SYMBOLS: Readonly<Record<Outcome, string>> = {
  planned: '📋',
  'nothing-to-do': '💤',
  completed: '✅',
  partial: '⏸️',
  halted: '🛑',
  refused: '⛔',
  failed: '❌',
}

/** The verdict in one line, what happened, what was changed, and what to do next. */
export function verdict(report: RunReport): string {
  const { outcome, reason, headline, changed } = report
  const { next } = wayOn(report)
  const lines = [
    `## ${SYMBOLS[outcome]} ${escapeMarkdown(verdictTitle(report))}`,
    `**Outcome:** \`${outcome}\`${reason === '' ? '' : ` · **Reason:** ${cell(reason)}`}`,
    [headline, activitySentence(report.activity), mailSentence(report), changed]
      .filter((part) => part !== '')
      .map(sentence)
      .join(' '),
    offline(report),
    next === '' ? '' : `**What to do next:** ${sentence(next)}`,
  ]
  return lines.filter((line) => line !== '').join('\n\n')
}

function offline({ live, mode, outcome }: RunReport): string {
  if (live || mode !== 'plan' || outcome === 'refused') return ''
  return '> [!NOTE]\n> Made offline, from the list alone: nothing was read from Atlassian. Live facts can only make it smaller.'
}
