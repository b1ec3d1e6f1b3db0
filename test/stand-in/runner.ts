import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')

/** One job on a runner: a workspace, a temp folder, and steps that share them. */
export interface Job {
  readonly workspace: string
  readonly temp: string
  /** Runs the action's main step, then, unless told otherwise, its post step. */
  run(inputs: Readonly<Record<string, string>>, options?: StepOptions): Promise<Step>
}

export interface StepOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Called with each piece of output; may send signals. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
  readonly post?: boolean
  /** Called when the main step's process is there. */
  readonly onStart?: (pid: number) => void
}

export interface Step {
  readonly exitCode: number | null
  readonly log: string
  readonly postLog: string
  readonly summary: string
  readonly postSummary: string
  readonly outputs: Readonly<Record<string, string>>
  /** Lines of results.csv, by its header. */
  readonly results: readonly Readonly<Record<string, string>>[]
  readonly journal: readonly Readonly<Record<string, unknown>>[]
}

/** How one half of the action comes to run. `env` is all that the runner gives it. */
export type Stage = (
  half: 'main' | 'post',
  env: Readonly<Record<string, string>>,
  options: StepOptions,
) => Promise<{ readonly exitCode: number | null; readonly log: string }>

/**
 * Prepares a job whose workspace holds these files. `env` is added to every step.
 *
 * @param stage left out, as the runner does it
 */
export async function createJob(
  files: Readonly<Record<string, string | Buffer>>,
  env: Readonly<Record<string, string>> = {},
  stage: Stage = spawned,
): Promise<Job> {
  const home = await mkdtemp(join(tmpdir(), 'job-'))
  const [workspace, temp] = [join(home, 'workspace'), join(home, 'temp')]
  await Promise.all([mkdir(workspace), mkdir(temp)])
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true })
    await writeFile(join(workspace, name), content)
  }
  let steps = 0
  return {
    workspace,
    temp,
    run: async (inputs, options = {}) => {
      const step = join(home, `step-${++steps}`)
      await mkdir(step)
      const base = { ...(await inputVariables(inputs)), ...runnerVariables(workspace, temp), ...env, ...options.env }
      const main = await stage('main', { ...base, ...(await runnerFiles(step, 'main')) }, options)
      const state = await keyValues(join(step, 'main-state'))
      const stateVariables = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]))
      const after = { ...base, ...(await runnerFiles(step, 'post')), ...stateVariables }
      const post = options.post === false ? null : await stage('post', after, {})
      const outputs = await keyValues(join(step, 'main-output'))
      const folder = outputs['results-path'] ?? ''
      return {
        exitCode: main.exitCode,
        log: main.log,
        postLog: post?.log ?? '',
        summary: await text(join(step, 'main-summary')),
        postSummary: await text(join(step, 'post-summary')),
        outputs,
        results: parse(await text(join(folder, 'results.csv')), { bom: true, columns: true }),
        journal: (await text(join(folder, 'journal.jsonl')))
          .split('\n')
          .filter((line) => line.endsWith('}'))
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      }
    },
  }
}

/** All inputs as the runner passes them: those given, and the defaults of action.yml for the rest. */
export async function inputVariables(inputs: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const action = parseYaml(await readFile(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>
  }
  const declared = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
    name,
    value.startsWith('${{') ? 'ghs_token' : value,
  ])
  const all = { ...Object.fromEntries(declared), ...inputs } as Record<string, string>
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

function runnerVariables(workspace: string, temp: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    GITHUB_REPOSITORY: 'acme/users',
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_ACTOR: 'starter',
    GITHUB_TRIGGERING_ACTOR: 'starter',
    GITHUB_WORKFLOW: 'Deactivate',
    GITHUB_JOB: 'deactivate',
    GITHUB_SERVER_URL: 'https://github.com',
  }
}

/** The files in which a step leaves its outputs, empty. */
async function runnerFiles(folder: string, half: 'main' | 'post'): Promise<Record<string, string>> {
  const files = {
    GITHUB_OUTPUT: 'output',
    GITHUB_STATE: 'state',
    GITHUB_STEP_SUMMARY: 'summary',
    GITHUB_ENV: 'env',
    GITHUB_PATH: 'path',
  }
  const variables = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, join(folder, `${half}-${file}`)]),
  )
  for (const path of Object.values(variables)) await writeFile(path, '')
  return variables
}

/** Spawns the built action. */
export const spawned: Stage = async (half, env, { onOutput = () => undefined, onStart = () => undefined }) => {
  const script = join(ROOT, process.env.ACTION_DIST ?? 'dist', half === 'main' ? 'index.js' : 'post.js')
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) onStart(child.pid)
  let log = ''
  const listen = (chunk: Buffer): void => {
    log += chunk.toString()
    onOutput(chunk.toString(), (signal) => child.kill(signal))
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exitCode, log }
}

/** Reads a file of the runner's `name<<delimiter` form; the last value of a name counts. */
export async function keyValues(path: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [, name = '', , value = ''] of (await text(path)).matchAll(
    /^(.+?)<<(ghadelimiter_\S+)\r?\n([\s\S]*?)\r?\n?\2$/gm,
  ))
    values[name] = value
  return values
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
