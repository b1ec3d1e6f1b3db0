import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { medians, memoryProbe, runAction, runNode, tempFolder } from './processes.ts'
import { atMost, mebibytes, type Row, seconds } from './table.ts'

const ROWS = 250_000
const ROUNDS = 5
/** Masking is work for every row; public repositories have it by default. */
const PRIVACY = ['full', 'masked'] as const
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
  const plan = (privacy: string, nodeArgs: readonly string[] = []) =>
    runAction(folder.path, { ...inputs, privacy }, {}, nodeArgs)
  const [parsed = 0, ...planned] = await medians(ROUNDS, [
    () => runNode([alone]),
    ...PRIVACY.map((privacy) => () => plan(privacy)),
  ])
  const rows: Row[] = []
  for (const [index, privacy] of PRIVACY.entries()) {
    const probe = await memoryProbe(folder.path)
    await plan(privacy, probe.args)
    const memory = await probe.read()
    const took = planned[index] ?? Number.NaN
    const what = `plan of ${ROWS.toLocaleString('en-US')} rows, privacy ${privacy}`
    const beside = `csv-parse alone: ${seconds(parsed)}`
    rows.push(
      atMost({ part: 'list', what, measured: seconds(took), beside }, took / parsed, MOST_TIMES),
      atMost(
        { part: 'list', what: `${what}: peak memory`, measured: mebibytes(memory), beside: '' },
        memory,
        MOST_MEMORY,
        mebibytes,
      ),
    )
  }
  return rows
}
