import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { medians, runAction, runNode, tempFolder } from './processes.ts'
import { startBenchStandIn } from './stand-in.ts'
import { atMost, type Row, seconds } from './table.ts'

const ROUNDS = 11
const MOST_TIMES = 12

/** A plan of one row, beside the start of Node alone. */
export async function measureStart(): Promise<readonly Row[]> {
  await using folder = await tempFolder()
  await using standIn = await startBenchStandIn({ people: 1 })
  await writeFile(join(folder.path, 'users.csv'), toDirectoryCsv(crowd(1)))
  const inputs = { mode: 'plan', 'users-file': 'users.csv' }
  const [bare = 0, plain = 0, uploaded = 0] = await medians(ROUNDS, [
    () => runNode(['-e', '0']),
    () => runAction(folder.path, inputs),
    () => runAction(folder.path, inputs, standIn.artifactEnvironment),
  ])
  const row = (what: string, took: number): Row =>
    atMost(
      { part: 'start', what, measured: seconds(took), beside: `node -e 0: ${seconds(bare)}` },
      took / bare,
      MOST_TIMES,
    )
  return [row('plan of 1 row', plain), row('plan of 1 row, artifact uploaded', uploaded)]
}
