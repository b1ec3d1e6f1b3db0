import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inputVariables } from '../stand-in/runner.ts'

const ROOT = join(import.meta.dirname, '..', '..')
export const DIST = join(ROOT, process.env.ACTION_DIST ?? 'dist')

export interface Ran {
  /** From the start to the end of the process. Milliseconds. */
  readonly took: number
  readonly exitCode: number | null
  readonly output: string
}

/** Runs a process to its end. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Ran> {
  const started = performance.now()
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = await new Promise<{ exitCode: number | null; took: number }>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve({ exitCode, took: performance.now() - started }))
  })
  return { ...ended, output }
}

export const runNode = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runProcess(process.execPath, args, { env })

/** A folder that is gone afterwards. */
export async function tempFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs the main step of the built action as the runner would; throws when it does not end well. */
export async function runAction(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): Promise<Ran> {
  const home = await mkdtemp(join(folder, 'step-'))
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV', 'PATH']
  for (const name of files) await writeFile(join(home, name), '')
  // As the runner's event says it; without it the action would ask GitHub.
  await writeFile(join(home, 'event.json'), JSON.stringify({ repository: { private: true, visibility: 'private' } }))
  const ran = await runNode([...nodeArgs, join(DIST, 'index.js')], {
    // A name that is taken would cost a request for every run before.
    ...(await inputVariables({ 'artifact-name': basename(home), ...inputs })),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: home,
    GITHUB_REPOSITORY: 'acme/users',
    GITHUB_RUN_ID: '1000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_EVENT_PATH: join(home, 'event.json'),
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_SERVER_URL: 'https://github.com',
    ...Object.fromEntries(files.map((name) => [`GITHUB_${name}`, join(home, name)])),
    ...env,
  })
  if (ran.exitCode !== 0) throw new Error(`The action ended with ${ran.exitCode}:\n${ran.output.slice(-3000)}`)
  return ran
}

/** Node's arguments that have a process write its largest memory, in bytes, to a file when it ends. */
export async function memoryProbe(folder: string): Promise<{ args: readonly string[]; read: () => Promise<number> }> {
  const [probe, file] = [join(folder, 'probe.mjs'), join(folder, 'memory')]
  const write = `writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS * 1024))`
  await writeFile(probe, `import { writeFileSync } from 'node:fs'\nprocess.on('exit', () => ${write})\n`)
  return {
    args: ['--import', pathToFileURL(probe).href],
    read: async () => Number(await readFile(file, 'utf8')),
  }
}

/** Runs these in turn, so often, so that a busy machine hits all of them; the median time of each. */
export async function medians(rounds: number, runs: readonly (() => Promise<Ran>)[]): Promise<number[]> {
  const taken = runs.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of runs.entries()) taken[index]?.push((await run()).took)
  }
  return taken.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN)
}
