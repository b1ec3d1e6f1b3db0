import { type Attempt, applyAndRestore, artifactsOf } from '../simulation/attempts.ts'
import { type Audit, audit, brokenPromises } from '../simulation/audit.ts'
import { type Campaign, openCampaign } from '../simulation/campaign.ts'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { floorOfRun } from './limits.ts'
import { memoryProbe, runAction, tempFolder } from './processes.ts'
import { atMost, mebibytes, percent, type Row, seconds, shown } from './table.ts'

const PEOPLE = 420_000
const LISTED = 100_000
const MINUTE = 60_000
/**
 * Atlassian publishes no limit for the calls that change accounts. 200 a minute is what it publishes for another call of
 * the same API, and slow enough to outlive a job. Told as it tells it: to the minute.
 */
const QUOTA = { calls: 200, window: MINUTE, headers: 'minute' } as const
const DEADLINE = 345
/** After the deadline answers come in, and the last changes are read back. A hosted runner ends the job at 360. Minutes. */
const LONGEST_ATTEMPT = DEADLINE + 6
const MOST_OVER_QUOTA = 1.02
const MOST_REFUSED = 0.02
const MOST_CALLS = 1.04
const MOST_MEMORY = 900 * 2 ** 20

/**
 * A list that outlives its job, and one restore of all that they did, in simulated time. What is promised about it is
 * held against the stand-in's own record; where that says otherwise, the bench fails.
 */
export async function measureAttempts(): Promise<readonly Row[]> {
  await using folder = await tempFolder()
  const before = process.env.TMPDIR
  // Half a gigabyte of results should be gone afterwards.
  process.env.TMPDIR = folder.path
  try {
    return await measure(folder.path)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

async function measure(folder: string): Promise<Row[]> {
  await using campaign = await openCampaign({ people: PEOPLE, listed: LISTED, quota: QUOTA })
  const memory = process.memoryUsage().rss
  const started = performance.now()
  const { plan, applied, restored } = await applyAndRestore(campaign)
  const took = performance.now() - started
  const rows = [
    ...rowsOf('deactivate', campaign, applied),
    ...rowsOf('restore', campaign, restored),
    ...(await planOfRestore(campaign, applied, folder)),
    {
      ...shown('attempts', 'all of it, in real time', seconds(took)),
      beside: `${minutes(restored.at(-1)?.until ?? 0, plan.from)} simulated`,
    },
    {
      ...shown('attempts', 'peak memory, the stand-in included', mebibytes(process.resourceUsage().maxRSS * 1024)),
      beside: `${mebibytes(memory)} before the first`,
    },
  ]
  for (const error of campaign.standIn.errors) fail(`the stand-in failed: ${String(error)}`)
  if (plan.step.outputs.outcome !== 'planned') fail(`the plan ended ${plan.step.outputs.outcome}`)
  return rows
}

function rowsOf(what: 'deactivate' | 'restore', { standIn, list }: Campaign, attempts: readonly Attempt[]): Row[] {
  const listed = new Set(list.map(({ id }) => id))
  const found = audit(standIn.organization, attempts, what === 'deactivate' ? 'disable' : 'enable', listed)
  for (const broken of brokenPromises(found, attempts)) fail(`${what}: ${broken}`)
  const spent = attempts.reduce((sum, { from, until }) => sum + until - from, 0)
  const least = attempts.reduce(
    (sum, { firstCall, endCall }) => sum + floorOfRun(standIn.organization.calls.slice(firstCall, endCall), QUOTA),
    0,
  )
  const people = `${LISTED.toLocaleString('en-US')} of ${PEOPLE.toLocaleString('en-US')} accounts`
  return [
    atMost(
      {
        part: 'attempts',
        what: `${what} ${people}, ${QUOTA.calls} calls a minute for each endpoint: ${attempts.length} attempts`,
        measured: minutes(spent),
        beside: `the limit alone: ${minutes(least)}`,
      },
      spent / least,
      MOST_OVER_QUOTA,
      (ratio) => `${ratio.toFixed(3)} ×`,
    ),
    ...attempts.map((attempt, index) => rowOf(what, attempt, index, found)),
    atMost(
      { part: 'attempts', what: `${what}: calls for each account`, measured: `${found.calls} calls`, beside: '' },
      found.calls / LISTED,
      MOST_CALLS,
      (ratio) => ratio.toFixed(3),
    ),
    atMost(
      { part: 'attempts', what: `${what}: calls refused`, measured: `${found.refused} calls`, beside: '' },
      found.refused / found.calls,
      MOST_REFUSED,
      percent,
    ),
    none(`${what}: accounts changed twice, or sent again`, found.twice + found.resent),
    none(`${what}: accounts of the list left out`, found.missed),
    none(`${what}: accounts outside of the list changed, or tried`, found.outside),
  ]
}

function rowOf(what: string, { step, from, until, took }: Attempt, index: number, found: Audit): Row {
  const done = found.perAttempt[index] ?? 0
  const { outcome = '', reason = '', verified = '' } = step.outputs
  if (Number(verified) !== done) fail(`attempt ${index + 1} has read back ${verified} of ${done} accounts`)
  return atMost(
    {
      part: 'attempts',
      what: `${what}, attempt ${index + 1}: ${outcome}${reason === '' ? '' : ` (${reason})`}, canary ${found.canaryFirst[index] ? 'first' : 'NOT FIRST'}`,
      measured: `${done.toLocaleString('en-US')} accounts`,
      beside: `${seconds(took)} in real time`,
    },
    (until - from) / MINUTE,
    LONGEST_ATTEMPT,
    (value) => `${value.toFixed(1)} min`,
  )
}

/** What reading all these results takes of the built action, in a process of its own. */
async function planOfRestore(
  { standIn }: Campaign,
  applied: readonly Attempt[],
  folder: string,
): Promise<readonly Row[]> {
  const probe = await memoryProbe(folder)
  const inputs = { mode: 'plan', 'results-artifact': artifactsOf(applied), 'max-users': String(LISTED) }
  const ran = await runAction(folder, inputs, artifactEnvironment(standIn.url, '1000'), probe.args)
  const memory = await probe.read()
  const what = `plan of the restore, ${applied.length} results of ${LISTED.toLocaleString('en-US')} rows`
  return [
    shown('attempts', what, seconds(ran.took)),
    atMost(
      { part: 'attempts', what: `${what}: peak memory`, measured: mebibytes(memory), beside: '' },
      memory,
      MOST_MEMORY,
      mebibytes,
    ),
  ]
}

function none(what: string, accounts: number): Row {
  return atMost({ part: 'attempts', what, measured: String(accounts), beside: '' }, accounts, 0, String)
}

function minutes(until: number, from = 0): string {
  return `${((until - from) / MINUTE).toFixed(1)} min`
}

/** A promise that is broken is no matter of speed. */
function fail(why: string): void {
  console.error(`FAILED: ${why}`)
  process.exitCode = 1
}
