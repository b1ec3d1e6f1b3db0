import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openScene } from '../integration/round-trip-scene.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { spawned as runner } from '../stand-in/runner.ts'

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
    await using scene = await openScene({ size: 9, key, runner })
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

  test.each([
    ['main', () => undefined],
    [
      'the post step',
      (text: string, kill: (signal: NodeJS.Signals) => void) => {
        if (text.includes('Uploading the results')) kill('SIGKILL')
      },
    ],
  ] as const)('is told nowhere when the artifact service echoes it to %s', async (_, onOutput) => {
    await using scene = await openScene({ size: 3, key, runner })
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
    await using scene = await openScene({ size: 3, key, runner })
    scene.standIn.faults.order({ route: 'any', fault: FAULTS.hang })
    const late = `setTimeout(() => { throw new Error("it said\\n::warning::forged " + process.env["INPUT_API-KEY"]) }, 1500)`
    const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(late)}"`
    const step = await scene.run({ mode: 'apply' }, { env: { NODE_OPTIONS }, post: false })
    expect(step.exitCode).toBe(1)
    const lines = step.log.split('\n').filter((line) => !line.startsWith('::add-mask::'))
    expect(lines.join('\n')).toContain('The action failed unexpectedly: it said')
    expect(lines.join('\n')).toContain('The journal has what was changed until then.')
    expect(lines.join('\n')).not.toContain(key.slice(0, 20))
    expect(lines.filter((line) => line.startsWith('::warning'))).toEqual([])
    expect(step.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', deactivated: '0' })
  })
})
