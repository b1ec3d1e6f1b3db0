import { afterEach, beforeEach, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import type { StandIn } from '../stand-in/server.ts'
import { runMain } from './run-main.ts'
import { CANARY, changesOf, openScene, TARGETS, VICTIM } from './scene.ts'

type Files = Record<string, Buffer>

let standIn: StandIn
let files: Files
beforeEach(async () => {
  standIn = await openScene()
  const env = artifactEnvironment(standIn.url, '1000')
  const applied = await runMain(standIn, { env })
  expect(applied.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
  files = standIn.artifacts.filesOf(applied.outputs['artifact-name'] ?? '')
})
afterEach(() => standIn.close())

/** Restores from an artifact with these files, as somebody may have put it there. */
function restore(changed: Readonly<Record<string, string | Uint8Array>>, privacy = 'full') {
  standIn.artifacts.addFiles('1000', 'changed', changed)
  const env = artifactEnvironment(standIn.url, '1000')
  return runMain(standIn, { env, inputs: { mode: 'restore', 'results-artifact': 'changed', privacy } })
}

function edited(name: string, edit: (text: string) => string): Files {
  const text = files[name]?.toString() ?? ''
  const after = edit(text)
  expect(after).not.toBe(text)
  return { ...files, [name]: Buffer.from(after) }
}

const inLine = (id: string, edit: (line: string) => string) => (text: string) =>
  text.replace(new RegExp(`^${id},.*$`, 'm'), edit)

test('results as they were written are restored', async () => {
  const ran = await restore(files)
  expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '4' })
})

const refused: [string, () => Files, string][] = [
  [
    'with a line of somebody who was left alone',
    () =>
      edited(
        'results.csv',
        inLine(VICTIM, (line) => line.replace('deactivate,,', 'skip,excluded,')),
      ),
    'contradicts itself',
  ],
  [
    'with a line of somebody whom nothing was sent for',
    () =>
      edited(
        'results.csv',
        inLine(VICTIM, (line) => line.replace(/,204,1,.*/, ',,0,,,')),
      ),
    'contradicts itself',
  ],
  [
    'with a line more',
    () => edited('results.csv', (text) => `${text}${text.split('\r\n')[1]?.replace(CANARY, 'more')}\r\n`),
    'accounts that are "deactivated"',
  ],
  [
    'with a line less',
    () => edited('results.csv', (text) => text.replace(/^account-4.*\r\n/m, '')),
    'accounts that are "deactivated"',
  ],
  [
    'with a line of somebody who failed',
    () =>
      edited(
        'results.csv',
        inLine(VICTIM, (line) => line.replace('deactivated,yes', 'failed,')),
      ),
    'accounts that are "deactivated"',
  ],
  ['without plan.json', () => ({ 'results.csv': files['results.csv'] ?? Buffer.alloc(0) }), 'no plan.json'],
  [
    'with the plan of a restore',
    () => edited('plan.json', (text) => text.replaceAll('"deactivate"', '"restore"')),
    'another change',
  ],
  [
    'with the plan of a plan',
    () => edited('plan.json', (text) => text.replace('"mode": "apply"', '"mode": "plan"')),
    'mode "plan"',
  ],
]
test.each(refused)('results %s are refused, and nobody is restored', async (_, changed, told) => {
  const ran = await restore(changed())
  expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'results-unreadable', restored: '0' })
  expect(ran.log).toContain(told)
  for (const id of TARGETS) expect(changesOf(standIn, id)).toBe(1)
})

test('a masked run does not tell what stands in a line that is wrong', async () => {
  const changed = edited(
    'results.csv',
    inLine(VICTIM, (line) => line.replace(',deactivate,', ',Jane Doe,')),
  )
  const ran = await restore(changed, 'masked')
  expect(ran.outputs.reason).toBe('results-unreadable')
  expect(ran.log + ran.summary + Object.values(ran.outputs).join()).not.toContain('Jane')
  expect((await restore(changed)).log).toContain('Found "Jane Doe"')
})
