import { thousands } from '../../text/words.ts'
import { type Section, type Text, table } from '../model.ts'
import type { RunReport } from '../report.ts'
import { SKIP_WORDS } from '../words.ts'

/** Products of which the people are told; of more, how many. */
const MOST_PRODUCTS = 20

/** People by product whose licences are freed, the most first; none where Atlassian told of none. */
export function licences({ licences: freed, mode }: RunReport): Section {
  const { products, billable, unknown } = freed ?? { products: [], billable: null, unknown: 0 }
  const rows = [
    ...products.slice(0, MOST_PRODUCTS).map(({ product, people }) => [product, thousands(people)]),
    ...(billable === null ? [] : [['Billable accounts', thousands(billable)]]),
    ...(unknown > 0 && products.length > 0 ? [['Licences unknown', thousands(unknown)]] : []),
  ]
  const all = rows.length + Math.max(0, products.length - MOST_PRODUCTS)
  const title = `Licences ${mode === 'apply' ? '' : 'that would be '}freed, according to Atlassian`
  return { id: 'licences', title, blocks: table(['Product', 'People'], rows, all, 'plan.json') }
}

/** Who is not in the list of a find although somebody may look for them there. */
export function leftOut({ leftOut: all }: RunReport, most: number): Section {
  const rows = all.slice(0, most).map(({ who, email, from, reason }): Text[] => {
    return [[{ code: who }, { code: email }], from, [SKIP_WORDS[reason], { code: reason }]]
  })
  const blocks = table(['Who', 'Named in', 'Why not'], rows, all.length, 'plan.json')
  return { id: 'left-out', title: `Not in the list: ${thousands(all.length)}`, blocks }
}
