import type { Quota } from '../stand-in/quota.ts'
import { applyToAll } from './apply.ts'
import type { StandInReport } from './stand-in.ts'
import { atMost, percent, type Row, seconds } from './table.ts'

type Calls = readonly Pick<StandInReport['calls'][number], 'at' | 'route' | 'status'>[]

const PEOPLE = 1000
const LATENCY = 50
const IN_FLIGHT = 8
const WINDOW = 5000
const LIMIT = { calls: 100, window: WINDOW } as const
const SMALL_SEARCH = { search: 20 }

const WAYS = [
  { what: 'headers to the second', quota: { ...LIMIT, headers: 'second' }, mostOver: 1.05, mostRefused: 0.01 },
  { what: 'no headers', quota: { ...LIMIT, headers: 'none' }, mostOver: 1.15, mostRefused: 0.1 },
  {
    what: 'headers, 20 for the search',
    quota: { ...LIMIT, headers: 'second', callsTo: SMALL_SEARCH },
    mostOver: 1.15,
    mostRefused: 0.01,
  },
  {
    what: 'no headers, 20 for the search',
    quota: { ...LIMIT, headers: 'none', callsTo: SMALL_SEARCH },
    mostOver: 1.15,
    mostRefused: 0.1,
  },
] as const satisfies readonly { what: string; quota: Quota; mostOver: number; mostRefused: number }[]

/** A limit of 100 calls per 5 s for each endpoint: the time over what no client can be faster than, and what is refused. */
export async function measureLimits(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { what, quota, mostOver, mostRefused } of WAYS) {
    const { report } = await applyToAll({ people: PEOPLE, latency: LATENCY, quota }, true)
    const { calls, maxInFlight } = report
    const changes = calls.filter(({ route }) => route === 'disable')
    const refused = calls.filter(({ status }) => status === 429)
    const over = (name: string, some: Calls, floor: number): Row =>
      atMost(
        {
          part: 'limits',
          what: `${LIMIT.calls} calls per ${WINDOW / 1000} s, ${what}: ${name}`,
          measured: seconds(spanOf(some)),
          beside: `floor: ${seconds(floor)}`,
        },
        spanOf(some) / floor,
        mostOver,
      )
    const others = { part: 'limits', beside: '' }
    rows.push(
      over('changes', changes, floorOf(changes, quota)),
      ...('callsTo' in quota ? [over('everything', calls, floorOfRun(calls, quota))] : []),
      atMost(
        { ...others, what: `refused, ${what}`, measured: `${refused.length} of ${calls.length} calls` },
        refused.length / calls.length,
        mostRefused,
        percent,
      ),
      atMost(
        { ...others, what: `in flight, ${what}`, measured: `${maxInFlight} calls` },
        maxInFlight,
        IN_FLIGHT,
        String,
      ),
    )
  }
  return rows
}

/** Milliseconds from the first call to the answer of the last. */
function spanOf(calls: Calls): number {
  return (calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0) + LATENCY
}

/** The slowest endpoint counts. Its first call opens its first window, and its last one may come as soon as its own opens. */
function floorOf(calls: Calls, quota: Quota): number {
  const passed = calls.filter(({ status }) => status !== 429)
  const windows = Object.entries(Object.groupBy(passed, ({ route }) => route)).map(([route, own]) =>
    Math.ceil(own.length / (quota.callsTo?.[route] ?? quota.calls)),
  )
  return (Math.max(1, ...windows) - 1) * quota.window
}

/** Nothing is changed before everybody was looked at, and what was changed last is read back after that. */
export function floorOfRun(calls: Calls, quota: Quota): number {
  const isChange = ({ route }: Calls[number]): boolean => route === 'disable' || route === 'enable'
  const [first, last] = [calls.findIndex(isChange), calls.findLastIndex(isChange)]
  const phases = [calls.slice(0, first), calls.slice(first, last + 1), calls.slice(last + 1)]
  return phases.reduce((sum, phase) => sum + floorOf(phase, quota), 0)
}
