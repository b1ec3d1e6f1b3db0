import { plans } from '../../account/mode.ts'
import { STATES } from '../../account/result.ts'
import { escapeMermaid } from '../../text/escape.ts'
import type { RunReport } from '../report.ts'
import { stateWords } from '../words.ts'
import { figure } from './cells.ts'
import { fence, table } from './table.ts'

/** The counts as a chart and as a table: never shortened. */
export function outcomes({ counts, mode, change }: RunReport): string {
  if (counts.listed === 0) return ''
  const states = STATES.filter((state) => counts[state] > 0)
  const slices = states.map((state) => `    "${escapeMermaid(stateWords(state, mode))}" : ${counts[state]}`)
  const wanted = change === 'deactivate' ? 'inactive' : 'active'
  const rows = [
    ...states.map((state) => [stateWords(state, mode), `\`${state}\``, figure(counts[state])]),
    ['**Listed**', '', `**${figure(counts.listed)}**`],
    ...(plans(mode) ? [] : [[`Read back as ${wanted}`, '`verified`', figure(counts.verified)]]),
  ]
  return [
    '### Outcomes',
    fence('mermaid', ['pie showData', '    title Accounts by outcome', ...slices].join('\n')),
    table([{ head: 'Outcome' }, { head: 'State' }, { head: 'Accounts', right: true }], rows),
  ].join('\n\n')
}
