import { HttpResponse, http, type RequestHandler } from 'msw'
import type { GitHubState } from './github-state.ts'
import { pageOf } from './paging.ts'

export { addRun, commitFiles, createGitHub, type GitHubState, mergePull, workflowRun } from './github-state.ts'

type Method = 'get' | 'post' | 'patch'
type Params = Readonly<Record<string, string>>
/** What is answered; a list is answered page by page; undefined: there is none. */
type Answer = (params: Params, url: URL, body: string) => object | undefined

/** Lists that GitHub sends whole. */
const UNPAGED = /\/(approvals$|contents\/)/

/** Files larger than this come without their content. */
const MOST_CONTENT = 1024 * 1024

/** GitHub's REST API, and what of GraphQL tells who a token is. */
export function githubHandlers(base: string, state: GitHubState): RequestHandler[] {
  const on = (method: Method, path: string, answer: Answer): RequestHandler =>
    http[method](`${base}${path}`, async ({ request, params }) => {
      const url = new URL(request.url)
      const body = await request.text()
      const authorization = request.headers.get('authorization') ?? ''
      state.requests.push(`${request.method} ${url.pathname}`)
      state.calls.push({ method: request.method, path: url.pathname + url.search, authorization, body })
      return refusal(state, request.method, url) ?? respond(method, url, answer(params as Params, url, body))
    })
  const get = (path: string, answer: Answer): RequestHandler => on('get', `/repos/:owner/:repo${path}`, answer)
  const write = (
    method: 'post' | 'patch',
    path: string,
    answer: (params: Params, body: string) => object | undefined,
  ) => on(method, `/repos/:owner/:repo${path}`, (params, _, body) => answer(params, textOf(body)))

  return [
    get('', () => state.repository),
    get('/actions/runs/:id', ({ id = '' }) => state.runs[id]),
    get('/actions/workflows/:file/runs', ({ file = '' }, url) => runsOf(state, file, url)),
    get('/actions/runs/:id/approvals', ({ id = '' }) => state.approvals[id] ?? []),
    get('/environments/:name', ({ name = '' }) => state.environments[name]),
    get('/commits', (_, url) => lastCommits(state, url)),
    get('/commits/:sha/pulls', ({ sha = '' }) => state.pullsOfCommit[sha] ?? []),
    ...openedHandlers(on, state),
    get('/pulls/:number', ({ number = '' }) => state.pulls[number]),
    get('/pulls/:number/reviews', ({ number = '' }) => state.reviews[number] ?? []),
    get('/pulls/:number/commits', ({ number = '' }) => state.pullCommits[number] ?? []),
    get('/pulls/:number/files', ({ number = '' }) => state.pullFiles[number] ?? []),
    get('/collaborators/:login/permission', ({ login = '' }) => ({
      permission: state.permissions[login] ?? 'none',
      user: userOf(state, login),
    })),
    get('/git/ref/:ref', ({ ref = '' }) => {
      const name = decodeURIComponent(ref)
      const sha = state.branches[name.replace(/^heads\//, '')]
      return sha === undefined ? undefined : { ref: `refs/${name}`, object: { type: 'commit', sha } }
    }),
    get('/git/commits/:sha', ({ sha = '' }) => {
      const parents = state.parents[sha]
      return parents && { sha, parents: parents.map((parent) => ({ sha: parent })) }
    }),
    get('/rules/branches/:branch', ({ branch = '' }) => state.rules[decodeURIComponent(branch)] ?? []),
    get('/contents/*', (params, url) => content(state, params['0'] ?? '', url)),
    get('/git/trees/:sha', ({ sha = '' }) =>
      state.trees[sha] === undefined ? undefined : { sha, tree: state.trees[sha], truncated: false },
    ),
    get('/git/blobs/:sha', ({ sha = '' }) => {
      const bytes = state.blobs[sha]
      return bytes && { sha, encoding: 'base64', size: bytes.length, content: base64(bytes) }
    }),
    get('/issues/:number/timeline', ({ number = '' }) => state.timelines[number] ?? []),
    get('/issues/:number/comments', ({ number }) =>
      state.comments.filter(({ issue }) => issue === undefined || String(issue) === number),
    ),
    write('post', '/issues/:number/comments', ({ number }, body) => {
      const id = state.comments.length + 1
      const user = { login: state.viewer, type: 'Bot' }
      const html_url = `https://github.com/acme/users/pull/${number}#issuecomment-${id}`
      const comment = { id, body, user, html_url, issue: Number(number) }
      state.comments.push(comment)
      return comment
    }),
    write('patch', '/issues/comments/:id', ({ id }, body) => {
      const comment = state.comments.find((known) => String(known.id) === id)
      if (comment !== undefined) comment.body = body
      return comment
    }),
    // Closed to the tokens of apps, and so to a job's own.
    on('get', '/user', () => forbidden()),
    on('post', '/graphql', () => ({ data: { viewer: { login: state.viewer } } })),
  ]
}

/** Opening, listing and closing issues and pull requests. */
function openedHandlers(
  on: (method: Method, path: string, answer: Answer) => RequestHandler,
  state: GitHubState,
): RequestHandler[] {
  const kinds = ['issues', 'pulls'] as const
  return kinds.flatMap((kind) => {
    const path = `/repos/:owner/:repo/${kind}`
    return [
      on('get', path, (_, { searchParams: asked }) => {
        const is = (filter: string, value: string): boolean => [null, value].includes(asked.get(filter))
        return state.opened
          .filter(({ head }) => kind === 'issues' || head !== '')
          .filter(({ state: now, user }) => is('state', now) && is('creator', user.login))
          .filter(({ head }) => kind === 'issues' || is('head', `acme:${head}`))
      }),
      on('post', path, (_, __, body) => {
        const { title = '', body: text = '', head = '' } = JSON.parse(body) as Record<string, string>
        const number = 101 + state.opened.length
        state.opened.push({ number, title, body: text, state: 'open', user: { login: state.viewer }, head })
        return state.opened.at(-1)
      }),
      on('patch', `${path}/:number`, ({ number }, _, body) => {
        const found = state.opened.find((known) => String(known.number) === number)
        if (found !== undefined) Object.assign(found, JSON.parse(body))
        return found
      }),
    ]
  })
}

function respond(method: Method, url: URL, found: object | undefined): Response {
  if (found instanceof Response) return found
  if (found === undefined) return HttpResponse.json({ message: 'Not Found' }, { status: 404 })
  if (Array.isArray(found) && !UNPAGED.test(url.pathname)) {
    const { page, headers } = pageOf(found, url)
    return HttpResponse.json(page as never, { headers })
  }
  const created = method === 'post' && url.pathname !== '/graphql'
  return HttpResponse.json(found as never, { status: created ? 201 : 200 })
}

/** Why a request is not answered as it wishes: an ordered failure, or what the token may not do. */
function refusal(state: GitHubState, method: string, url: URL): Response | Promise<Response> | null {
  for (const failure of state.failures) {
    const { path, times = Number.POSITIVE_INFINITY, status, headers = {}, message = 'ordered' } = failure
    if (times <= 0 || !path.test(url.pathname) || (failure.method ?? method) !== method) continue
    failure.times = times - 1
    if (status === 'hang') return new Promise(() => {})
    return HttpResponse.json({ message }, { status, headers })
  }
  if (state.forbidden?.test(url.pathname) === true) return forbidden()
  return state.readOnly && method !== 'GET' && url.pathname !== '/graphql' ? forbidden() : null
}

function forbidden(): Response {
  return HttpResponse.json({ message: 'Resource not accessible by integration' }, { status: 403 })
}

interface User {
  readonly login: string
}

function userOf(state: GitHubState, login: string): object {
  const reviews = Object.values(state.reviews).flat() as readonly { readonly user: User | null }[]
  return state.users[login] ?? reviews.find(({ user }) => user?.login === login)?.user ?? { login }
}

function lastCommits(state: GitHubState, { searchParams }: URL): object[] {
  const path = searchParams.get('path') ?? ''
  const found = state.lastCommits[`${searchParams.get('sha') ?? ''}:${path}`] ?? state.lastCommits[path]
  return found === undefined ? [] : [found]
}

interface Entry {
  readonly path: string
  readonly type: string
  readonly sha: string
  readonly size?: number
}

/** The runs of a workflow that all filters leave, the newest first. */
function runsOf({ runs }: GitHubState, file: string, url: URL): object {
  const { searchParams: asked } = url
  const since = asked.get('created')?.replace(/^>=/, '') ?? ''
  const is = (filter: string, value: unknown): boolean => [null, value].includes(asked.get(filter))
  const found = (Object.values(runs) as ListedRun[])
    .filter(({ path }) => path.endsWith(`/${file}`))
    .filter((run) => is('event', run.event) && is('branch', run.head_branch) && is('status', run.status))
    .filter(({ created_at: created }) => created >= since)
    .toSorted((a, b) => b.id - a.id)
  return { total_count: found.length, workflow_runs: pageOf(found, url).page }
}

interface ListedRun {
  readonly id: number
  readonly path: string
  readonly event: string
  readonly status: string
  readonly head_branch: string
  readonly created_at: string
}

/** A file of a commit in base64, or the names in one of its folders. */
function content(state: GitHubState, path: string, { searchParams }: URL): object | undefined {
  const parts = path.split('/').filter((part) => part !== '')
  let tree = searchParams.get('ref') ?? ''
  for (const [depth, name] of parts.entries()) {
    const entry = (state.trees[tree] as readonly Entry[] | undefined)?.find((known) => known.path === name)
    if (entry === undefined) return undefined
    if (entry.type === 'tree') {
      tree = entry.sha
      continue
    }
    const bytes = state.blobs[entry.sha]
    if (depth < parts.length - 1 || bytes === undefined) return undefined
    const facts = { type: 'file', name, path, sha: entry.sha, size: bytes.length }
    const small = bytes.length <= MOST_CONTENT
    return { ...facts, encoding: small ? 'base64' : 'none', content: small ? base64(bytes) : '' }
  }
  return (state.trees[tree] as readonly Entry[] | undefined)?.map(({ path: name, type, sha, size = 0 }) => ({
    type: type === 'tree' ? 'dir' : 'file',
    name,
    path: [...parts, name].join('/'),
    sha,
    size,
  }))
}

/** As GitHub sends it: a line break after every 60 characters. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{60}/g, '$&\n')
}

function textOf(body: string): string {
  return (JSON.parse(body) as { body: string }).body
}
