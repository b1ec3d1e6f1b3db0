import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { OUTPUTS } from '../../../src/publish/outputs.ts'
import { INPUT_NAMES, INPUTS } from '../../../src/settings/inputs.ts'

interface ActionFile {
  readonly inputs: Record<
    string,
    { readonly description?: string; readonly default?: unknown; readonly required?: unknown }
  >
  readonly outputs: Record<string, { readonly description?: string }>
  readonly runs: Record<string, unknown>
}

const action: ActionFile = parse(readFileSync(new URL('../../../action.yml', import.meta.url), 'utf8'))

test('action.yml names the inputs that are read, in their order', () => {
  expect(Object.keys(action.inputs)).toEqual(INPUT_NAMES)
})

test('action.yml gives the defaults that are taken without it; the token is an expression', () => {
  const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']))
  const expected = Object.fromEntries(INPUT_NAMES.map((name) => [name, INPUTS[name].default]))
  expect(defaults).toStrictEqual({ ...expected, 'github-token': `$\{{ github.token }}` })
})

test('no input is required there: what is missing is told by the action, in every mode as it needs', () => {
  expect(Object.values(action.inputs).filter(({ required }) => required !== undefined)).toEqual([])
})

test('action.yml names the outputs that are written, in their order', () => {
  expect(Object.keys(action.outputs)).toEqual([...OUTPUTS])
})

test('every input and output is described', () => {
  const described = [...Object.values(action.inputs), ...Object.values(action.outputs)]
  expect(described.filter(({ description = '' }) => description.length < 10)).toEqual([])
})

test('the defaults are those of the contract', () => {
  const set = Object.fromEntries(
    INPUT_NAMES.map((name) => [name, INPUTS[name].default]).filter(([, text]) => text !== ''),
  )
  expect(set).toEqual({
    mode: 'plan',
    include: '*',
    'canary-size': '1',
    'canary-pause-seconds': '0',
    'max-users': '500',
    'max-percent': '25',
    'max-failures': '5',
    'idle-days': '0',
    'notice-days': '0',
    concurrency: '8',
    'requests-per-second': 'unlimited',
    'deadline-minutes': '345',
    'approved-plan': 'none',
    'require-approval': 'none',
    privacy: 'auto',
    comment: 'true',
    'atlassian-api-url': 'https://api.atlassian.com',
  })
})

test('the README has a row for every input and output', () => {
  const readme = readFileSync('README.md', 'utf8')
  const rowless = [...INPUT_NAMES, ...Object.keys(action.outputs)].filter(
    (name) => !readme.includes(`\n| \`${name}\` |`),
  )
  expect(rowless).toEqual([])
})
