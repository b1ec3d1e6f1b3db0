import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { codeBlocks } from '../../scripts/code-blocks.js'
import { findingsOf } from '../../scripts/language-service.js'
import { allWorkflows } from '../../scripts/workflows.js'
import { INPUT_NAMES, INPUTS, type InputName } from '../../src/settings/inputs.ts'
import { parseUses } from './uses.ts'

type Inputs = Readonly<Record<string, unknown>>

interface Called {
  readonly uses?: string
  readonly with?: Inputs
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

const FOUND = allWorkflows()
const WORKFLOWS: readonly (readonly [string, string])[] = FOUND.map(({ name, text }) => [name, text])
const FIRST_PLAN = FOUND.find(({ isFirstPlan }) => isFirstPlan)

function callsIn(text: string): { jobs: Called[]; steps: Called[] } {
  const jobs = Object.values((parse(text) as Workflow).jobs)
  return { jobs, steps: jobs.flatMap(({ steps = [] }) => steps) }
}

/** Folder of this repository whose `action.yml` a step runs; null where it runs something else. */
function ownFolder({ uses }: Called): string | null {
  if (uses === undefined) return null
  const reference = parseUses(uses)
  if (reference.kind === 'self' || reference.kind === 'workspace') return reference.path
  return reference.kind === 'repository' && reference.name === ACTION ? `./${reference.path}` : null
}

describe('the copy of action.yml that workflows of this repository use', () => {
  const root = parse(readFileSync('action.yml', 'utf8'))
  const copy = parse(readFileSync('action/action.yml', 'utf8'))

  test('is current: "npm run build" makes it', () => {
    expect(copy).toEqual({
      ...root,
      runs: { ...root.runs, main: `../${root.runs.main}`, post: `../${root.runs.post}` },
    })
  })

  // actions/runner 2.336.0, NodeScriptActionHandler: target = Path.Combine(ActionDirectory, target).
  test('starts the same files', () => {
    for (const script of [copy.runs.main, copy.runs.post]) expect(existsSync(join('action', script))).toBe(true)
  })
})

// A dangling one, wherever it is, breaks every reference to the own repository: actions/runner#4626.
test('the repository holds no symbolic links', () => {
  const files = execFileSync('git', ['ls-files', '--stage'], { encoding: 'utf8' }).split('\n')
  expect(files.filter((line) => line.startsWith('120000'))).toEqual([])
})

const hasBash = spawnSync('bash', ['--version']).status === 0

describe('the reusable workflow', () => {
  const handed = (job: string): Readonly<Record<string, unknown>> =>
    reusable.jobs[job]?.steps?.find(({ uses }) => uses === '$/action')?.with ?? {}
  /** What it decides itself: which mode, which plan, whose approval, and that it comments on nothing. */
  const OWN: readonly InputName[] = [
    'mode',
    'approved-plan',
    'require-approval',
    'api-key',
    'github-token',
    'comment',
    'notice-days', // of mode "find", which it does not have
  ]
  const taken = INPUT_NAMES.filter((name) => !OWN.includes(name))
  const handedOn = Object.fromEntries(taken.map((name) => [name, `$\{{ inputs.${name} }}`]))

  test('takes every input of the action but those that it decides itself, with the same default', () => {
    const defaults = Object.fromEntries(taken.map((name) => [name, inputs[name]?.default ?? '']))
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(taken))
    expect(defaults).toEqual(Object.fromEntries(taken.map((name) => [name, INPUTS[name].default])))
  })

  test('hands each of them on under its own name', () => {
    expect(handed('attempt-1')).toMatchObject(handedOn)
  })

  test('hands the plan what it uses', () => {
    const used = taken.filter((name) => INPUTS[name].usedBy.some((use) => use.startsWith('plan')))
    const { mode, comment, 'api-key': _, ...plan } = handed('plan')
    expect({ mode, comment }).toEqual({ mode: 'plan', comment: false })
    expect(Object.keys(plan).toSorted()).toEqual(used.toSorted())
    expect({ ...plan, 'artifact-name': handedOn['artifact-name'] }).toEqual(
      Object.fromEntries(Object.keys(plan).map((name) => [name, `$\{{ inputs.${name} }}`])),
    )
  })

  test('has no other inputs but its own', () => {
    const known: readonly string[] = INPUT_NAMES
    const more = Object.keys(inputs).filter((name) => !known.includes(name))
    expect(more.toSorted()).toEqual(['attempts', 'environment', 'plan-environment', 'runs-on', 'timeout-minutes'])
  })

  test.skipIf(!hasBash)('works for older runners as the copy that the README makes', async () => {
    const command = codeBlocks('README.md').find(({ text }) => text.includes('$/action'))?.text ?? ''
    const copy = execFileSync('bash', ['-c', command.replace(/ >\S+\s*$/, '')], {
      cwd: '.github/workflows',
      encoding: 'utf8',
    })
    const own = callsIn(copy).steps.filter((step) => ownFolder(step) !== null)
    expect(own.length).toBeGreaterThan(0)
    for (const { uses } of own) expect(uses).toBe(`${ACTION}@<commit>`)
    expect(await findingsOf(REUSABLE, copy)).toEqual([])
  })

  test('gives the powerful key to the attempts alone, and holds each of them to the plan and the approval', () => {
    expect(handed('plan')['api-key']).toBe(`$\{{ secrets.ATLASSIAN_READ_KEY }}`)
    expect(reusable.jobs.plan).toMatchObject({ environment: `$\{{ inputs.plan-environment }}` })
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

describe('what a plan shows is what is carried out', () => {
  /** What decides neither whose accounts are changed nor whether any are. A plan need not have it, or has it otherwise. */
  const REST: readonly InputName[] = [
    ...(['mode', 'api-key', 'approved-plan', 'require-approval', 'privacy', 'github-token'] as const),
    ...(['artifact-name', 'retention-days', 'comment', 'message', 'atlassian-api-url'] as const),
    ...(['canary-size', 'canary-pause-seconds', 'max-failures', 'concurrency', 'requests-per-second'] as const),
    'deadline-minutes',
  ]
  const deciding = INPUT_NAMES.filter((name) => !REST.includes(name))
  const decidingOf = (given: Inputs) => Object.entries(given).filter(([name]) => deciding.some((one) => one === name))

  const planners = WORKFLOWS.filter(([name]) => name.startsWith('examples/') || name === REUSABLE)
  test.each(planners)('by %s', (_, text) => {
    const { jobs, steps } = callsIn(text)
    const own = steps.filter((step) => ownFolder(step) !== null).map(({ with: given = {} }) => given)
    const changes = own.filter(({ mode }) => !['plan', 'verify', 'find'].includes(String(mode)))
    const plans = own.filter(({ mode }) => mode === 'plan')
    const callsReusable = jobs.some(({ uses = '' }) => uses.startsWith(`${ACTION}/${REUSABLE}@`))
    expect(callsReusable ? [plans, changes] : [plans.length, changes.length > 0]).toEqual(
      callsReusable ? [[], []] : [1, true],
    )
    for (const plan of plans) {
      for (const change of changes) expect(new Map(decidingOf(plan))).toEqual(new Map(decidingOf(change)))
    }
  })

  test('by the reviewed list, whose plan knows what its merge is held to', () => {
    const { steps } = callsIn(readFileSync('examples/reviewed-list.yml', 'utf8'))
    const own = steps.filter((step) => ownFolder(step) !== null)
    expect(own.map(({ with: given }) => given?.['require-approval'])).toEqual(['pull-request', 'pull-request'])
  })
})

describe.each(WORKFLOWS)('%s', (name, text) => {
  const { jobs, steps } = callsIn(text)
  const unknown = (names: readonly string[], given: object = {}) =>
    Object.keys(given).filter((name) => !names.includes(name))

  test('uses what the runner accepts, and what is there', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(() => parseUses(uses)).not.toThrow()
    const folders = steps.map(ownFolder).filter((folder) => folder !== null)
    expect(folders.filter((folder) => !existsSync(join(folder, 'action.yml')))).toEqual([])
  })

  test('gives the action inputs that it has', () => {
    const own = steps.filter((step) => ownFolder(step) !== null)
    expect(own.flatMap((step) => unknown(INPUT_NAMES, step.with))).toEqual([])
  })

  test('gives the reusable workflows inputs that they have, and those that they need', () => {
    for (const { uses = '', with: given = {} } of jobs.filter(({ uses = '' }) => uses.startsWith(`${ACTION}/`))) {
      const path = uses.slice(ACTION.length + 1).replace(/@.*/, '')
      const has = (parse(readFileSync(path, 'utf8')) as Workflow).on.workflow_call?.inputs ?? {}
      expect(unknown(Object.keys(has), given)).toEqual([])
      const needed = Object.keys(has).filter((name) => has[name]?.required === true)
      expect(Object.keys(given)).toEqual(expect.arrayContaining(needed))
    }
  })

  test('names its runs, where people start or find them', () => {
    if (name.startsWith('examples/')) expect(text).toMatch(/^run-name: .*\$\{\{/m)
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
    expect(permissions).toEqual(name === FIRST_PLAN?.name ? { contents: 'read' } : {})
  })
})

test('the first workflow of the README is a plan in 9 lines, without a key', () => {
  const text = FIRST_PLAN?.text ?? ''
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(9)
  expect(callsIn(text).steps.map(({ with: given }) => given)).toEqual([undefined, { 'users-file': 'users.csv' }])
})
