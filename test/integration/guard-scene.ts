import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import {
  createOrganization,
  crowd,
  type Organization,
  type Person,
  person,
  toDirectoryCsv,
} from '../stand-in/organization.ts'
import { createJob, type Job, type Stage, type Step, type StepOptions } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { inProcess } from './in-process.ts'

export const ADMIN = 'admin@example.com'
export const ORGANIZATION_ID = 'org-1'

export interface Scene {
  readonly standIn: StandIn
  readonly organization: Organization
  readonly job: Job
  /** Everybody but the admin, in list order. */
  readonly crowd: readonly Person[]
  readonly everybody: readonly Person[]
  /** Runs the main step with inputs that let an apply through; those given replace them. */
  run(
    inputs?: Readonly<Record<string, string>>,
    env?: Readonly<Record<string, string>>,
    onOutput?: StepOptions['onOutput'],
  ): Promise<Step>
  /** Replaces a file of the workspace. */
  write(name: string, content: string): Promise<void>
  /** A file that the step left. */
  file(step: Step, name: string): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

export interface SceneOptions {
  /** Beside the admin, who owns the key. */
  readonly people?: readonly Person[]
  /** People of the list; left out, everybody. */
  readonly listed?: (people: readonly Person[]) => readonly Person[]
  readonly list?: string | Buffer
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** The event's payload. */
  readonly event?: object
  readonly env?: Readonly<Record<string, string>>
  /** How its steps run; left out, in this process. */
  readonly runner?: Stage
}

/** An organization with an admin and a crowd, a list of all of them, and a job whose inputs would let an apply through. */
export async function stage(options: SceneOptions = {}): Promise<Scene> {
  const others = options.people ?? crowd(12)
  const people = [person({ id: 'admin-1', email: ADMIN, name: 'Ada Admin', roles: ['atlassian/org-admin'] }), ...others]
  const organization = createOrganization({ id: ORGANIZATION_ID, people })
  const standIn = await startStandIn(organization)
  const list = options.list ?? toDirectoryCsv(options.listed?.(people) ?? people)
  const job = await createJob(
    { 'users.csv': list, ...options.files },
    {
      ...artifactEnvironment(standIn.url, '1000'),
      GITHUB_API_URL: standIn.url,
      GITHUB_GRAPHQL_URL: `${standIn.url}/graphql`,
      ...options.env,
    },
    options.runner ?? inProcess(),
  )
  const event = join(job.temp, 'event.json')
  await writeFile(event, JSON.stringify(options.event ?? { repository: { visibility: 'private' } }))
  const usual = {
    mode: 'apply',
    'users-file': 'users.csv',
    'executing-user': ADMIN,
    'api-key': organization.key,
    'organization-id': ORGANIZATION_ID,
    'atlassian-api-url': standIn.url,
    'max-percent': '100',
  }
  return {
    standIn,
    organization,
    job,
    crowd: others,
    everybody: people,
    write: (name, content) => writeFile(join(job.workspace, name), content),
    file: (step, name) => readFile(join(step.outputs['results-path'] ?? '', name), 'utf8'),
    run: (inputs = {}, env = {}, onOutput = () => undefined) =>
      job.run({ ...usual, ...inputs }, { post: false, env: { GITHUB_EVENT_PATH: event, ...env }, onOutput }),
    [Symbol.asyncDispose]: standIn.close,
  }
}

/** Decision and reason of an account, as results.csv has them: `skip: org-admin`. */
export function decisionOf(step: Step, id: string): string {
  const line = step.results.find((result) => result.account_id === id)
  return line === undefined
    ? 'not listed'
    : line.reason === ''
      ? (line.decision ?? '')
      : `${line.decision}: ${line.reason}`
}

/** Ids of the accounts that the organization itself says were changed. */
export function changedIds(organization: Organization): string[] {
  return organization.changes.map(({ accountId }) => accountId)
}

/** The error that sums up a refusal, as GitHub shows it. */
export function errorText(step: Step): string {
  const line = step.log.split('\n').find((text) => text.startsWith('::error') && text.includes('Refused (')) ?? ''
  return line.replaceAll('%0A', '\n').replaceAll('%25', '%')
}
