import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Stage, type Step } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { inProcess } from './in-process.ts'
import { type Row, runMain } from './run-main.ts'
import { admin, DIRECTORY, openScene, TARGETS } from './scene.ts'

const people = crowd(400)
const GREEN = ['planned', 'nothing-to-do', 'completed']

interface Limited {
  readonly standIn: StandIn
  readonly step: Step
}

/** No file of this process grows beyond so many bytes, as if the disk were full: writes fall short, then fail. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
}

/** The run's clock goes so much faster that half a minute of waiting for room is over in two seconds. */
const here = inProcess({ factor: 15 })

/** The post step has room again. */
const runner: Stage = (half, env, options) => here(half, env, options).finally(() => limitFiles('unlimited'))

/**
 * One step of a job, whose main step runs out of room once so many changes were asked for.
 *
 * @param more bytes that the journal may still have then, so that the last line that fits ends here or there
 * @param roomAfter real milliseconds until there is room for the main step too
 */
async function applyUntilFull(after: number, more: number, roomAfter = 0): Promise<Limited> {
  const standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
  const { organization } = standIn
  const env = { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url }
  const job = await createJob({ 'users.csv': toDirectoryCsv(people) }, env, runner)
  const inputs = {
    mode: 'apply',
    'users-file': 'users.csv',
    'executing-user': 'the.admin@example.com',
    'organization-id': organization.id,
    'api-key': organization.key,
    'atlassian-api-url': standIn.url,
    'max-percent': '100',
    privacy: 'full',
  }
  let asked = 0
  const onStart = (): void => {
    organization.onCall = ({ route }) => {
      if (route !== 'disable' || ++asked !== after) return
      limitFiles(sizeOfJournal(job.temp) + more)
      if (roomAfter > 0) setTimeout(() => limitFiles('unlimited'), roomAfter)
    }
  }
  return { standIn, step: await job.run(inputs, { onStart }) }
}

function sizeOfJournal(temp: string): number {
  const run = readdirSync(temp).find((name) => name.startsWith('atlassian-users-')) ?? ''
  return statSync(join(temp, run, 'results', 'journal.jsonl')).size
}

/** Rows of the results that were uploaded. */
function publishedRows({ artifacts }: StandIn): Row[] {
  const files = artifacts.filesOf('atlassian-users-apply-1', '1000')
  return parse(files['results.csv'] ?? '', { bom: true, columns: true }) as Row[]
}

const idsIn = (rows: readonly Row[], ...states: readonly string[]): string[] =>
  rows.filter(({ state }) => states.includes(state ?? '')).map(({ account_id: id }) => id ?? '')

/** There is no such call elsewhere. */
const onLinux = describe.skipIf(process.platform !== 'linux')

onLinux('a disk that is full before the journal can be written', () => {
  const told = 'lets nothing be sent any more, loses nobody, tells by number what was done, and is published'
  test.each([0, 50, 100, 150, 200, 1000])(`${told} once there is room (%i bytes more)`, async (more) => {
    const { standIn, step } = await applyUntilFull(120, more, 500)
    await using _open = standIn
    expectNothingLost(standIn, step)
    expect(step.postLog).toBe('')
  })

  test(`${told} by the post step where there is none for the main step`, async () => {
    const { standIn, step } = await applyUntilFull(120, 100)
    await using _open = standIn
    expectNothingLost(standIn, step)
    expect(step.postLog).not.toBe('')
  })
})

function expectNothingLost(standIn: StandIn, step: Step): void {
  const { changes } = standIn.organization
  const changed = changes.map(({ accountId }) => accountId)
  expect(changed.length).toBeGreaterThan(100)
  expect(changed.length).toBeLessThan(150)
  expect(step.exitCode).toBe(1)

  // Law 11: whatever was sent stands in the journal, whole.
  const intents = new Set(step.journal.filter(({ event }) => event === 'intent').map(({ account }) => account))
  const sent = standIn.organization.callsTo('disable').map(({ accountId }) => accountId)
  expect(sent.filter((id) => !intents.has(id))).toEqual([])

  // Nobody is lost, and nobody who was changed is said not to have been.
  const rows = publishedRows(standIn)
  expect(rows.map((row) => row.account_id)).toEqual(people.map(({ id }) => id))
  const known = new Set(idsIn(rows, 'deactivated', 'unknown'))
  expect(changed.filter((id) => !known.has(id))).toEqual([])
  expect(idsIn(rows, 'deactivated').filter((id) => !changed.includes(id))).toEqual([])

  // What main itself could say.
  expect(GREEN).not.toContain(step.outputs.outcome)
  const counted = Number(step.outputs.deactivated) + Number(step.outputs.unknown)
  expect(counted).toBeGreaterThanOrEqual(changed.length)
  expect(counted).toBeLessThanOrEqual(changed.length + 8)
  const error = step.log.split('\n').findLast((line) => line.startsWith('::error')) ?? ''
  expect(error).toMatch(/EFBIG|too large|disk|journal/i)
  expect(error).toContain(`${step.outputs.deactivated} account`)
  expect(step.summary).toContain(String(step.outputs.deactivated))
  expect(`${step.log}${step.postLog}`).not.toMatch(/^ {4}at /m)
}

describe('a folder of results that is gone in the middle of the run', () => {
  test.each<[string, (temp: string, run: string) => void]>([
    ['alone', (temp, run) => rmSync(join(temp, run, 'results'), { recursive: true })],
    ['with all that the run keeps', (temp, run) => rmSync(join(temp, run), { recursive: true })],
    [
      'and a file is in its place',
      (temp, run) => {
        rmSync(join(temp, run, 'results'), { recursive: true })
        writeFileSync(join(temp, run, 'results'), 'not a folder')
      },
    ],
  ])('(%s) leaves no output green where the step fails, and tells by number what was done', async (_, spoil) => {
    await using standIn = await openScene()
    const { organization } = standIn
    let spoilt = false
    organization.onCall = () => {
      if (spoilt || organization.changes.length < 2) return
      spoilt = true
      const temp = process.env.RUNNER_TEMP ?? ''
      const run = readdirSync(temp).find((name) => name.startsWith('atlassian-users-')) ?? ''
      spoil(temp, run)
    }
    const env = artifactEnvironment(standIn.url, '1000')
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, concurrency: '1' }, env })
    expect(spoilt).toBe(true)
    expect(ran.exitCode === 0).toBe(GREEN.includes(ran.outputs.outcome ?? ''))
    expect(ran.exitCode === 0).toBe(ran.outputs.reason === '')
    const done = organization.changes.length
    expect(ran.outputs.deactivated).toBe(String(done))
    if (ran.exitCode === 0) {
      expect(publishedRows(standIn).map(({ state }) => state)).toEqual(TARGETS.map(() => 'deactivated'))
      return
    }
    const error = ran.log.split('\n').findLast((line) => line.startsWith('::error')) ?? ''
    expect(error).toMatch(new RegExp(`\\b${done} accounts?\\b`))
    expect(ran.log).not.toContain('    at ')
  })
})

test('results that are told to be somewhere are there', async () => {
  await using standIn = await openScene()
  const ran = await runMain(standIn, { inputs: DIRECTORY })
  expect(readFileSync(join(ran.folder, 'results.csv'), 'utf8')).toContain(TARGETS[0])
})
