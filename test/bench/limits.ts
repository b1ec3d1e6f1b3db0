import type { Quota } from '../stand-in/quota.ts'
import { applyToListed } from './apply.ts'
import { atMost, percent, type Row, seconds } from './table.ts'

const PEOPLE = 1000
const LATENCY = 50
const CALLS = 100
const WINDOW = 5000
const MOST_OVER_FLOOR = 1.15

const WAYS = [
  { what: 'headers to the second', headers: 'second', mostRefused: 0.02 },
  { what: 'no headers', headers: 'none', mostRefused: 0.2 },
] as const satisfies readonly { what: string; headers: Quota['headers']; mostRefused: number }[]

/** A limit of 100 calls per 5 s: the time over what no client can be faster than, and the share of refused calls. */
export async function measureLimits(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { what, headers, mostRefused } of WAYS) {
    const quota = { calls: CALLS, window: WINDOW, headers }
    const { report } = await applyToListed({ people: PEOPLE, latency: LATENCY, quota }, true)
    const refused = report.calls.filter(({ status }) => status === 429).length
    const needed = report.calls.length - refused
    // The first call opens the first window, and the last one may come as soon as its own window opens.
    const floor = (Math.ceil(needed / CALLS) - 1) * WINDOW
    const took = (report.calls.at(-1)?.at ?? 0) - (report.calls[0]?.at ?? 0) + LATENCY
    rows.push(
      atMost(
        {
          part: 'limits',
          what: `${CALLS} calls per ${WINDOW / 1000} s, ${what}: ${needed} calls`,
          measured: seconds(took),
          beside: `floor: ${seconds(floor)}`,
        },
        took / floor,
        MOST_OVER_FLOOR,
      ),
      atMost(
        { part: 'limits', what: `refused, ${what}`, measured: `${refused} calls`, beside: '' },
        refused / report.calls.length,
        mostRefused,
        percent,
      ),
    )
  }
  return rows
}
