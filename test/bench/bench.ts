// Measures the built action beside what it is compared with, in one run, and prints one table:
//   npm run bench                 all parts, a quarter of an hour
//   npm run bench -- list limits  some of them: start, list, rollout, calls, limits, find, attempts
// ACTION_DIST names another bundle than dist/.
import { measureAttempts } from './attempts.ts'
import { measureCalls } from './calls.ts'
import { measureFind } from './find.ts'
import { measureLimits } from './limits.ts'
import { measureList } from './list.ts'
import { measureRollout } from './rollout.ts'
import { measureStart } from './start.ts'
import { printTable, type Row } from './table.ts'

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start: measureStart,
  list: measureList,
  rollout: measureRollout,
  calls: measureCalls,
  limits: measureLimits,
  find: measureFind,
  attempts: measureAttempts,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are ${Object.keys(PARTS).join(', ')}.`)
  process.exitCode = 1
} else {
  const rows: Row[] = []
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.error(`Measuring ${name} …`)
    rows.push(...(await measure()))
  }
  printTable(rows)
}
