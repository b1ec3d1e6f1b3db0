import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Applied, applyToAll } from './apply.ts'
import { installNewman, runNewman } from './newman.ts'
import { runNode, tempFolder } from './processes.ts'
import { startBenchStandIn } from './stand-in.ts'
import { atLeast, atMost, type Row, seconds, shown, times } from './table.ts'

const PEOPLE = 1000
const LATENCY = 50
const IN_FLIGHT = 8
const LEAST_TIMES_NEWMAN = 7
const MOST_OVER_IDEAL = 1.3

/** A thousand accounts, changed by the action, by Newman with the support article's collection, and by a plain loop. */
export async function measureRollout(): Promise<readonly Row[]> {
  const order = { people: PEOPLE, latency: LATENCY }
  const directory = await applyToAll(order, true)
  const oneByOne = await applyToAll(order, false)
  const loop = await measureLoop()
  const newman = await measureNewman()
  const what = (way: string): string => `${PEOPLE.toLocaleString('en-US')} accounts at ${LATENCY} ms, ${way}`
  const row = (way: string, applied: Applied): Row => {
    const cells = { part: 'rollout', what: what(way), measured: seconds(applied.took) }
    if (newman === null) return { ...shown(cells.part, cells.what, cells.measured), beside: 'no Newman here' }
    const times = newman / applied.took
    const beside = `Newman 6: ${seconds(newman)}`
    if (way === 'directory') return atLeast({ ...cells, beside }, times, LEAST_TIMES_NEWMAN)
    return { ...shown(cells.part, cells.what, cells.measured), beside, ratio: `${times.toFixed(2)} ×` }
  }
  return [
    row('directory', directory),
    row('one by one', oneByOne),
    { ...shown('rollout', what('plain loop of fetch'), seconds(loop)), ratio: times(loop / directory.took) },
    changePhase('directory', directory),
    changePhase('one by one', oneByOne),
  ]
}

/** From the first change after the canary to the answer of the last, as the stand-in saw them. */
function changePhase(way: string, { report }: Applied): Row {
  const [, ...starts] = report.calls.filter(({ route }) => route === 'disable').map(({ at }) => at)
  const took = (starts.at(-1) ?? 0) - (starts[0] ?? 0) + LATENCY
  // With a directory nothing but changes is under way then; without one each change is read back at once.
  const ideal = Math.ceil(starts.length / IN_FLIGHT) * LATENCY * (way === 'directory' ? 1 : 2)
  return atMost(
    {
      part: 'rollout',
      what: `change phase, ${way}`,
      measured: seconds(took),
      beside: `8 in flight: ${seconds(ideal)}`,
    },
    took / ideal,
    MOST_OVER_IDEAL,
  )
}

/** The least that somebody would write: one account after the other. */
async function measureLoop(): Promise<number> {
  await using folder = await tempFolder()
  await using standIn = await startBenchStandIn({ people: PEOPLE, latency: LATENCY })
  const script = join(folder.path, 'loop.mjs')
  await writeFile(
    script,
    `for (const id of ${JSON.stringify(idsOf(standIn.list))}) {
       const response = await fetch(${JSON.stringify(standIn.url)} + '/users/' + id + '/manage/lifecycle/disable', {
         method: 'POST',
         headers: { authorization: 'Bearer ' + process.env.KEY, 'content-type': 'application/json' },
         body: '{}',
       })
       if (response.status !== 204) process.exitCode = 1
     }\n`,
  )
  const ran = await runNode([script], { KEY: standIn.key })
  if (ran.exitCode !== 0) throw new Error(`The loop failed:\n${ran.output}`)
  return ran.took
}

async function measureNewman(): Promise<number | null> {
  await using folder = await tempFolder()
  const newman = await installNewman()
  if (newman === null) return null
  await using standIn = await startBenchStandIn({ people: PEOPLE, latency: LATENCY })
  const took = await runNewman(newman, folder.path, { ...standIn, ids: idsOf(standIn.list) })
  const { changes } = await standIn.report()
  if (changes !== PEOPLE) throw new Error(`Newman changed ${changes} accounts of ${PEOPLE}.`)
  return took
}

/** Everybody of the list but the admin in its first row. */
function idsOf(list: string): string[] {
  return list
    .trimEnd()
    .split('\r\n')
    .slice(2)
    .map((row) => row.slice(0, row.indexOf(',')))
}
