import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { medians, memoryProbe, runAction, runNode, tempFolder } from './processes.ts'
import { atMost, mebibytes, type Row, seconds } from './table.ts'

const ROWS = 250_000
const ROUNDS = 5
const MOST_TIMES = 3
const MOST_MEMORY = 900 * 2 ** 20

/** A plan of a very large list, beside nothing but csv-parse on the same file; whole processes. */
export async function measureList(): Promise<readonly Row[]> {
  await using folder = await tempFolder()
  const list = join(folder.path, 'users.csv')
  await writeFile(list, toDirectoryCsv(crowd(ROWS)))
  const alone = join(folder.path, 'alone.mjs')
  const csvParse = pathToFileURL(join(import.meta.dirname, '../../node_modules/csv-parse/lib/sync.js')).href
  await writeFile(
    alone,
    `import { readFileSync } from 'node:fs'\nimport { parse } from ${JSON.stringify(csvParse)}\n` +
      `const rows = parse(readFileSync(${JSON.stringify(list)}))\nif (rows.length !== ${ROWS + 1}) process.exitCode = 1\n`,
  )
  const inputs = { mode: 'plan', 'users-file': 'users.csv', 'max-users': '1000000' }
  const plan = () => runAction(folder.path, inputs)
  const [parsed = 0, planned = 0] = await medians(ROUNDS, [() => runNode([alone]), plan])
  const probe = await memoryProbe(folder.path)
  await runAction(folder.path, inputs, {}, probe.args)
  const memory = await probe.read()
  const what = `plan of ${ROWS.toLocaleString('en-US')} rows`
  return [
    atMost(
      { part: 'list', what, measured: seconds(planned), beside: `csv-parse alone: ${seconds(parsed)}` },
      planned / parsed,
      MOST_TIMES,
    ),
    atMost(
      { part: 'list', what: `${what}: peak memory`, measured: mebibytes(memory), beside: '' },
      memory,
      MOST_MEMORY,
      mebibytes,
    ),
  ]
}
