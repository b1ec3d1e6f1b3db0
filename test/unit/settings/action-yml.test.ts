import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { MODES } from '../../../src/account/decision.ts'
import { OUTCOMES } from '../../../src/account/result.ts'
import { OUTPUTS } from '../../../src/publish/outputs.ts'
import { INPUT_NAMES, INPUTS } from '../../../src/settings/inputs.ts'
import { WAIVABLE } from '../../../src/settings/values.ts'

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

const readme = readFileSync('README.md', 'utf8')

/** The row of a table, its cells as text; undefined where there is none. */
function row(table: 'inputs' | 'outputs', name: string): readonly string[] | undefined {
  const text = readme.slice(readme.indexOf(`<!-- ${table} -->`), readme.indexOf(`<!-- /${table} -->`))
  const line = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
  return line
    ?.split(/(?<!\\)\|/)
    .slice(2, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

test('the README has what action.yml says of every input and output', () => {
  for (const [name, { default: value = '', description }] of Object.entries(action.inputs)) {
    expect([name, row('inputs', name)]).toEqual([name, [value === '' ? '' : `\`${value}\``, description]])
  }
  for (const [name, { description }] of Object.entries(action.outputs)) {
    expect([name, row('outputs', name)]).toEqual([name, [description]])
  }
})

test('a number is described with the limits that it is held to', () => {
  const limits = INPUT_NAMES.flatMap((name) => {
    const [, least, most] = /(\d+) to (\d+)/.exec(action.inputs[name]?.description ?? '') ?? []
    return least === undefined || most === undefined ? [] : [{ name, least: Number(least), most: Number(most) }]
  })
  const numbers = INPUT_NAMES.filter((name) => INPUTS[name].parse('1').ok && !INPUTS[name].parse('x').ok)
  const free = ['users-run-id', 'results-run-id', 'requests-per-second']
  expect(limits.map(({ name }) => name)).toEqual(numbers.filter((name) => !free.includes(name)))
  for (const { name, least, most } of limits) {
    const takes = (value: number): boolean => INPUTS[name].parse(String(value)).ok
    expect([name, takes(least - 1), takes(least), takes(most), takes(most + 1)]).toEqual([
      name,
      false,
      true,
      true,
      false,
    ])
  }
})

test('a choice is described with all of its words, and with no other', () => {
  const words = (name: string): string[] =>
    [...(action.inputs[name]?.description ?? '').matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word)
  expect(words('mode').filter((word) => INPUTS.mode.parse(word).ok)).toEqual([...MODES])
  expect(words('waive')).toEqual([...WAIVABLE])
  expect(words('privacy').every((word) => INPUTS.privacy.parse(word).ok)).toBe(true)
  expect(words('require-approval').every((word) => INPUTS['require-approval'].parse(word).ok)).toBe(true)
  const outcomes = [...(action.outputs.outcome?.description ?? '').matchAll(/`([\w-]+)`/g)].map(([, word]) => word)
  expect(outcomes).toEqual([...OUTCOMES])
})

test('every default is one that the action takes, and no input is without a use', () => {
  for (const name of INPUT_NAMES) {
    expect([name, INPUTS[name].parse(INPUTS[name].default).ok]).toEqual([name, true])
    expect([name, INPUTS[name].usedBy.length > 0]).toEqual([name, true])
  }
})
