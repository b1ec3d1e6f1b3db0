import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Step } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { type Row, runMain } from './run-main.ts'
import { admin, DIRECTORY, openScene, TARGETS } from './scene.ts'

const people = crowd(400)
const GREEN = ['planned', 'nothing-to-do', 'completed']

/** One step of a job whose files cannot grow beyond a limit; the post step has room again. */
async function applyWithin(largestFile: number, size = people.length): Promise<{ standIn: StandIn; step: Step }> {
  const listed = people.slice(0, size)
  const standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
  const env = { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url }
  const job = await createJob({ 'users.csv': toDirectoryCsv(listed) }, env)
  const inputs = {
    mode: 'apply',
    'users-file': 'users.csv',
    'executing-user': 'the.admin@example.com',
    'organization-id': standIn.organization.id,
    'api-key': standIn.organization.key,
    'atlassian-api-url': standIn.url,
    'max-percent': '100',
    privacy: 'full',
  }
  return { standIn, step: await job.run(inputs, { largestFile }) }
}

/** Rows of the results that were uploaded. */
function publishedRows({ artifacts }: StandIn): Row[] {
  const files = artifacts.filesOf('atlassian-users-apply-1', '1000')
  return parse(files['results.csv'] ?? '', { bom: true, columns: true }) as Row[]
}

const idsIn = (rows: readonly Row[], ...states: readonly string[]): string[] =>
  rows.filter(({ state }) => states.includes(state ?? '')).map(({ account_id: id }) => id ?? '')

/** Limits the size of a file as a shell does: there is no such thing on Windows. */
const limited = describe.skipIf(process.platform === 'win32')

limited('a disk that is full before the journal can be written', () => {
  const told = 'lets nothing be sent any more, loses nobody, tells by number what was done, and is published later'
  test.each([72, 84, 96])(`${told} (%i KiB)`, async (kibibytes) => {
    const { standIn, step } = await applyWithin(kibibytes * 1024)
    await using _open = standIn
    const { changes } = standIn.organization
    const changed = changes.map(({ accountId }) => accountId)
    expect(changed.length).toBeGreaterThan(10)
    expect(changed.length).toBeLessThan(400)
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
  })

  test('before the first change changes nobody', async () => {
    const { standIn, step } = await applyWithin(1024, 20)
    await using _open = standIn
    expect(standIn.organization.callsTo('disable')).toEqual([])
    expect(step.exitCode).toBe(1)
    expect(GREEN).not.toContain(step.outputs.outcome)
  })
})

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
