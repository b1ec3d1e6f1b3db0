import { licenceRows, licenceTitle } from '../live-words.ts'
import type { RunReport } from '../report.ts'
import { SKIP_WORDS } from '../words.ts'
import { cell, code, figure } from './cells.ts'
import { table } from './table.ts'

/** People by product whose licences are freed. */
export function licences(report: RunReport): string {
  const rows = licenceRows(report).map(([what, people]) => [cell(what), people === null ? '' : figure(people)])
  if (rows.length === 0) return ''
  return `### ${licenceTitle(report)}\n\n${table([{ head: 'Product' }, { head: 'People', right: true }], rows)}`
}

/** Who is not in the list of a find although somebody may look for them there. */
export function leftOut({ leftOut: all }: RunReport, most: number): string {
  if (all.length === 0) return ''
  const rows = all.slice(0, most).map(({ who, email, from, reason }) => {
    return [
      [code(who), code(email)].filter((part) => part !== '').join(' '),
      cell(from),
      `${cell(SKIP_WORDS[reason])} (\`${reason}\`)`,
    ]
  })
  const head = [{ head: 'Who' }, { head: 'Named in' }, { head: 'Why not' }]
  const more = all.length > rows.length ? `\n\n… and ${figure(all.length - rows.length)} more, see plan.json.` : ''
  return `### Not in the list: ${figure(all.length)}\n\n${table(head, rows)}${more}`
}
