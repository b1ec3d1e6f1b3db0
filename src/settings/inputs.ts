import { MODES, type Mode } from '../account/decision.ts'
import type { World } from '../world/world.ts'
import * as values from './values.ts'

/** What looks at an input: a mode, where `plan` is the plan of a list only. */
export type Use = Mode | 'plan-of-restore'

interface Input<T> {
  /** As in `action.yml`; what the runner passes when a workflow leaves the input out. */
  readonly default: string
  readonly usedBy: readonly Use[]
  readonly parse: values.Parser<T>
}

/** Holds each input to the type of its value. */
const tableOf = <Values>(table: { readonly [Name in keyof Values]: Input<Values[Name]> }): typeof table => table

const ALL: readonly Use[] = [...MODES, 'plan-of-restore']
/** What decides about accounts. */
const DECIDING: readonly Use[] = ['plan', 'plan-of-restore', 'apply', 'restore', 'find']
const PLANNED: readonly Use[] = ['plan', 'plan-of-restore', 'apply', 'restore']
/** What decides about people who are active. */
const LEAVING: readonly Use[] = ['plan', 'apply', 'find']
const LISTED: readonly Use[] = ['plan', 'apply']
const FROM_RESULTS: readonly Use[] = ['plan-of-restore', 'restore', 'verify']

/** All inputs, in the order of `action.yml`, which describes them. */
export const INPUTS = tableOf({
  mode: { default: 'plan', usedBy: ALL, parse: values.choice(MODES) },
  'users-file': { default: '', usedBy: LEAVING, parse: values.path },
  'users-artifact': { default: '', usedBy: LISTED, parse: values.artifactName },
  'users-run-id': { default: '', usedBy: LISTED, parse: values.runId },
  exclude: { default: '', usedBy: DECIDING, parse: values.selectors('exclude') },
  'exclude-file': { default: '', usedBy: DECIDING, parse: values.path },
  include: { default: '*', usedBy: DECIDING, parse: values.selectors('include') },
  'include-file': { default: '', usedBy: DECIDING, parse: values.path },
  'executing-user': { default: '', usedBy: DECIDING, parse: values.person },
  'api-key': { default: '', usedBy: ALL, parse: values.secret },
  'organization-id': { default: '', usedBy: ALL, parse: values.organizationId },
  'canary-size': { default: '1', usedBy: PLANNED, parse: values.integer(1, 100) },
  'canary-pause-seconds': { default: '0', usedBy: ['apply', 'restore'], parse: values.integer(0, 3600) },
  'max-users': { default: '500', usedBy: DECIDING, parse: values.integer(1, 1_000_000) },
  'max-percent': { default: '25', usedBy: LEAVING, parse: values.integer(0, 100) },
  'max-failures': { default: '5', usedBy: DECIDING, parse: values.integer(0, 1_000_000) },
  'idle-days': { default: '0', usedBy: LEAVING, parse: values.integer(0, 3650) },
  'notice-days': { default: '0', usedBy: ['find'], parse: values.integer(0, 3650) },
  concurrency: { default: '8', usedBy: ALL, parse: values.integer(1, 64) },
  'requests-per-second': { default: 'unlimited', usedBy: ALL, parse: values.rate },
  'deadline-minutes': { default: '345', usedBy: ALL, parse: values.integer(1, 7200) },
  message: { default: '', usedBy: ['apply'], parse: values.anything },
  'approved-plan': { default: 'none', usedBy: DECIDING, parse: values.digest },
  'require-approval': { default: 'none', usedBy: DECIDING, parse: values.approval },
  waive: { default: '', usedBy: LEAVING, parse: values.waive },
  'results-artifact': { default: '', usedBy: FROM_RESULTS, parse: values.artifactNames },
  'results-run-id': { default: '', usedBy: FROM_RESULTS, parse: values.runId },
  privacy: { default: 'auto', usedBy: ALL, parse: values.choice(['auto', 'full', 'masked']) },
  'artifact-name': { default: '', usedBy: ALL, parse: values.artifactName },
  'retention-days': { default: '', usedBy: ALL, parse: values.retention },
  comment: { default: 'true', usedBy: ['plan', 'plan-of-restore'], parse: values.boolean },
  /** In `action.yml` an expression that only the runner can evaluate. */
  'github-token': { default: '', usedBy: ALL, parse: values.secret },
  'atlassian-api-url': { default: 'https://api.atlassian.com', usedBy: ALL, parse: values.apiUrl },
})

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name
type ValueOf<Name extends InputName> = (typeof INPUTS)[Name] extends Input<infer Value> ? Value : never

/** What a run was asked to do: the inputs' values, under their names in camel case. Read once, never changed. */
export type Settings = { readonly [Name in InputName as Camel<Name>]: ValueOf<Name> } & {
  /** The inputs as given, secrets left out, for the reports. */
  readonly given: Readonly<Record<string, string>>
}

/** Inputs whose text is never shown. */
export const SECRETS: readonly InputName[] = ['api-key', 'github-token']

/** As the runner passed them, blanks around them taken off. */
export type RawInputs = Readonly<Record<InputName, string>>

/** Reads `INPUT_<NAME>`: the default where the variable is missing altogether. `unknown` belong to no input. */
export function readInputs(env: NodeJS.ProcessEnv): { values: RawInputs; unknown: readonly string[] } {
  const variables = new Map(INPUT_NAMES.map((name) => [`INPUT_${name.toUpperCase()}`, name]))
  const texts = [...variables].map(([variable, name]) => [name, values.trimmed(env[variable] ?? INPUTS[name].default)])
  const unknown = Object.keys(env)
    .filter((variable) => variable.startsWith('INPUT_') && !variables.has(variable))
    .map((variable) => variable.slice('INPUT_'.length).toLowerCase())
  return { values: Object.fromEntries(texts), unknown }
}

/** From now on the secrets that were given are shown nowhere. */
export function hideSecrets({ env, log }: Pick<World, 'env' | 'log'>): void {
  const { values } = readInputs(env)
  for (const name of SECRETS) log.addSecret(values[name])
}
