import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeBlocks } from '../../scripts/code-blocks.js'
import { runMain } from '../integration/run-main.ts'
import { openScene } from '../integration/scene.ts'
import { DOCUMENTS } from './markdown.ts'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
const blocks = DOCUMENTS.flatMap((path) => codeBlocks(path)).filter(({ language }) => language === 'sh')
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0

test.each(DOCUMENTS)('every npm script that %s names exists', (document) => {
  const named = [...readFileSync(document, 'utf8').matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
})

test('every script, and every file of the tests and scripts, that a document names in code exists', () => {
  const named = DOCUMENTS.flatMap((document) => [
    ...readFileSync(document, 'utf8').matchAll(/`((?:src|test|scripts|examples|\.ci|\.github)\/[\w./-]+)`/g),
  ])
  expect(named.map(([, path = '']) => path).filter((path) => !existsSync(path))).toEqual([])
})

test.skipIf(!has('bash'))('every command of the documents is whole', () => {
  const broken = blocks.filter(({ text }) => spawnSync('bash', ['-n'], { input: text }).status !== 0)
  expect(broken).toEqual([])
})

test.skipIf(!has('jq'))('the command that reads a journal shows its events', async () => {
  await using standIn = await openScene()
  const { folder } = await runMain(standIn)
  const command = blocks.find(({ path, text }) => path === 'docs/operations.md' && text.startsWith('jq '))?.text ?? ''
  const [, filter = ''] = /'([^']+)'/.exec(command) ?? []
  const shown = execFileSync('jq', ['--raw-output', filter, `${folder}/journal.jsonl`], { encoding: 'utf8' })
  expect(shown).toMatch(/^\S+\tintent\tcanary-1$/m)
  expect(shown).toMatch(/^\S+\tanswer\tcanary-1$/m)
})
