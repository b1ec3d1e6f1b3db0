import { applyToAll } from './apply.ts'
import type { StandInOrder } from './stand-in.ts'
import { atMost, type Row } from './table.ts'

const LATENCY = 50
const LAG = 3000

interface Case {
  readonly what: string
  readonly order: StandInOrder
  readonly directory: boolean
  readonly most: number
}

const CASES: readonly Case[] = [
  { what: '1,000 accounts of 1,000', order: { people: 1000 }, directory: true, most: 1.03 },
  { what: '100 accounts of 4,000', order: { people: 4000, listed: 100 }, directory: true, most: 1.12 },
  {
    what: `400 accounts of 4,000, search ${LAG / 1000} s behind`,
    order: { people: 4000, listed: 400, searchLag: LAG },
    directory: true,
    most: 1.08,
  },
  {
    what: '1,000 accounts of 1,000, list without addresses',
    order: { people: 1000, addresses: false },
    directory: true,
    most: 1.12,
  },
  { what: '1,000 accounts of 1,000, without the directory', order: { people: 1000 }, directory: false, most: 4 },
]

/** All calls of an apply to Atlassian, for each account that it changes; the change itself is one of them. */
export async function measureCalls(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { what, order, directory, most } of CASES) {
    const { report } = await applyToAll({ ...order, latency: LATENCY }, directory)
    const measured = `${report.calls.length.toLocaleString('en-US')} calls`
    const beside = `${report.maxInFlight} in flight at most`
    const cells = { part: 'calls', what, measured, beside }
    rows.push(atMost(cells, report.calls.length / report.changes, most, (value) => value.toFixed(3)))
  }
  return rows
}
