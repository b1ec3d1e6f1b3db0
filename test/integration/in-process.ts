import { setTimeout as timer } from 'node:timers/promises'
import { summary } from '@actions/core'
import { defaults } from '@actions/github/lib/utils'
import { createLog } from '../../src/log.ts'
import { main } from '../../src/main.ts'
import { post } from '../../src/post.ts'
import type { Clock } from '../../src/world/clock.ts'
import type { World } from '../../src/world/world.ts'
import type { Stage } from '../stand-in/runner.ts'

/** What a test stages of a run in this process. */
export interface Here {
  /** Real milliseconds that an answer may take: short only where one never comes. */
  readonly answerTimeout?: number
  /** How many times faster than real time the run's clock goes. */
  readonly factor?: number
  /** The run's clock, in place of one that goes faster. */
  readonly clock?: Clock
  /** Gets the runner's cancel, to call it when it is time. */
  readonly onCancel?: (cancel: () => void) => void
}

type Env = Readonly<Record<string, string>>
type Ended = Readonly<{ exitCode: number; log: string }>

const FACTOR = 500
/** In a job nothing waits for long, and what is given up after ten seconds must not be lost by accident either. */
const JOB_FACTOR = 20
/** Far longer than any answer takes: on a busy machine none may be lost by accident. */
const PATIENT = 10_000

/** Runs main in this process, by a clock that goes faster. */
export async function runMainHere(env: Env, here: Here, onOutput?: (text: string) => void): Promise<Ended> {
  return withEnvironment(env, () => main(worldOf(env, here)), onOutput)
}

/** Runs the post step in this process. */
export async function runPostHere(env: Env, here: Here = {}): Promise<Ended> {
  return withEnvironment(env, () => post(worldOf(env, here)).then(() => 0))
}

/** Runs a job's steps in this process: a signal that asks to end is the runner's cancel, and nothing can be killed. */
export function inProcess(here: Here = {}): Stage {
  const staged = { factor: JOB_FACTOR, ...here }
  return async (half, env, { onOutput, onStart }) => {
    onStart?.(process.pid)
    if (half === 'post') return runPostHere(env, staged)
    let isCancelled = false
    let cancel = (): void => {
      isCancelled = true
    }
    const kill = (signal: NodeJS.Signals): void => {
      if (signal === 'SIGKILL') throw new Error('Only a process of its own can be killed.')
      cancel()
    }
    const onCancel = (handler: () => void): void => {
      cancel = handler
      here.onCancel?.(handler)
      if (isCancelled) handler()
    }
    return runMainHere(env, { ...staged, onCancel }, (text) => onOutput?.(text, kill))
  }
}

function worldOf(
  env: Env,
  { factor = FACTOR, clock = spedUp(factor), onCancel, answerTimeout = PATIENT }: Here,
): World {
  return {
    env,
    clock,
    random: Math.random,
    log: createLog(),
    onCancel: (handler) => onCancel?.(handler),
    answerTimeout,
  }
}

/** A clock that starts now and goes `factor` times faster. */
export function spedUp(factor: number): Clock {
  const start = Date.now()
  const from = performance.now()
  return {
    now: () => Math.round(start + (performance.now() - from) * factor),
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted === true) return
      const options = signal === undefined ? {} : { signal }
      await timer(Math.max(0, milliseconds) / factor, undefined, options).catch(() => undefined)
    },
  }
}

const RUNNER = /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_/
const { write } = process.stdout
let hear: ((text: string) => void) | null = null

/**
 * Hears what the step that is running writes. The same function for all steps: a library that is given up goes on, and
 * puts back late what it found here.
 */
const listen = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
  if (hear === null) return Reflect.apply(write, process.stdout, [chunk, ...rest])
  hear(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
  return true
}) as typeof process.stdout.write

/** The toolkit reads the process's own environment, and writes its commands to the process's own output. */
async function withEnvironment(
  env: Env,
  work: () => Promise<number>,
  onOutput: (text: string) => void = () => undefined,
): Promise<Ended> {
  const before = { ...process.env }
  // Where the tests themselves run in a workflow.
  for (const name of Object.keys(before)) if (RUNNER.test(name)) delete process.env[name]
  Object.assign(process.env, env)
  // It remembers the file of the step that asked first, and the address of its API.
  Reflect.set(summary, '_filePath', undefined)
  if (env.GITHUB_API_URL !== undefined) Reflect.set(defaults, 'baseUrl', env.GITHUB_API_URL)
  let log = ''
  hear = (text) => {
    log += text
    onOutput(text)
  }
  process.stdout.write = listen
  try {
    const exitCode = await work()
    return { exitCode, log }
  } finally {
    hear = null
    process.stdout.write = write
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}
