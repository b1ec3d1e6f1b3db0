import { tmpdir } from 'node:os'
import { asCount, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { sameName } from './same-name.ts'

/** Who may see the repository; `internal` is everybody in an enterprise. */
export type Visibility = 'private' | 'internal' | 'public' | 'unknown'

export interface Repository {
  readonly owner: string
  readonly repo: string
}

/** The pull request that a run is for. */
export interface PullRequestContext {
  readonly number: number
  readonly headSha: string
  readonly baseSha: string
  readonly baseRef: string
  /** `owner/repo`; empty where the fork was deleted. */
  readonly headRepo: string
  readonly isFork: boolean
}

/** What the runner says about this run. Texts are empty where it says nothing. */
export interface RunContext {
  readonly repository: Repository
  /** Decimal digits. */
  readonly runId: string
  /** Counted from 1. */
  readonly runAttempt: number
  readonly eventName: string
  /** The event's payload, untrusted. */
  readonly event: Unknowns
  readonly sha: string
  /** Fully-formed: `refs/heads/main`. */
  readonly ref: string
  readonly defaultBranch: string
  /** `owner/repo/.github/workflows/x.yml@refs/heads/main`. */
  readonly workflowRef: string
  /** The three parts of `workflowRef`. */
  readonly workflowRepository: string
  readonly workflowPath: string
  readonly workflowBranch: string
  /** Commit that the workflow file was read from. */
  readonly workflowSha: string
  readonly workflow: string
  readonly job: string
  /** Who started the run. */
  readonly actor: string
  /** 0 where the runner does not say. */
  readonly actorId: number
  /** Who started this attempt of it. */
  readonly triggeringActor: string
  /** `owner/repo` of the running action; empty where it lies in the workspace. */
  readonly actionRepository: string
  /** Folder of the composite action that this step belongs to; empty where a workflow file itself uses the action. */
  readonly compositePath: string
  readonly workspace: string
  readonly tempDir: string
  readonly serverUrl: string
  readonly apiUrl: string
  /** The environment names an API: this is a runner, or somebody who plays one. */
  readonly hasApi: boolean
  readonly graphqlUrl: string
  /** Page of the run; empty outside of one. */
  readonly runUrl: string
  /** True where the artifact service cannot be used. */
  readonly isEnterpriseServer: boolean
  readonly pullRequest: PullRequestContext | null
  readonly repositoryVisibility: Visibility
  /** The run was started by hand with at least one input of its own, or GitHub does not say that it was not. */
  readonly dispatchInputs: boolean
}

/**
 * Reads the runner's environment. Never fails: what is missing or unreadable is empty, and the checks that need it
 * refuse on their own.
 *
 * @param readFile reads the event's payload as text; may throw.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function readContext(env: NodeJS.ProcessEnv, readFile: (path: string) => string): RunContext {
  const event = readEvent(env.GITHUB_EVENT_PATH ?? '', readFile)
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/')
  const runId = /^[0-9]+$/.test(env.GITHUB_RUN_ID ?? '') ? (env.GITHUB_RUN_ID ?? '') : ''
  const serverUrl = withoutSlash(env.GITHUB_SERVER_URL || 'https://github.com')
  const workflowRef = env.GITHUB_WORKFLOW_REF ?? ''
  const workflow = /^([^/]+\/[^/]+)\/(.+?)@(refs\/.+|[0-9a-f]{40,64})$/.exec(workflowRef)
  return {
    repository: { owner, repo },
    runId,
    runAttempt: Math.max(1, asCount(Number(env.GITHUB_RUN_ATTEMPT ?? ''))),
    eventName: env.GITHUB_EVENT_NAME ?? '',
    event,
    sha: env.GITHUB_SHA ?? '',
    ref: env.GITHUB_REF ?? '',
    defaultBranch: asText(asObject(event.repository).default_branch),
    workflowRef,
    workflowRepository: workflow?.[1] ?? '',
    workflowPath: workflow?.[2] ?? '',
    workflowBranch: workflow?.[3] ?? '',
    workflowSha: env.GITHUB_WORKFLOW_SHA ?? '',
    workflow: env.GITHUB_WORKFLOW ?? '',
    job: env.GITHUB_JOB ?? '',
    actor: env.GITHUB_ACTOR ?? '',
    triggeringActor: env.GITHUB_TRIGGERING_ACTOR ?? '',
    actorId: asCount(Number(env.GITHUB_ACTOR_ID ?? '')),
    actionRepository: env.GITHUB_ACTION_REPOSITORY ?? '',
    compositePath: env.GITHUB_ACTION_PATH ?? '',
    workspace: env.GITHUB_WORKSPACE ?? '',
    tempDir: env.RUNNER_TEMP || tmpdir(),
    serverUrl,
    apiUrl: withoutSlash(env.GITHUB_API_URL || 'https://api.github.com'),
    hasApi: (env.GITHUB_API_URL ?? '') !== '',
    graphqlUrl: env.GITHUB_GRAPHQL_URL || 'https://api.github.com/graphql',
    runUrl: owner !== '' && repo !== '' && runId !== '' ? `${serverUrl}/${owner}/${repo}/actions/runs/${runId}` : '',
    isEnterpriseServer: isEnterpriseServer(serverUrl),
    pullRequest: readPullRequest(event, `${owner}/${repo}`),
    repositoryVisibility: readVisibility(event.repository),
    // An event that was started by hand always has the member, and it is null where there are no inputs.
    dispatchInputs: env.GITHUB_EVENT_NAME === 'workflow_dispatch' && !isEmpty(event.inputs),
  }
}

/** Who may see a repository, from GitHub's description of it. */
export function readVisibility(repository: unknown): Visibility {
  const { visibility, private: isPrivate } = asObject(repository)
  if (visibility === 'private' || visibility === 'internal' || visibility === 'public') return visibility
  if (typeof isPrivate !== 'boolean') return 'unknown'
  return isPrivate ? 'private' : 'public'
}

/** `owner/repo`. */
export function fullName(repository: Repository): string {
  return `${repository.owner}/${repository.repo}`
}

function isEmpty(inputs: unknown): boolean {
  return inputs === null || (typeof inputs === 'object' && Object.keys(inputs).length === 0)
}

function readEvent(path: string, readFile: (path: string) => string): Unknowns {
  if (path === '') return {}
  try {
    return asObject(JSON.parse(readFile(path)))
  } catch {
    return {}
  }
}

function readPullRequest(event: Unknowns, repository: string): PullRequestContext | null {
  const pull = asObject(event.pull_request)
  const number = asCount(pull.number)
  if (number === 0) return null
  const [head, base] = [asObject(pull.head), asObject(pull.base)]
  const headRepo = asText(asObject(head.repo).full_name)
  return {
    number,
    headSha: asText(head.sha),
    baseSha: asText(base.sha),
    baseRef: asText(base.ref),
    headRepo,
    isFork: !sameName(headRepo, repository),
  }
}

/**
 * The artifact client's own rule (`isGhes` of `@actions/artifact`): it throws on every host but these. Plain
 * `localhost` is an enterprise server to it.
 */
function isEnterpriseServer(serverUrl: string): boolean {
  const hostname = URL.parse(serverUrl)?.hostname.trimEnd().toLowerCase() ?? ''
  return hostname !== 'github.com' && !hostname.endsWith('.ghe.com') && !hostname.endsWith('.localhost')
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
