import { asArray, asObject, asText } from '../text/unknowns.ts'
import { remember } from '../world/remember.ts'
import type { RunContext } from './context.ts'
import * as facts from './facts.ts'
import { type Answer, type Manner, openApi, type Question } from './request.ts'

/** A file as a commit holds it. */
export type FileFacts =
  | { readonly kind: 'file'; readonly sha: string; readonly size: number }
  | { readonly kind: 'missing' | 'not-a-file' }

/**
 * The only door to GitHub's REST API. Each function answers with facts or with a closed reason and a message that
 * names what was asked and the permission it needs; none rejects.
 */
export interface GitHub {
  repository(): Promise<Answer<facts.RepositoryFacts>>
  run(runId: string): Promise<Answer<facts.RunFacts>>
  /** Deployment reviews of a run. */
  approvals(runId: string): Promise<Answer<facts.DeploymentReview[]>>
  environment(name: string): Promise<Answer<facts.EnvironmentFacts>>
  /** The last commit up to `sha` that changed the file; null where none did. */
  lastCommitOf(path: string, sha: string): Promise<Answer<facts.Commit | null>>
  /** For a commit of the default branch: the pull requests that brought it. */
  pullsOf(sha: string): Promise<Answer<facts.Pull[]>>
  pull(number: number): Promise<Answer<facts.Pull>>
  /** In the order in which they were given. */
  reviews(number: number): Promise<Answer<facts.Review[]>>
  /** The first 250 at most; `Pull.commits` tells whether that is all. */
  pullCommits(number: number): Promise<Answer<facts.Commit[]>>
  /** The first 3,000 at most; `Pull.changedFiles` tells whether that is all. */
  pullFiles(number: number): Promise<Answer<facts.PullFile[]>>
  /** When the base branch was changed last: milliseconds since the epoch, -Infinity for never. */
  baseChangeOf(number: number): Promise<Answer<number>>
  /** `admin`, `write`, `read` or `none`; maintainers have `write`, triagers `read`. */
  permissionOf(person: facts.Person): Promise<Answer<string>>
  /** The commit that a branch is on now. */
  headOf(branch: string): Promise<Answer<string>>
  /** A commit's first parent; null where it has none. */
  parentOf(sha: string): Promise<Answer<string | null>>
  /** As rulesets demand it; older branch protection is not told to a job's token. */
  rulesOf(branch: string): Promise<Answer<facts.BranchRules>>
  /** What a commit holds at a path, symbolic links not followed. */
  fileAt(path: string, sha: string): Promise<Answer<FileFacts>>
  /** The bytes of a file, by the hash that `fileAt` tells. 100 MB at most. */
  bytesOf(blobSha: string): Promise<Answer<Uint8Array>>
  comments(issue: number): Promise<Answer<facts.Comment[]>>
  createComment(issue: number, body: string): Promise<Answer<facts.Comment>>
  updateComment(id: number, body: string): Promise<Answer<facts.Comment>>
  /** The login that this token writes as: `github-actions[bot]` for the job's own token. */
  viewer(): Promise<Answer<string>>
}

const CONTENTS = 'contents: read'
const PULLS = 'pull-requests: read'
const COMMENTS = 'pull-requests: write'

