import type { GuardFinding } from '../../account/guard.ts'
import type { RunReport } from '../report.ts'
import { VERDICT_WORDS } from '../words.ts'
import { cell, sentence } from './cells.ts'
import { table } from './table.ts'

const MARKS: Readonly<Record<GuardFinding['verdict'], string>> = {
  passed: '✅',
  refused: '⛔',
  reported: '⚠️',
  waived: '🔓',
  'not-checked': '➖',
}

/** What each guard found and allows; what was waived on purpose stands first and loud. */
export function guards({ guards: findings, mode }: RunReport): string {
  const waived = findings.filter(({ verdict }) => verdict === 'waived')
  const loud = waived.map(
    ({ guard, found, limit }) => `> **${cell(guard)}** is waived: found ${cell(found)}, allowed is ${cell(limit)}.`,
  )
  const rows = findings.map(({ guard, verdict, found, limit, fix }) => {
    // The fixes of refusals stand at the top, under "What to do next".
    const way = verdict === 'reported' && fix !== '' ? `<br>${sentence(fix)}` : ''
    return [cell(guard), `${MARKS[verdict]} ${VERDICT_WORDS[verdict]}`, cell(found), `${cell(limit)}${way}`]
  })
  if (rows.length === 0) return ''
  const head = [{ head: 'Guard' }, { head: 'Verdict' }, { head: 'Found' }, { head: 'Allowed' }]
  const alert =
    loud.length === 0
      ? []
      : [['> [!WARNING]', '> **Guards were waived on purpose.**', '>', ...loud.join('\n>\n').split('\n')].join('\n')]
  return ['### Guards', ...alert, mode === 'verify' && loud.length === 0 ? '' : table(head, rows)]
    .filter((part) => part !== '')
    .join('\n\n')
}
