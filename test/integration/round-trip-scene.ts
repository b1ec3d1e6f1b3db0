import { setTimeout as sleep } from 'node:timers/promises'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, type Person, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Job, type Stage, type Step } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { inProcess } from './in-process.ts'

/** An organization, its list, and a job on a runner whose artifacts and GitHub the stand-in serves. */
export interface Scene {
  readonly standIn: StandIn
  readonly job: Job
  /** Ids in list order. */
  readonly listed: readonly string[]
  run(inputs: Readonly<Record<string, string>>, options?: Parameters<Job['run']>[1]): Promise<Step>
  [Symbol.asyncDispose](): Promise<void>
}

export interface SceneOptions {
  readonly size?: number
  readonly people?: readonly Person[]
  readonly key?: string
  readonly env?: Readonly<Record<string, string>>
  /** How its steps run; left out, in this process. */
  readonly runner?: Stage
}

export async function openScene({
  size = 12,
  people,
  key,
  env = {},
  runner = inProcess(),
}: SceneOptions = {}): Promise<Scene> {
  const listed = people ?? crowd(size)
  const admin = person({ id: 'admin', email: 'the.admin@example.com', roles: ['atlassian/org-admin'] })
  const others = crowd(200, 'others')
  const everybody = [admin, ...listed, ...others]
  const standIn = await startStandIn(createOrganization({ people: everybody, ...(key === undefined ? {} : { key }) }))
  const job = await createJob(
    { 'users.csv': toDirectoryCsv(listed) },
    { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url, ...env },
    runner,
  )
  const common = {
    'executing-user': 'the.admin@example.com',
    'organization-id': standIn.organization.id,
    'api-key': standIn.organization.key,
    'atlassian-api-url': standIn.url,
    privacy: 'full',
  }
  return {
    standIn,
    job,
    listed: listed.map(({ id }) => id),
    run: (inputs, options) => {
      const restoring =
        inputs.mode === 'restore' || inputs.mode === 'verify' || inputs['results-artifact'] !== undefined
      return job.run({ ...common, ...(restoring ? {} : { 'users-file': 'users.csv' }), ...inputs }, options)
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

/** Interrupts main once something holds, as the runner or a crash would. */
export function interruptAt(
  when: () => boolean,
  ...signals: readonly { readonly signal: NodeJS.Signals; readonly after: number }[]
): NonNullable<Parameters<Job['run']>[1]> {
  let watching = false
  const watch = async (kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    while (!when()) await sleep(5)
    for (const { signal, after } of signals) {
      await sleep(after)
      kill(signal)
    }
  }
  return {
    onOutput: (_, kill) => {
      if (watching) return
      watching = true
      void watch(kill)
    },
  }
}

/** Ids that a step's results give this state. */
export function idsIn(step: Step, state: string): string[] {
  return step.results.filter((row) => row.state === state).map((row) => row.account_id ?? '')
}

export function isActive({ standIn }: Scene, id: string): boolean {
  return standIn.organization.people.get(id)?.accountStatus === 'active'
}
