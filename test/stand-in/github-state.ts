import { createHash } from 'node:crypto'
import type { Artifacts } from './artifacts.ts'

interface Comment {
  readonly id: number
  body: string
  readonly user: { readonly login: string; readonly type: string }
  /** Number of the issue or pull request; left out, it shows under all of them. */
  readonly issue?: number
}

/** An issue, or a pull request that a workflow opened. */
export interface Opened {
  readonly number: number
  readonly title: string
  readonly body: string
  state: 'open' | 'closed'
  readonly user: { readonly login: string }
  /** Branch of a pull request; empty for an issue. */
  readonly head: string
}

/** One request to GitHub's API as it arrived. */
export interface GitHubCall {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly authorization: string
  readonly body: string
}

/** Requests that fail, and how. */
export interface GitHubFailure {
  readonly path: RegExp
  readonly method?: string
  /** `hang`: no answer ever comes. */
  readonly status: number | 'hang'
  readonly headers?: Readonly<Record<string, string>>
  readonly message?: string
  /** How many; left out, all. */
  times?: number
}

/** GitHub's REST API for one repository, as plain data that a test fills. Keys are ids, numbers, paths and shas. */
export interface GitHubState {
  repository: object
  readonly runs: Record<string, object>
  readonly approvals: Record<string, readonly object[]>
  readonly environments: Record<string, object>
  /** Last commit of a path, or of `sha:path` as it is seen from that commit. */
  readonly lastCommits: Record<string, object>
  readonly pullsOfCommit: Record<string, readonly object[]>
  readonly pulls: Record<string, object>
  readonly reviews: Record<string, readonly object[]>
  readonly pullCommits: Record<string, readonly object[]>
  readonly pullFiles: Record<string, readonly object[]>
  /** Events of pull requests. */
  readonly timelines: Record<string, readonly object[]>
  /** What people may do, by login. */
  readonly permissions: Record<string, string>
  /** Who they are; left out, whoever of that login gave a review. */
  readonly users: Record<string, object>
  /** Commits that branches are on. */
  readonly branches: Record<string, string>
  /** Rules of branches. */
  readonly rules: Record<string, readonly object[]>
  /** First to last, by commit. */
  readonly parents: Record<string, readonly string[]>
  readonly trees: Record<string, readonly object[]>
  readonly blobs: Record<string, Buffer>
  readonly comments: Comment[]
  /** Issues and pull requests that workflows opened, the oldest first; each has the number of its place, from 101. */
  readonly opened: Opened[]
  /** The token may not write. */
  readOnly: boolean
  /** Paths of requests that the token may not make at all. */
  forbidden: RegExp | null
  readonly failures: GitHubFailure[]
  /** Who the token is. */
  viewer: string
  /** Requests that arrived: `METHOD /path`, without the query. */
  readonly requests: string[]
  readonly calls: GitHubCall[]
}

export function createGitHub(): GitHubState {
  return {
    repository: { full_name: 'acme/users', private: true, visibility: 'private', default_branch: 'main' },
    runs: {},
    approvals: {},
    environments: {},
    lastCommits: {},
    pullsOfCommit: {},
    pulls: {},
    reviews: {},
    pullCommits: {},
    pullFiles: {},
    timelines: {},
    permissions: {},
    users: {},
    branches: {},
    rules: {},
    parents: {},
    trees: {},
    blobs: {},
    comments: [],
    opened: [],
    readOnly: false,
    forbidden: null,
    failures: [],
    viewer: 'github-actions[bot]',
    requests: [],
    calls: [],
  }
}

/** A run as GitHub describes it, started by hand on the default branch unless told otherwise. */
export function workflowRun(id: string, overrides: object = {}): object {
  const repository = { full_name: 'acme/users' }
  const actor = { id: 1, login: 'starter', type: 'User' }
  return {
    id: Number(id),
    event: 'workflow_dispatch',
    status: 'completed',
    conclusion: 'success',
    repository,
    head_repository: repository,
    head_branch: 'main',
    head_sha: 'a'.repeat(40),
    path: '.github/workflows/users.yml',
    run_attempt: 1,
    created_at: new Date().toISOString(),
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    ...overrides,
  }
}

/** Puts another run with artifacts of these files where the action can find it. */
export function addRun(
  { github, artifacts }: { readonly github: GitHubState; readonly artifacts: Artifacts },
  id: string,
  files: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>,
  overrides: object = {},
): void {
  github.runs[id] = workflowRun(id, overrides)
  for (const [name, content] of Object.entries(files)) artifacts.addFiles(id, name, content)
}

/** A merged pull request, its author, its final head, and all that GitHub tells of it, as one approval needs it. */
export interface MergedPull {
  readonly number: number
  /** The commit of the default branch that it became. */
  readonly commit: string
  readonly head: string
  readonly author: object
  readonly reviews: readonly object[]
  /** What commit and head hold; it changes all of them. */
  readonly files: Readonly<Record<string, string | Buffer>>
}

/** Has a merged pull request bring these files to the default branch, where they stay. */
export function mergePull(state: GitHubState, { number, commit, head, author, reviews, files }: MergedPull): void {
  const paths = Object.keys(files)
  for (const sha of [commit, head]) commitFiles(state, sha, files)
  for (const path of paths) state.lastCommits[path] = { sha: commit, commit: { message: 'Merge' } }
  const pull = {
    number,
    merged_at: '2026-01-01T00:00:00Z',
    base: { ref: 'main', repo: { full_name: 'acme/users' } },
    head: { sha: head },
    user: author,
    commits: 1,
    changed_files: paths.length,
  }
  state.pullsOfCommit[commit] = [pull]
  state.pulls[number] = pull
  state.pullFiles[number] = paths.map((filename) => ({ filename, status: 'modified' }))
  state.pullCommits[number] = [{ sha: head, author, committer: author, commit: { message: 'Leavers' } }]
  state.reviews[number] = reviews
  state.branches.main = commit
  state.parents[commit] = []
}

/** Puts a commit's files into the trees and blobs, as git names them. */
export function commitFiles(
  state: GitHubState,
  commit: string,
  files: Readonly<Record<string, string | Buffer>>,
  /** Names among them that are symbolic links; their content is where they lead. */
  links: readonly string[] = [],
): void {
  const folders = new Map<string, Map<string, object>>([['', new Map()]])
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content)
    const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    state.blobs[sha] = bytes
    const parts = path.split('/')
    for (const [depth, name] of parts.entries()) {
      const [parent, own] = [parts.slice(0, depth).join('/'), parts.slice(0, depth + 1).join('/')]
      const isFile = depth === parts.length - 1
      if (!isFile && !folders.has(own)) folders.set(own, new Map())
      const tree = { path: name, mode: '040000', type: 'tree', sha: treeSha(commit, own) }
      const mode = links.includes(path) ? '120000' : '100644'
      const blob = { path: name, mode, type: 'blob', sha, size: bytes.length }
      folders.get(parent)?.set(name, isFile ? blob : tree)
    }
  }
  for (const [folder, entries] of folders) {
    state.trees[folder === '' ? commit : treeSha(commit, folder)] = [...entries.values()]
  }
}

function treeSha(commit: string, folder: string): string {
  return createHash('sha1').update(`${commit}/${folder}`).digest('hex')
}