/** Connects to the API of the run's repository. Nothing is loaded or sent before the first question. */
export function connectGitHub(context: RunContext, token: string, manner?: Manner): GitHub {
  const ask = openApi(context.apiUrl, token, manner)
  const { owner, repo } = context.repository
  const home = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`

  const get = async <T>(
    path: string,
    what: string,
    permission: string,
    read: (value: unknown) => T,
  ): Promise<Answer<T>> => map(await ask({ method: 'GET', path: home + path, what, permission }), read)
  const all = async <T>(
    path: string,
    what: string,
    permission: string,
    read: (item: unknown) => T,
  ): Promise<Answer<T[]>> =>
    map(await ask({ method: 'GET', path: home + path, what, permission, list: '' }), (items) =>
      asArray(items).map(read),
    )
  const write = async (question: Pick<Question, 'method' | 'path' | 'what'>, body: string) =>
    map(await ask({ ...question, path: home + question.path, permission: COMMENTS, body: { body } }), facts.toComment)
  const folder = remember(
    (sha: string): Promise<Answer<readonly facts.TreeEntry[] | null>> =>
      get(`/git/trees/${encodeURIComponent(sha)}`, `the files of ${sha.slice(0, 7)}`, CONTENTS, (value) => {
        // A truncated tree could leave out the very name that is looked for.
        const { tree, truncated } = asObject(value)
        return truncated === true || !Array.isArray(tree) ? null : tree.map(facts.toTreeEntry)
      }),
  )

  return {
    repository: () => get('', `repository ${owner}/${repo}`, CONTENTS, facts.toRepository),
    run: (runId) => get(`/actions/runs/${digits(runId)}`, `run ${runId}`, 'actions: read', facts.toRun),
    approvals: (runId) => {
      const what = `the deployment reviews of run ${runId}`
      return get(`/actions/runs/${digits(runId)}/approvals`, what, 'actions: read', facts.toDeploymentReviews)
    },
    environment: (name) =>
      get(`/environments/${encodeURIComponent(name)}`, `environment "${name}"`, 'actions: read', facts.toEnvironment),
    lastCommitOf: async (path, sha) => {
      const query = `path=${encodeURIComponent(path)}&sha=${encodeURIComponent(sha)}&per_page=1`
      return get(`/commits?${query}`, `the last change of "${path}"`, CONTENTS, (value) => {
        const [last] = asArray(value)
        return last === undefined ? null : facts.toCommit(last)
      })
    },
    pullsOf: (sha) =>
      all(
        `/commits/${encodeURIComponent(sha)}/pulls`,
        `the pull requests of commit ${sha.slice(0, 7)}`,
        PULLS,
        facts.toPull,
      ),
    pull: (number) => get(`/pulls/${number}`, `pull request ${number}`, PULLS, facts.toPull),
    reviews: (number) =>
      all(`/pulls/${number}/reviews`, `the reviews of pull request ${number}`, PULLS, facts.toReview),
    pullCommits: (number) =>
      all(`/pulls/${number}/commits`, `the commits of pull request ${number}`, PULLS, facts.toCommit),
    pullFiles: (number) =>
      all(`/pulls/${number}/files`, `the files of pull request ${number}`, PULLS, facts.toPullFile),
    baseChangeOf: async (number) => {
      const what = `the timeline of pull request ${number}`
      return map(await all(`/issues/${number}/timeline`, what, PULLS, (event) => event), facts.toBaseChange)
    },
    permissionOf: ({ id, login }) => {
      const path = `/collaborators/${encodeURIComponent(login)}/permission`
      return get(path, `what ${login} may do in this repository`, CONTENTS, (value) => {
        const { user, permission } = asObject(value)
        // The login could have passed to somebody else.
        return asObject(user).id === id ? asText(permission) : 'none'
      })
    },
    headOf: (branch) =>
      // Not by the branch's name alone, which a tag may have too.
      get(`/git/ref/${encodeURIComponent(`heads/${branch}`)}`, `branch "${branch}"`, CONTENTS, (value) =>
        asText(asObject(asObject(value).object).sha),
      ),
    parentOf: async (sha) => {
      const what = `commit ${sha.slice(0, 7)}`
      const answer = await get(
        `/git/commits/${encodeURIComponent(sha)}`,
        what,
        CONTENTS,
        (value) => asObject(value).parents,
      )
      if (!answer.ok) return answer
      if (!Array.isArray(answer.value)) return unexpected(`GitHub did not say what ${what} came after.`)
      const [first] = answer.value
      return { ok: true, value: first === undefined ? null : asText(asObject(first).sha) }
    },
    rulesOf: async (branch) => {
      const path = `/rules/branches/${encodeURIComponent(branch)}`
      return map(
        await all(path, `the rules of branch "${branch}"`, 'metadata: read', (rule) => rule),
        facts.toBranchRules,
      )
    },
    fileAt: async (path, sha) => {
      let tree = sha
      const parts = path.split('/')
      for (const [index, part] of parts.entries()) {
        const entries = await folder(tree)
        if (!entries.ok) return entries
        if (entries.value === null)
          return unexpected(`GitHub's listing of commit ${sha.slice(0, 7)} is too long to find "${path}" in it.`)
        const entry = entries.value.find(({ name }) => name === part)
        if (entry === undefined) return { ok: true, value: { kind: 'missing' } }
        const last = index === parts.length - 1
        if (last ? !entry.mode.startsWith('100') : entry.mode !== '040000') {
          return { ok: true, value: { kind: 'not-a-file' } }
        }
        if (last) return { ok: true, value: { kind: 'file', sha: entry.sha, size: entry.size } }
        tree = entry.sha
      }
      return { ok: true, value: { kind: 'missing' } }
    },
    bytesOf: (blobSha) =>
      get(`/git/blobs/${encodeURIComponent(blobSha)}`, `file ${blobSha.slice(0, 7)}`, CONTENTS, (value) =>
        Buffer.from(asText(asObject(value).content), 'base64'),
      ),
    comments: (issue) =>
      all(`/issues/${issue}/comments`, `the comments of pull request ${issue}`, PULLS, facts.toComment),
    createComment: (issue, body) =>
      write({ method: 'POST', path: `/issues/${issue}/comments`, what: `a comment on pull request ${issue}` }, body),
    updateComment: (id, body) =>
      write({ method: 'PATCH', path: `/issues/comments/${id}`, what: `comment ${id}` }, body),
    viewer: async () => {
      const about = { what: 'the name of this token', permission: 'metadata: read' }
      const user = map(await ask({ ...about, method: 'GET', path: '/user' }), (value) => asText(asObject(value).login))
      if (user.ok) return user
      // `GET /user` is closed to the tokens of apps, and so to the job's own; GraphQL is not.
      const body = { query: '{viewer{login}}' }
      const answer = await ask({ ...about, method: 'POST', path: context.graphqlUrl, body })
      return map(answer, (value) => asText(asObject(asObject(asObject(value).data).viewer).login))
    },
  }
}

function unexpected(message: string): Answer<never> {
  return { ok: false, reason: 'unexpected', message }
}

/** A run's id comes from an input or the environment: nothing but digits may become part of a path. */
function digits(id: string): string {
  return /^[0-9]{1,20}$/.test(id) ? id : '0'
}

function map<From, T>(answer: Answer<From>, read: (value: From) => T): Answer<T> {
  return answer.ok ? { ok: true, value: read(answer.value) } : answer
}
