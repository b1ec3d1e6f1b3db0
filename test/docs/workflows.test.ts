import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { asWorkflow, codeBlocks } from '../../scripts/code-blocks.js'
import { INPUT_NAMES, INPUTS, type InputName } from '../../src/settings/inputs.ts'

interface Called {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly on: {
    readonly workflow_call?: { readonly inputs: Record<string, { default?: unknown; required?: boolean }> }
  }
  readonly permissions?: object
  readonly jobs: Readonly<
    Record<string, Called & { readonly steps?: readonly Called[]; readonly permissions?: object }>
  >
}

const ACTION = 'OWNER/deactivate-atlassian-users'
const REUSABLE = '.github/workflows/deactivate-users.yml'
const reusable: Workflow = parse(readFileSync(REUSABLE, 'utf8'))
const inputs = reusable.on.workflow_call?.inputs ?? {}

/** Every workflow that a user may copy, by where it stands. */
const WORKFLOWS: readonly (readonly [string, string])[] = [
  ...inFolder('.github/workflows').map((path) => [path, readFileSync(path, 'utf8')] as const),
  ...inFolder('examples').map((path) => [path, readFileSync(path, 'utf8')] as const),
  ...['README.md', ...inFolder('docs')].flatMap((path) =>
    codeBlocks(path).flatMap(({ line, language, text }) => {
      const workflow = language === 'yaml' ? asWorkflow(text) : null
      return workflow === null ? [] : [[`${path}:${line}`, workflow] as const]
    }),
  ),
]

function inFolder(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(yml|md)$/.test(name))
    .map((name) => `${folder}/${name}`)
}

function callsIn(text: string): Called[] {
  const { jobs }: Workflow = parse(text)
  return Object.values(jobs).flatMap((job) => [job, ...(job.steps ?? [])])
}

describe('the reusable workflow', () => {
  const handed = (job: string): Readonly<Record<string, unknown>> =>
    reusable.jobs[job]?.steps?.find(({ uses }) => uses === '$/')?.with ?? {}
  /** What it decides itself: which mode, which plan, whose approval, and that it comments on nothing. */
  const OWN: readonly string[] = ['mode', 'approved-plan', 'require-approval', 'api-key', 'github-token', 'comment']

  test('takes every input of the action but those that it decides itself, with the same default', () => {
    const taken = INPUT_NAMES.filter((name) => !OWN.includes(name))
    const defaults = Object.fromEntries(taken.map((name) => [name, inputs[name]?.default ?? '']))
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(taken))
    expect(defaults).toEqual(Object.fromEntries(taken.map((name) => [name, INPUTS[name].default])))
  })

  test('hands each of them on under its own name', () => {
    const taken = INPUT_NAMES.filter((name) => !OWN.includes(name))
    const expected = Object.fromEntries(taken.map((name) => [name, `$\{{ inputs.${name} }}`]))
    expect(handed('attempt-1')).toMatchObject(expected)
    const { 'artifact-name': _, ...plan } = handed('plan')
    expect({ ...expected, ...plan }).toMatchObject({ ...expected, mode: 'plan' })
  })

  test('gives the key to the attempts alone, and holds each of them to the plan and the approval', () => {
    expect(handed('plan')).not.toHaveProperty('api-key')
    for (const number of [1, 2, 3, 4, 5]) {
      expect(handed(`attempt-${number}`)).toMatchObject({
        'api-key': `$\{{ secrets.ATLASSIAN_API_KEY }}`,
        'approved-plan': `$\{{ needs.plan.outputs.plan-digest }}`,
        'require-approval': expect.stringContaining("format('environment:{0}', inputs.environment)"),
      })
      expect(reusable.jobs[`attempt-${number}`]).toMatchObject({ environment: `$\{{ inputs.environment }}` })
    }
  })
})

describe.each(WORKFLOWS)('%s', (_, text) => {
  const calls = callsIn(text)
  const knows = (names: readonly string[], given: object = {}) =>
    Object.keys(given).filter((name) => !names.includes(name))

  test('gives the action inputs that it has', () => {
    const steps = calls.filter(({ uses = '' }) => uses === '$/' || uses.startsWith(`${ACTION}@`))
    expect(steps.flatMap((step) => knows(INPUT_NAMES satisfies readonly InputName[], step.with))).toEqual([])
  })

  test('gives the reusable workflow inputs that it has, and those that it needs', () => {
    for (const { with: given = {} } of calls.filter(({ uses = '' }) => uses.startsWith(`${ACTION}/${REUSABLE}@`))) {
      expect(knows(Object.keys(inputs), given)).toEqual([])
      const needed = Object.keys(inputs).filter((name) => inputs[name]?.required === true)
      expect(Object.keys(given)).toEqual(expect.arrayContaining(needed))
    }
  })

  test('names what it uses by commit and version, but for this action', () => {
    const uses = [...text.matchAll(/^ *-? *uses: *(\S+)( *#.*)?$/gm)].map(
      ([, name = '', comment = '']) => name + comment,
    )
    const loose = uses.filter(
      (name) =>
        !name.startsWith('$/') &&
        !name.startsWith(`${ACTION}`) &&
        !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name),
    )
    expect(loose).toEqual([])
  })

  test('grants nothing but what a job says', () => {
    const { permissions }: Workflow = parse(text)
    expect(permissions).toEqual({})
  })
})
