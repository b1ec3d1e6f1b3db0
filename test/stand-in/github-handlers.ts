import { createHash } from 'node:crypto'
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Artifacts } from './artifact-handlers.ts'

interface Comment {
  readonly id: number
  body: string
  readonly user: { readonly login: string; readonly type: string }
}

/** GitHub's REST API for one repository, as plain data that a test fills. Keys are ids, numbers, paths and shas. */
export interface GitHubState {
  repository: object
  readonly runs: Record<string, object>
  readonly approvals: Record<string, readonly object[]>
  readonly environments: Record<string, object>
  /** Last commit of a path. */
  readonly lastCommits: Record<string, object>
  readonly pullsOfCommit: Record<string, readonly object[]>
  readonly pulls: Record<string, object>
  readonly reviews: Record<string, readonly object[]>
  readonly pullCommits: Record<string, readonly object[]>
  readonly permissions: Record<string, string>
  readonly trees: Record<string, readonly object[]>
  readonly blobs: Record<string, Buffer>
  readonly comments: Comment[]
  /** The token may not write. */
  readOnly: boolean
  /** Paths of requests that the token may not make at all. */
  forbidden: RegExp | null
  /** Who the token is. */
  viewer: string
  /** Requests that arrived: `METHOD /path`. */
  readonly requests: string[]
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
    permissions: {},
    trees: {},
    blobs: {},
    comments: [],
    readOnly: false,
    forbidden: null,
    viewer: 'github-actions[bot]',
    requests: [],
  }
}

export function githubHandlers(base: string, state: GitHubState, _artifacts: Artifacts): RequestHandler[] {
  const home = `${base}/repos/:owner/:repo`
  type Answer = (params: Readonly<Record<string, string>>, url: URL) => object | undefined
  const get = (path: string, answer: Answer): RequestHandler =>
    http.get(path, ({ request, params }) => {
      const url = new URL(request.url)
      state.requests.push(`GET ${url.pathname}`)
      if (state.forbidden?.test(url.pathname) === true) return forbidden()
      const found = answer(params as Record<string, string>, url)
      return found === undefined
        ? HttpResponse.json({ message: 'Not Found' }, { status: 404 })
        : HttpResponse.json(found as never)
    })
  const write = (
    method: 'post' | 'patch',
    path: string,
    answer: (params: Readonly<Record<string, string>>, body: string) => object | undefined,
  ): RequestHandler =>
    http[method](path, async ({ request, params }) => {
      state.requests.push(`${method.toUpperCase()} ${new URL(request.url).pathname}`)
      if (state.readOnly) return forbidden()
      const { body } = (await request.json()) as { body: string }
      const found = answer(params as Record<string, string>, body)
      return found === undefined
        ? HttpResponse.json({ message: 'Not Found' }, { status: 404 })
        : HttpResponse.json(found as never, { status: method === 'post' ? 201 : 200 })
    })
  return [
    get(home, () => state.repository),
    get(`${home}/actions/runs/:id`, ({ id = '' }) => state.runs[id]),
    get(`${home}/actions/runs/:id/approvals`, ({ id = '' }) => state.approvals[id] ?? []),
    get(`${home}/environments/:name`, ({ name = '' }) => state.environments[name]),
    get(`${home}/commits`, (_, url) => {
      const found = state.lastCommits[url.searchParams.get('path') ?? '']
      return found === undefined ? [] : [found]
    }),
    get(`${home}/commits/:sha/pulls`, ({ sha = '' }, url) => page(state.pullsOfCommit[sha] ?? [], url)),
    get(`${home}/pulls/:number`, ({ number = '' }) => state.pulls[number]),
    get(`${home}/pulls/:number/reviews`, ({ number = '' }, url) => page(state.reviews[number] ?? [], url)),
    get(`${home}/pulls/:number/commits`, ({ number = '' }, url) => page(state.pullCommits[number] ?? [], url)),
    get(`${home}/collaborators/:login/permission`, ({ login = '' }) => ({
      permission: state.permissions[login] ?? 'none',
    })),
    get(`${home}/git/trees/:sha`, ({ sha = '' }) =>
      state.trees[sha] === undefined ? undefined : { sha, tree: state.trees[sha], truncated: false },
    ),
    get(`${home}/git/blobs/:sha`, ({ sha = '' }) => {
      const bytes = state.blobs[sha]
      return bytes === undefined
        ? undefined
        : { sha, encoding: 'base64', size: bytes.length, content: bytes.toString('base64') }
    }),
    get(`${home}/issues/:number/comments`, (_, url) => page(state.comments, url)),
    write('post', `${home}/issues/:number/comments`, (_, body) => {
      const comment = {
        id: state.comments.length + 1,
        body,
        user: { login: state.viewer, type: 'Bot' },
        html_url: 'https://github.com/x',
      }
      state.comments.push(comment)
      return comment
    }),
    write('patch', `${home}/issues/comments/:id`, ({ id }, body) => {
      const comment = state.comments.find((known) => String(known.id) === id)
      if (comment !== undefined) comment.body = body
      return comment
    }),
    http.get(`${base}/user`, () => {
      state.requests.push('GET /user')
      return forbidden()
    }),
    http.post(`${base}/graphql`, () => {
      state.requests.push('POST /graphql')
      return HttpResponse.json({ data: { viewer: { login: state.viewer } } })
    }),
  ]
}

function forbidden(): Response {
  return HttpResponse.json({ message: 'Resource not accessible by integration' }, { status: 403 })
}

/** Puts a commit's files into the trees and blobs, as git names them. */
export function commitFiles(
  state: GitHubState,
  commit: string,
  files: Readonly<Record<string, string | Buffer>>,
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
      const blob = { path: name, mode: '100644', type: 'blob', sha, size: bytes.length }
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

function page(items: readonly object[], url: URL): readonly object[] {
  const size = Number(url.searchParams.get('per_page') ?? '30')
  const number = Number(url.searchParams.get('page') ?? '1')
  return items.slice((number - 1) * size, number * size)
}
