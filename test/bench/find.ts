import { memoryProbe, runAction, tempFolder } from './processes.ts'
import { startBenchStandIn } from './stand-in.ts'
import { atMost, mebibytes, type Row, seconds, shown } from './table.ts'

const PEOPLE = 100_000
const MOST_MEMORY = 600 * 2 ** 20

/** Everybody of a large organization as a list: calls and memory, by the search and by the list that stands in for it. */
export async function measureFind(): Promise<readonly Row[]> {
  return [...(await measure('by the search', false)), ...(await measure('by the list of managed accounts', true))]
}

async function measure(way: string, isScoped: boolean): Promise<readonly Row[]> {
  await using folder = await tempFolder()
  await using standIn = await startBenchStandIn({ people: PEOPLE, ...(isScoped ? { reach: ['users'] } : {}) })
  const probe = await memoryProbe(folder.path)
  const inputs = {
    mode: 'find',
    'users-file': 'leavers.csv',
    'idle-days': '90',
    'notice-days': '30',
    'executing-user': standIn.executingUser,
    'api-key': standIn.key,
    'organization-id': standIn.organizationId,
    'atlassian-api-url': standIn.url,
  }
  const { took } = await runAction(folder.path, inputs, standIn.artifactEnvironment, probe.args)
  const calls = (await standIn.report()).calls.length
  const what = `find in ${PEOPLE.toLocaleString('en-US')} people, ${way}`
  const most = 1.05 * Math.ceil((PEOPLE + 1) / 100) + 10
  const row = { part: 'find', beside: '' }
  const memory = await probe.read()
  return [
    shown('find', what, seconds(took)),
    atMost({ ...row, what: `${what}: calls`, measured: String(calls) }, calls, most, (value) => value.toFixed(0)),
    atMost({ ...row, what: `${what}: peak memory`, measured: mebibytes(memory) }, memory, MOST_MEMORY, mebibytes),
  ]
}
