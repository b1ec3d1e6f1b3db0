import { tmpdir } from 'node:os'
import { asCount, asObject, asText, type Unknowns } from '../text/unknowns.ts'

/** What the runner says about this run. Texts are empty where it says nothing. */
export type RunContext = Readonly<ReturnType<typeof readContext>>

/**
 * Reads the runner's environment, and the event's payload by a function that may throw. Never fails: what is missing or
 * unreadable is empty, and the checks that need it refuse on their own.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function readContext(env: NodeJS.ProcessEnv, readFile: (path: string) => string) {
  const event = readEvent(env.GITHUB_EVENT_PATH ?? '', readFile)
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/')
  const [runId = ''] = /^[0-9]+$/.exec(env.GITHUB_RUN_ID ?? '') ?? []
  const serverUrl = withoutSlash(env.GITHUB_SERVER_URL || 'https://github.com')
  const hostname = URL.parse(serverUrl)?.hostname.trimEnd().toLowerCase() ?? ''
  const workflowRef = env.GITHUB_WORKFLOW_REF ?? ''
  const [, workflowRepository = '', workflowPath = '', workflowBranch = ''] =
    /^([^/]+\/[^/]+)\/(.+?)@(refs\/.+|[0-9a-f]{40,64})$/.exec(workflowRef) ?? []
  return {
    repository: { owner, repo, fullName: `${owner}/${repo}` },
    /** Decimal digits. */
    runId,
    /** Counted from 1. */
    runAttempt: Math.max(1, asCount(Number(env.GITHUB_RUN_ATTEMPT ?? ''))),
    eventName: env.GITHUB_EVENT_NAME ?? '',
    sha: env.GITHUB_SHA ?? '',
    /** Fully-formed: `refs/heads/main`. */
    ref: env.GITHUB_REF ?? '',
    defaultBranch: asText(asObject(event.repository).default_branch),
    /** `owner/repo/.github/workflows/x.yml@refs/heads/main`; its three parts follow. */
    workflowRef,
    workflowRepository,
    workflowPath,
    workflowBranch,
    /** Commit that the workflow file was read from. */
    workflowSha: env.GITHUB_WORKFLOW_SHA ?? '',
    workflow: env.GITHUB_WORKFLOW ?? '',
    job: env.GITHUB_JOB ?? '',
    /** Who started the run, and who this attempt of it; the id is 0 where the runner does not say. */
    actor: env.GITHUB_ACTOR ?? '',
    actorId: asCount(Number(env.GITHUB_ACTOR_ID ?? '')),
    triggeringActor: env.GITHUB_TRIGGERING_ACTOR ?? '',
    /** `owner/repo` of the running action; empty where it lies in the workspace. */
    actionRepository: env.GITHUB_ACTION_REPOSITORY ?? '',
    /** Folder of the composite action that this step belongs to; empty where a workflow file itself uses the action. */
    compositePath: env.GITHUB_ACTION_PATH ?? '',
    workspace: env.GITHUB_WORKSPACE ?? '',
    tempDir: env.RUNNER_TEMP || tmpdir(),
    serverUrl,
    apiUrl: withoutSlash(env.GITHUB_API_URL || 'https://api.github.com'),
    /** The environment names an API: this is a runner, or somebody who plays one. */
    hasApi: (env.GITHUB_API_URL ?? '') !== '',
    graphqlUrl: env.GITHUB_GRAPHQL_URL || 'https://api.github.com/graphql',
    /** Page of the run; empty outside of one. */
    runUrl: owner !== '' && repo !== '' && runId !== '' ? `${serverUrl}/${owner}/${repo}/actions/runs/${runId}` : '',
    /** By the artifact client's own rule (`isGhes`): it throws on every host but these, on plain `localhost` too. */
    isEnterpriseServer: hostname !== 'github.com' && !/\.(ghe\.com|localhost)$/.test(hostname),
    pullRequest: readPullRequest(asObject(event.pull_request)),
    repositoryVisibility: readVisibility(event.repository),
    /** Started by hand with at least one input of its own, or GitHub does not say that it was not. */
    dispatchInputs: env.GITHUB_EVENT_NAME === 'workflow_dispatch' && !isEmpty(event.inputs),
  }
}

/** Who may see a repository, from GitHub's description of it; `internal` is everybody in an enterprise. */
export function readVisibility(repository: unknown): 'private' | 'internal' | 'public' | 'unknown' {
  const { visibility, private: isPrivate } = asObject(repository)
  if (visibility === 'private' || visibility === 'internal' || visibility === 'public') return visibility
  if (typeof isPrivate !== 'boolean') return 'unknown'
  return isPrivate ? 'private' : 'public'
}

/** `owner/repo`, from GitHub's description of a repository; empty where that was deleted. */
export function fullNameOf(repository: unknown): string {
  return asText(asObject(repository).full_name)
}

/** The event always has the member; it is null where there are no inputs. */
function isEmpty(inputs: unknown): boolean {
  return inputs === null || (typeof inputs === 'object' && Object.keys(inputs).length === 0)
}

/** The event's payload, untrusted. */
function readEvent(path: string, readFile: (path: string) => string): Unknowns {
  try {
    return asObject(JSON.parse(readFile(path)))
  } catch {
    return {}
  }
}

function readPullRequest({ number, head, base }: Unknowns) {
  if (asCount(number) === 0) return null
  return { number: asCount(number), baseSha: asText(asObject(base).sha), headRepo: fullNameOf(asObject(head).repo) }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
