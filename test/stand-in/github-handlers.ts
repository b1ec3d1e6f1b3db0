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
      if (state.readOnly)
        return HttpResponse.json({ message: 'Resource not accessible by integration' }, { status: 403 })
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
    http.get(`${base}/user`, () =>
      HttpResponse.json({ message: 'Resource not accessible by integration' }, { status: 403 }),
    ),
    http.post(`${base}/graphql`, () => HttpResponse.json({ data: { viewer: { login: state.viewer } } })),
  ]
}

function page(items: readonly object[], url: URL): readonly object[] {
  const size = Number(url.searchParams.get('per_page') ?? '30')
  const number = Number(url.searchParams.get('page') ?? '1')
  return items.slice((number - 1) * size, number * size)
}
