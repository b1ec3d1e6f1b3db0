import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openScene } from '../integration/round-trip-scene.ts'
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
})
