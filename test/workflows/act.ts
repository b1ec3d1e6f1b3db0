import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { artifactEnvironment } from '../stand-in/artifacts.ts'
import { workflowRun } from '../stand-in/github-handlers.ts'
import { createOrganization, type Organization, type Person, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** Owns the key of every recipe; never changed. */
export const ADMIN = person({
  id: '557058:ada-admin',
  name: 'Ada Admin',
  email: 'ada.admin@example.com',
  roles: ['atlassian/org-admin'],
})

/** A repository of a user's, with one workflow, and the services that its runs talk to. */
export interface Repository {
  readonly standIn: StandIn
  readonly organization: Organization
  /** Its work tree, in which every job runs. */
  readonly folder: string
  /** Lets the workflow engine run the workflow as this event would. */
  run(event: string, options?: RunOptions): Promise<WorkflowRun>
  [Symbol.asyncDispose](): Promise<void>
}

export interface RunOptions {
  readonly runId?: string
  /** The event's payload. */
  readonly payload?: object
  readonly env?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  /** More secrets than the key that changes accounts. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Called with each piece of the engine's log. */
  readonly onLog?: (text: string) => void
}

export interface WorkflowRun {
  readonly exitCode: number | null
  readonly log: string
  /** Whether the log says so of the job: `succeeded`, `failed`, or null where it did not run. */
  job(name: string): 'succeeded' | 'failed' | null
}

export interface RepositoryOptions {
  readonly people?: readonly Person[]
  /** Services that another workflow has used; left out, new ones. */
  readonly standIn?: StandIn
  /** Path of the workflow, from this project's own folder. */
  readonly workflow: string
  readonly files?: Readonly<Record<string, string>>
  /** What a user would change in the workflow before using it. */
  readonly adapt?: (workflow: string) => string
}

/** Sets up a user's repository that holds one of the project's workflows, word for word but for `adapt`. */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { people = [], workflow, files = {}, adapt = (text) => text } = options
  const standIn = options.standIn ?? (await startStandIn(createOrganization({ id: 'acme', people })))
  const home = mkdtempSync(join(tmpdir(), 'repository-'))
  const [folder, release] = [join(home, 'work'), join(home, 'release')]
  stageRelease(release, standIn.url)
  const path = `.github/workflows/${workflow.slice(workflow.lastIndexOf('/') + 1)}`
  const all = {
    'users.csv': toDirectoryCsv(people),
    ...files,
    [path]: adapt(readFileSync(join(ROOT, workflow), 'utf8')),
  }
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  commit(folder)
  return {
    standIn,
    organization: standIn.organization,
    folder,
    run: (event, runOptions = {}) => runAct({ home, folder, release, path, standIn }, event, runOptions),
    [Symbol.asyncDispose]: async () => {
      if (options.standIn === undefined) await standIn.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/**
 * What `OWNER/deactivate-atlassian-users@v1` is to the engine: this checkout, with the stand-in as the default origin
 * of Atlassian's API, so that no recipe need name it, and without what the engine does not know.
 */
function stageRelease(release: string, origin: string): void {
  const [action, workflows] = ['action', join('.github', 'workflows')]
  for (const folder of [action, workflows]) mkdirSync(join(release, folder), { recursive: true })
  cpSync(join(ROOT, process.env.ACTION_DIST ?? 'dist'), join(release, 'dist'), { recursive: true })
  const inFolders = [action, workflows].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((it) => join(folder, it)),
  )
  for (const path of ['action.yml', ...inFolders]) {
    const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(
      'default: https://api.atlassian.com',
      `default: ${origin}`,
    )
    writeFileSync(join(release, path), withoutNews(text))
  }
}

/**
 * GitHub's news of 2026 that act 0.2.87 does not know: a reference to the workflow's own repository, and a queue of
 * runs that wait for each other.
 */
export function withoutNews(workflow: string): string {
  return workflow
    .replaceAll(/uses: \$\/(\S+)/g, 'uses: OWNER/deactivate-atlassian-users/$1@v1')
    .replaceAll(/^ *queue: max\n/gm, '')
}

function commit(folder: string): void {
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' })
  git('init', '--quiet', '--initial-branch', 'main')
  git('remote', 'add', 'origin', 'https://github.com/acme/users.git')
  git('add', '--all')
  git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '--quiet', '--message', 'Users')
}

/** The workflow with more inputs for the action, beneath the one that every recipe has. */
export function withInputs(workflow: string, inputs: Readonly<Record<string, string>>): string {
  return workflow.replaceAll(/^( *)organization-id: .*$/gm, (line, indent: string) =>
    [line, ...Object.entries(inputs).map(([name, value]) => `${indent}${name}: ${value}`)].join('\n'),
  )
}

/** An approving review of an environment, by somebody who did not start the run. */
export function approved(environment: string): object {
  return {
    environments: [{ id: 1, name: environment }],
    state: 'approved',
    user: { id: 7, login: 'ben', type: 'User' },
    comment: '',
  }
}

interface Place {
  readonly home: string
  readonly folder: string
  readonly release: string
  readonly path: string
  readonly standIn: StandIn
}

async function runAct(place: Place, event: string, options: RunOptions): Promise<WorkflowRun> {
  const { home, folder, release, path, standIn } = place
  const { runId = '1000', payload = {}, env = {}, vars = {}, secrets = {}, onLog = () => undefined } = options
  const payloadPath = join(home, 'event.json')
  const repository = { full_name: 'acme/users', visibility: 'private', default_branch: 'main' }
  writeFileSync(payloadPath, JSON.stringify({ repository, ...payload }))
  const services = artifactEnvironment(standIn.url, runId)
  const told = {
    GITHUB_API_URL: standIn.url,
    GITHUB_RUN_ID: runId,
    GITHUB_WORKFLOW_REF: `acme/users/${path}@refs/heads/main`,
    ...env,
  }
  const variables = { ATLASSIAN_ORGANIZATION_ID: 'acme', ATLASSIAN_KEY_OWNER: ADMIN.email, ...vars }
  const args = [
    ...[event, '--workflows', path, '--eventpath', payloadPath, '--actor', 'starter'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server', '--concurrent-jobs', '2'],
    ...['--action-cache-path', join(home, 'cache'), '--artifact-server-path', join(home, 'artifacts')],
    ...['--artifact-server-addr', '127.0.0.1', '--artifact-server-port', '0'],
    ...['--local-repository', `OWNER/deactivate-atlassian-users@v1=${release}`],
    ...['--secret', `ATLASSIAN_API_KEY=${standIn.organization.key}`, '--secret', 'GITHUB_TOKEN=ghs_token'],
    ...Object.entries(told).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...Object.entries(secrets).flatMap(([name, value]) => ['--secret', `${name}=${value}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
  ]
  const { runs } = standIn.github
  runs[runId] = { ...(runs[runId] ?? workflowRun(runId, { event, path })), status: 'in_progress' }
  const child = spawn('act', args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      ACTIONS_RUNTIME_URL: services.ACTIONS_RESULTS_URL,
      ACTIONS_RUNTIME_TOKEN: services.ACTIONS_RUNTIME_TOKEN,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const listen = (chunk: Buffer): void => {
    log += chunk.toString()
    onLog(chunk.toString())
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  runs[runId] = { ...runs[runId], status: 'completed' }
  return { exitCode, log, job: (name) => jobOf(log, name) }
}

function jobOf(log: string, name: string): 'succeeded' | 'failed' | null {
  const ends = log.split('\n').filter((line) => line.includes(name) && /🏁 +Job (succeeded|failed)/.test(line))
  if (ends.length === 0) return null
  return ends.some((line) => line.includes('Job failed')) ? 'failed' : 'succeeded'
}
