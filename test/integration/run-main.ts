import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { schemaErrors } from '../schemas.ts'
import { type Person, toDirectoryCsv } from '../stand-in/organization.ts'
import { inputVariables, keyValues } from '../stand-in/runner.ts'
import type { StandIn } from '../stand-in/server.ts'
import { type Here, runMainHere, runPostHere } from './in-process.ts'

export type Row = Readonly<Record<string, string>>
export type Line = Readonly<Record<string, unknown>>

/** What one run of main left, its files unread. */
export interface Step {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
  readonly log: string
  readonly summary: string
  /** What main saved for the post step. */
  readonly state: Readonly<Record<string, string>>
  /** The folder of the result files. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

/** What one run of main left. */
export interface Ran extends Step {
  /** Lines of results.csv, by its header. */
  readonly rows: readonly Row[]
  readonly journal: readonly Line[]
  row(id: string): Row
}

export interface Staging extends Here {
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** The list; left out, everybody but the admins. */
  readonly list?: readonly Person[]
  /** Files of the workspace, by name; `users.csv` in place of the list. */
  readonly files?: Readonly<Record<string, string>>
  /** Prepares the workspace once its files are there. */
  readonly stage?: (workspace: string) => void
  /** Which of the files is the event's payload; left out, the run has none. */
  readonly event?: string
}

/**
 * Runs main in this process against the stand-in, by a clock that goes faster. Inputs are those of an apply.
 *
 * @throws {Error} where the run left a `plan.json`, `result` or line of the journal that is not as `schemas/` says
 */
export async function runMain(standIn: StandIn, staging: Staging = {}): Promise<Ran> {
  const step = await runStep(standIn, staging)
  const wrong = schemaErrors(step.folder, step.outputs)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  const rows = readRows(step.folder)
  return {
    ...step,
    rows,
    journal: journalLines(read(join(step.folder, 'journal.jsonl'))),
    row: (id) => rows.find((row) => row.account_id === id) ?? {},
  }
}

/** The same without a look at its files, which of a large list take longer to read than to write. */
export async function runStep(standIn: StandIn, staging: Staging = {}): Promise<Step> {
  const home = mkdtempSync(join(tmpdir(), 'main-'))
  const [workspace, temp] = [join(home, 'workspace'), join(home, 'temp')]
  for (const folder of [workspace, temp]) mkdirSync(folder)
  const people = [...standIn.organization.people.values()]
  const list = staging.list ?? people.filter(({ roles }) => roles.length === 0)
  const contents = { 'users.csv': toDirectoryCsv(list), ...staging.files }
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(workspace, name), content)
  staging.stage?.(workspace)
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STATE: 'state', GITHUB_STEP_SUMMARY: 'summary' }
  const runnerFiles = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(home, file)]))
  for (const path of Object.values(runnerFiles)) writeFileSync(path, '')
  const inputs = await inputVariables({ ...applyInputs(standIn), ...staging.inputs })
  const env: Record<string, string> = {
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    GITHUB_REPOSITORY: 'acme/users',
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: standIn.url,
    ...runnerFiles,
    ...inputs,
    ...(staging.event === undefined ? {} : { GITHUB_EVENT_PATH: join(workspace, staging.event) }),
    ...staging.env,
  }
  const ended = await runMainHere(env, staging)
  const outputs = await keyValues(join(home, 'output'))
  return {
    exitCode: ended.exitCode,
    outputs,
    log: ended.log,
    summary: read(join(home, 'summary')),
    state: await keyValues(join(home, 'state')),
    folder: outputs['results-path'] ?? '',
    env,
  }
}

/** Runs the post step after a main that did not come to publish. @returns the results that it writes, and its log */
export async function runPost({ env, state, folder }: Ran): Promise<{ rows: readonly Row[]; log: string }> {
  const states = Object.entries(state)
    .filter(([name]) => name !== 'published')
    .map(([name, value]) => [`STATE_${name}`, value] as const)
  const all = { ...env, ...Object.fromEntries(states) }
  const { log } = await runPostHere(all)
  return { rows: readRows(folder), log }
}

function readRows(folder: string): Row[] {
  return parse(read(join(folder, 'results.csv')), { bom: true, columns: true }) as Row[]
}

/** An apply without the directory, of everything that the list holds. */
function applyInputs(standIn: StandIn): Record<string, string> {
  return {
    mode: 'apply',
    'users-file': 'users.csv',
    'executing-user': 'the.admin@example.com',
    waive: 'admins-unknown',
    'api-key': standIn.organization.key,
    'atlassian-api-url': standIn.url,
    'max-percent': '100',
    'max-users': '1000',
    privacy: 'full',
  }
}

function journalLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
