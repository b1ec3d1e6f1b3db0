import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MODES } from '../../src/account/decision.ts'
import { OUTCOMES, STATES } from '../../src/account/result.ts'
import { schemaErrors, schemaOf } from '../schemas.ts'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS } from '../stand-in/faults.ts'
import type { StandIn } from '../stand-in/server.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'
import { CANARY, DIRECTORY, openScene, VICTIM } from './scene.ts'

const FILES = ['plan.json', 'journal.jsonl'] as const

/** Runs that differ in what they leave, and what they end with; each after an apply of all four. */
const KINDS: readonly (readonly [string, Staging, string])[] = [
  ['plan', { inputs: { ...DIRECTORY, mode: 'plan' } }, 'nothing-to-do'],
  ['plan offline', { inputs: { mode: 'plan', 'api-key': '' } }, 'nothing-to-do'],
  ['verify', { inputs: { ...DIRECTORY, mode: 'verify', ...earlier() } }, 'completed'],
  ['restore', { inputs: { ...DIRECTORY, mode: 'restore', ...earlier() } }, 'completed'],
  ['masked restore', { inputs: { ...DIRECTORY, mode: 'restore', privacy: 'masked', ...earlier() } }, 'completed'],
  ['find', { inputs: { ...DIRECTORY, mode: 'find', 'users-file': '' } }, 'nothing-to-do'],
  [
    'find of nobody',
    { inputs: { ...DIRECTORY, mode: 'find', 'users-file': '', include: 'gone@example.com' } },
    'failed',
  ],
  ['refused list', { files: { 'users.csv': 'no,ids\n' } }, 'refused'],
]

function earlier(): Readonly<Record<string, string>> {
  return { 'users-file': '', 'results-artifact': 'atlassian-users-apply-1' }
}

async function applied(): Promise<StandIn> {
  const standIn = await openScene({ [VICTIM]: { manageRefusal: '' } })
  await runMain(standIn, { env: artifactEnvironment(standIn.url, '1000'), inputs: DIRECTORY })
  return standIn
}

// Every run of "runMain" is held to the schemas; these are the kinds that no other test may leave out.
describe('what a run leaves is as the published schemas say:', () => {
  test.each(KINDS)('%s', async (_, staging, outcome) => {
    await using standIn = await applied()
    const ran = await runMain(standIn, { env: artifactEnvironment(standIn.url, '1000'), ...staging })
    expect(ran.outputs.outcome).toBe(outcome)
    expect(schemaErrors(ran.folder, ran.outputs)).toEqual([])
    for (const name of FILES) expect(readFileSync(join(ran.folder, name), 'utf8')).toMatch(/\}\n$/)
  })

  test.each([
    ['halted', CANARY, 'halted'],
    ['failed', VICTIM, 'failed'],
  ])('%s', async (_, account, outcome) => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account, fault: FAULTS.refused('externalDirectory.scim') })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs.outcome).toBe(outcome)
    expect(schemaErrors(ran.folder, ran.outputs)).toEqual([])
  })
})

describe('a schema', () => {
  const kinds = (name: 'plan' | 'result'): Record<string, { enum?: string[] }> =>
    (schemaOf(name).schema as { properties: Record<string, { enum?: string[] }> }).properties

  test.each(['plan', 'result'] as const)('of %s knows every mode and outcome', (name) => {
    expect(kinds(name).mode?.enum).toEqual([...MODES])
    expect(kinds(name).outcome?.enum).toEqual([...OUTCOMES])
  })

  test('of a plan knows every state', () => {
    const { counts } = kinds('plan') as Record<string, { required?: string[] }>
    expect(counts?.required?.toSorted()).toEqual(['listed', 'verified', ...STATES].toSorted())
  })

  let ran: Ran
  test.each<[string, 'plan' | 'journal', (text: string) => string]>([
    ['a member that it does not know', 'plan', (text) => text.replace('{', '{"email": "jane@example.com",')],
    ['a secret among the settings', 'plan', (text) => text.replace('"settings": {', '"settings": {"api-key": "x",')],
    ['another version', 'plan', (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2')],
    ['an event that it does not know', 'journal', () => '{"event":"gone","at":"2026-01-01T00:00:00.000Z"}'],
    ['an intent without its account', 'journal', (text) => text.replace(/"account":"[^"]*",/, '')],
  ])('finds %s', async (_, name, change) => {
    if (ran === undefined) {
      await using standIn = await openScene()
      ran = await runMain(standIn, { inputs: DIRECTORY })
    }
    const file = readFileSync(join(ran.folder, name === 'plan' ? 'plan.json' : 'journal.jsonl'), 'utf8')
    const text = name === 'plan' ? file : (file.split('\n').find((line) => line.includes('"intent"')) ?? '')
    const is = schemaOf(name)
    expect(is(JSON.parse(text))).toBe(true)
    expect(is(JSON.parse(change(text)))).toBe(false)
  })
})
