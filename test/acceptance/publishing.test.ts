import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { openScene } from './round-trip-scene.ts'

const ZIP = Buffer.from('PK')

test('an artifact service that is down costs the publication, and nothing else', async () => {
  await using scene = await openScene({ size: 5 })
  scene.standIn.artifacts.down = true
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
}, 90_000)

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

describe('the key', () => {
  const key = 'ATCTT3xFfGN0+stand/in=key_ABCDEF012345'
  const escaped = [...key].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  /** How a body could echo it. All but the last are written as they would be found again in a file. */
  const forms: Record<string, string> = {
    plain: key,
    encoded: encodeURIComponent(key),
    base64: Buffer.from(key).toString('base64'),
    base64url: Buffer.from(key).toString('base64url'),
    hex: Buffer.from(key).toString('hex'),
    header: Buffer.from(`Bearer ${key}`).toString('base64'),
    escaped,
  }

  test('is found nowhere, also when every answer echoes it', async () => {
    await using scene = await openScene({ size: 9, key })
    for (const [index, form] of Object.values(forms).entries()) {
      const body = `{"key":"forbidden.${index}","context":{"message":"no entry for Bearer ${form} here"}}`
      const account = scene.listed[index + 1] ?? ''
      scene.standIn.faults.order({ route: 'disable', account, fault: { kind: 'answer', status: 403, body } })
    }
    const step = await scene.run(
      { mode: 'apply', 'max-failures': '20' },
      { env: { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1' } },
    )
    expect(step.outputs).toMatchObject({ outcome: 'failed', failed: '7', deactivated: '2' })
    expect(step.results.filter(({ detail = '' }) => detail.includes('no entry for Bearer'))).toHaveLength(7)
    const shown = [step.log, step.postLog].flatMap((log) =>
      log.split('\n').filter((line) => !line.startsWith('::add-mask::')),
    )
    const home = join(scene.job.workspace, '..')
    const texts = new Map([['the log', shown.join('\n')]])
    for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) texts.set(path, await readFile(path, 'latin1'))
    }
    expect(texts.size).toBeGreaterThan(6)
    const found = [...texts].flatMap(([place, text]) =>
      Object.entries(forms)
        .filter(([, form]) => text.includes(form))
        .map(([name]) => `${name} in ${place}`),
    )
    expect(found).toEqual([])
    for (const [place, text] of texts) expect([place, text.includes(key.slice(0, 20))]).toEqual([place, false])
  })

  test('is told nowhere when Atlassian rejects it', async () => {
    await using scene = await openScene({ size: 3, key })
    scene.standIn.faults.order({ route: 'any', fault: FAULTS.unauthorized })
    const step = await scene.run({ mode: 'apply' })
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'key-rejected' })
    expect(step.summary + JSON.stringify(step.outputs)).not.toContain(key)
  })

  test.each([
    ['main', () => undefined],
    [
      'the post step',
      (text: string, kill: (signal: NodeJS.Signals) => void) => {
        if (text.includes('Uploading the results')) kill('SIGKILL')
      },
    ],
  ] as const)('is told nowhere when the artifact service echoes it to %s', async (_, onOutput) => {
    await using scene = await openScene({ size: 3, key })
    const said = `for ${key} and ${forms.header} \u001b[31m`
    const server = createServer((_request, response) =>
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ code: 'x', msg: said })),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const ACTIONS_RESULTS_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const step = await scene.run({ mode: 'apply' }, { env: { ACTIONS_RESULTS_URL }, onOutput })
    server.close()
    const folder = step.outputs['results-path'] ?? ''
    const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'))
    const logs = `${step.log}\n${step.postLog}`.split('\n').filter((line) => !line.startsWith('::add-mask::'))
    const all = [...(await Promise.all(texts)), ...logs, step.summary, step.postSummary, JSON.stringify(step.outputs)]
    expect(all.join('\n')).toContain('could not be uploaded')
    expect(
      all.filter((text) => text.includes(key.slice(0, 20)) || text.includes((forms.header ?? '').slice(9))),
    ).toEqual([])
    expect(logs.join('\n')).not.toContain('\u001b')
  })

  test('is told nowhere by an error that nobody catches, which forges no command either', async () => {
    await using scene = await openScene({ size: 3, key })
    scene.standIn.faults.order({ route: 'any', fault: FAULTS.hang })
    const late = `setTimeout(() => { throw new Error("it said\\n::warning::forged " + process.env["INPUT_API-KEY"]) }, 1500)`
    const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(late)}"`
    const step = await scene.run({ mode: 'apply' }, { env: { NODE_OPTIONS }, post: false })
    expect(step.exitCode).toBe(1)
    const lines = step.log.split('\n').filter((line) => !line.startsWith('::add-mask::'))
    expect(lines.join('\n')).toContain('The action failed unexpectedly: it said')
    expect(lines.join('\n')).toContain('What was changed until then stands in the journal.')
    expect(lines.join('\n')).not.toContain(key.slice(0, 20))
    expect(lines.filter((line) => line.startsWith('::warning'))).toEqual([])
    expect(step.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', deactivated: '0' })
  })
})
