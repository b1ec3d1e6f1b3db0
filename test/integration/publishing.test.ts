import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { inHaste } from './haste.ts'
import { inProcess } from './in-process.ts'
import { openScene } from './round-trip-scene.ts'

const ZIP = Buffer.from('PK')

test('an artifact service that is down costs the publication, and nothing else', async () => {
  // Atlassian's answers are waited for as long as ever.
  await using scene = await openScene({ size: 5, runner: inProcess({ answerTimeout: 1_000_000 }) })
  scene.standIn.artifacts.down = true
  // The client tries for half a minute.
  using _hasty = inHaste()
  const step = await scene.run({ mode: 'apply' })
  expect(step.outputs).toMatchObject({ outcome: 'failed', reason: 'not-published', deactivated: '5', verified: '5' })
  expect(step.outputs['artifact-name']).toBe('')
  expect(step.exitCode).toBe(1)
  expect(step.results.map(({ state }) => state)).toEqual(scene.listed.map(() => 'deactivated'))
  expect(step.log).toContain('::error title=Deactivate Atlassian users::Artifact')
  expect(step.log).toContain(step.outputs['results-path'])
  expect(step.log).not.toMatch(/^ {4}at /m)
  expect(step.summary).toContain('not-published')
  expect(step.postLog).toBe('')
  const plan = JSON.parse(await readFile(join(step.outputs['results-path'] ?? '', 'plan.json'), 'utf8')) as object
  expect(plan).toMatchObject({ schemaVersion: 1 })
})

describe('a name that is taken in this run', () => {
  test('gets -2, then -3, and the page goes with it', async () => {
    await using scene = await openScene({ size: 3 })
    const names: (string | undefined)[] = []
    for (const _ of [1, 2, 3]) names.push((await scene.run({ mode: 'plan' })).outputs['artifact-name'])
    expect(names).toEqual(['atlassian-users-plan-1', 'atlassian-users-plan-1-2', 'atlassian-users-plan-1-3'])
    for (const name of names) {
      const stored = scene.standIn.artifacts.named(name ?? '', '1000')
      expect(stored?.bytes.subarray(0, 2)).toEqual(ZIP)
    }
  })
})

test('on GitHub Enterprise Server a notice says where the results are, and nothing fails for it', async () => {
  await using scene = await openScene({ size: 3, env: { GITHUB_SERVER_URL: 'https://ghe.example.com' } })
  const step = await scene.run({ mode: 'apply' })
  expect(step.outputs).toMatchObject({ outcome: 'completed', reason: '', deactivated: '3', 'artifact-name': '' })
  expect(step.exitCode).toBe(0)
  const notice = step.log.split('\n').find((line) => line.startsWith('::notice') && line.includes('Enterprise'))
  expect(notice).toContain(step.outputs['results-path'])
  expect(step.log).not.toContain('::error')
  expect(scene.standIn.artifacts.stored).toEqual([])
  expect(await readdir(step.outputs['results-path'] ?? '')).toEqual(
    expect.arrayContaining(['journal.jsonl', 'plan.json', 'results.csv']),
  )
})

describe('inputs that are refused leave all outputs set, exit with 1, and touch nobody:', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an unknown one', { exclude_file: 'x.txt' }, '"exclude-file"'],
    ['an empty approved-plan', { 'approved-plan': '' }, '"approved-plan"'],
    ['an empty include', { include: '' }, '"include"'],
    ['an empty mode', { mode: '' }, '"mode"'],
    ['a number that is none', { 'max-failures': 'five' }, '"max-failures"'],
    [
      'another origin for the key',
      { 'atlassian-api-url': 'https://atlassian.com.evil.example' },
      '"atlassian-api-url"',
    ],
  ])('%s', async (_, inputs, told) => {
    await using scene = await openScene({ size: 3 })
    const step = await scene.run({ mode: 'apply', ...inputs })
    expect(step.exitCode).toBe(1)
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input', listed: '0', deactivated: '0' })
    expect(JSON.parse(step.outputs.result ?? '')).toMatchObject({ schemaVersion: 1, outcome: 'refused', listed: 0 })
    expect(step.log.split('\n').find((line) => line.startsWith('::error'))).toContain(told)
    expect(step.log).not.toMatch(/^ {4}at /m)
    expect(step.summary).toContain('invalid-input')
    expect(scene.standIn.organization.calls).toEqual([])
  })
})

test('the key is told nowhere when Atlassian rejects it', async () => {
  const key = 'ATCTT3xFfGN0+stand/in=key_ABCDEF012345'
  await using scene = await openScene({ size: 3, key })
  scene.standIn.faults.order({ route: 'any', fault: FAULTS.unauthorized })
  const step = await scene.run({ mode: 'apply' })
  expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'key-rejected' })
  expect(step.summary + JSON.stringify(step.outputs)).not.toContain(key)
})
