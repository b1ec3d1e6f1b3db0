import type { Mode } from '../account/mode.ts'

interface Input {
  /** As in `action.yml`; what the runner passes when a workflow leaves the input out. */
  readonly default: string
  /** What looks at the input. */
  readonly usedBy: readonly Use[]
}

/** What an input is for: a mode, where `plan` is the plan of a list only. */
export type Use = Mode | 'plan-of-restore'

const ALL: readonly Use[] = ['plan', 'plan-of-restore', 'apply', 'restore', 'verify', 'find']
/** What decides about accounts. */
const RULED: readonly Use[] = ['plan', 'plan-of-restore', 'apply', 'restore', 'find']
const PLANNED: readonly Use[] = ['plan', 'plan-of-restore', 'apply', 'restore']
/** What decides about people who are active. */
const LEAVING: readonly Use[] = ['plan', 'apply', 'find']
const CHANGING: readonly Use[] = ['apply', 'restore']
const FROM_RESULTS: readonly Use[] = ['plan-of-restore', 'restore', 'verify']

/** Every input of the action, in the order of `action.yml`. */
export const INPUTS = {
  mode: { default: 'plan', usedBy: ALL },
  'users-file': { default: '', usedBy: LEAVING },
  'users-artifact': { default: '', usedBy: ['plan', 'apply'] },
  'users-run-id': { default: '', usedBy: ['plan', 'apply'] },
  exclude: { default: '', usedBy: RULED },
  'exclude-file': { default: '', usedBy: RULED },
  include: { default: '*', usedBy: RULED },
  'include-file': { default: '', usedBy: RULED },
  'executing-user': { default: '', usedBy: RULED },
  'api-key': { default: '', usedBy: ALL },
  'organization-id': { default: '', usedBy: ALL },
  'canary-size': { default: '1', usedBy: PLANNED },
  'canary-pause-seconds': { default: '0', usedBy: CHANGING },
  'max-users': { default: '500', usedBy: RULED },
  'max-percent': { default: '25', usedBy: LEAVING },
  'max-failures': { default: '5', usedBy: CHANGING },
  'idle-days': { default: '0', usedBy: LEAVING },
  'notice-days': { default: '0', usedBy: ['find'] },
  concurrency: { default: '8', usedBy: ALL },
  'requests-per-second': { default: 'unlimited', usedBy: ALL },
  'deadline-minutes': { default: '345', usedBy: ALL },
  message: { default: '', usedBy: ['apply'] },
  'approved-plan': { default: 'none', usedBy: RULED },
  'require-approval': { default: 'none', usedBy: RULED },
  waive: { default: '', usedBy: LEAVING },
  'results-artifact': { default: '', usedBy: FROM_RESULTS },
  'results-run-id': { default: '', usedBy: FROM_RESULTS },
  privacy: { default: 'auto', usedBy: ALL },
  'artifact-name': { default: '', usedBy: ALL },
  'retention-days': { default: '', usedBy: ALL },
  comment: { default: 'true', usedBy: ['plan', 'plan-of-restore'] },
  /** In `action.yml` an expression that only the runner can evaluate. */
  'github-token': { default: '', usedBy: ALL },
  'atlassian-api-url': { default: 'https://api.atlassian.com', usedBy: ALL },
} as const satisfies Record<string, Input>

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

/** The values as the runner passed them, blanks around them taken off. */
export type RawInputs = Readonly<Record<InputName, string>>

/**
 * Reads the inputs out of the runner's environment (`INPUT_<NAME>`, upper case, hyphens kept).
 * An input whose variable is missing altogether has its default, as the runner would have passed it.
 *
 * @returns the values, and the names of `INPUT_…` variables that no input has: the runner only warns about those.
 */
export function readInputs(env: NodeJS.ProcessEnv): { values: RawInputs; unknown: readonly string[] } {
  const variables = new Map(INPUT_NAMES.map((name) => [variableOf(name), name]))
  const values = Object.fromEntries(
    INPUT_NAMES.map((name) => [name, (env[variableOf(name)] ?? INPUTS[name].default).trim()]),
  ) as Record<InputName, string>
  const unknown = Object.keys(env)
    .filter((variable) => variable.startsWith('INPUT_') && !variables.has(variable))
    .map((variable) => variable.slice('INPUT_'.length).toLowerCase())
  return { values, unknown }
}

/** The input whose name is nearest to a mistyped one, by edit distance. */
export function nearestInput(name: string): InputName {
  const plain = name.replaceAll('_', '-')
  const ranked = INPUT_NAMES.map((candidate) => ({ candidate, distance: editDistance(plain, candidate) }))
  return ranked.reduce((best, next) => (next.distance < best.distance ? next : best)).candidate
}

function variableOf(name: InputName): string {
  return `INPUT_${name.toUpperCase()}`
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const cost = from[line - 1] === to[column - 1] ? 0 : 1
      const [above = 0, diagonal = 0, left = 0] = [row[column], row[column - 1], next[column - 1]]
      next.push(Math.min(above + 1, left + 1, diagonal + cost))
    }
    row = next
  }
  return row[to.length] ?? 0
}
