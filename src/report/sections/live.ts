import { thousands } from '../../text/words.ts'
import { licenceRows, licenceTitle } from '../live-words.ts'
import { type Section, type Text, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import { SKIP_WORDS } from '../words.ts'

/** People by product whose licences are freed. */
export function licences(report: RunReport): Section {
  const rows = licenceRows(report).map(([what, people]) => [what, people === null ? '' : thousands(people)])
  return { id: 'licences', title: licenceTitle(report), blocks: table(['Product', 'People'], rows) }
}

/** Who is not in the list of a find although somebody may look for them there. */
export function leftOut({ leftOut: all }: RunReport, most: number): Section {
  const rows = all.slice(0, most).map(({ who, email, from, reason }): Text[] => {
    return [[{ code: who }, { code: email }], from, [SKIP_WORDS[reason], { code: reason }]]
  })
  const blocks = table(['Who', 'Named in', 'Why not'], rows, all.length, 'plan.json')
  return { id: 'left-out', title: `Not in the list: ${thousands(all.length)}`, blocks }
}
