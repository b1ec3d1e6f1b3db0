import { asCount, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { remember } from '../world/remember.ts'
import { type RunContext, readVisibility } from './context.ts'
import * as facts from './facts.ts'
import { refuse } from './refusal.ts'
import { type Answer, type Manner, openApi, type ReadBody, type ReadItems } from './request.ts'

/** A file as a commit holds it. */
export type FileFacts =
  | { readonly kind: 'file'; readonly sha: string; readonly size: number }
  | { readonly kind: 'missing' | 'not-a-file' }

export type GitHub = ReturnType<typeof connectGitHub>

const ACTIONS = 'actions: read'
const CONTENTS = 'contents: read'
const PULLS = 'pull-requests: read'
const METADATA = 'metadata: read'
/** The mode of a folder in a commit; files have `100644` and `100755`, links `120000`, submodules `160000`. */
const FOLDER = '040000'

/**
 * Opens the only door to GitHub's REST API, to that of the run's repository; nothing is loaded before a question. Each
 * function answers with facts or with a message that names what was asked and the permission it needs; none rejects.
 */
export function connectGitHub(context: RunContext, token: string, manner?: Manner) {
  const { ask, askAll } = openApi(context.apiUrl, token, manner)
  const { owner, repo, fullName } = context.repository
  const home = at`/repos/${owner}/${repo}`
  const get = <T>(path: string, what: string, permission: string, read: ReadBody<T>) =>
    ask({ method: 'GET', path: home + path, what, permission }, read)
  const all = <T>(path: string, what: string, permission: string, read: ReadItems<T>) =>
    askAll({ method: 'GET', path: home + path, what, permission }, read)
  /** A list that belongs to a pull request, which is an issue too. */
  const ofPull = <T>(place: 'pulls' | 'issues', number: number, list: string, read: ReadItems<T>) =>
    all(`/${place}/${number}/${list}`, `the ${list} of pull request ${number}`, PULLS, read)
  const write = (method: 'POST' | 'PATCH', path: string, what: string, body: string) =>
    ask({ method, path: home + path, what, permission: 'pull-requests: write', body: { body } }, facts.toComment)
  const folder = remember((sha: string) =>
    get(at`/git/trees/${sha}`, `the files of ${sha.slice(0, 7)}`, CONTENTS, ({ tree, truncated }) =>
      // A truncated tree could leave out the very name that is looked for.
      truncated === true || !Array.isArray(tree) ? null : tree.map(asObject),
    ),
  )

  return {
    repository: () =>
      get('', `repository ${fullName}`, CONTENTS, (repository) => ({
        visibility: readVisibility(repository),
        defaultBranch: asText(repository.default_branch),
      })),
    run: (runId: string) => get(at`/actions/runs/${runId}`, `run ${runId}`, ACTIONS, facts.toRun),
    approvals: (runId: string) =>
      get(at`/actions/runs/${runId}/approvals`, `the deployment reviews of run ${runId}`, ACTIONS, (_, reviews) =>
        reviews.map(facts.toDeploymentReview),
      ),
    environment: (name: string) =>
      get(at`/environments/${name}`, `environment "${name}"`, ACTIONS, facts.toEnvironment),
    /** The last commit up to `sha` that changed the file; null where none did. */
    lastCommitOf: (path: string, sha: string) =>
      get(at`/commits?path=${path}&sha=${sha}&per_page=1`, `the last change of "${path}"`, CONTENTS, (_, [last]) =>
        last === undefined ? null : facts.toCommit(last),
      ),
    /** For a commit of the default branch: the pull requests that brought it. */
    pullsOf: (sha: string) =>
      all(at`/commits/${sha}/pulls`, `the pull requests of commit ${sha.slice(0, 7)}`, PULLS, each(facts.toPull)),
    pull: (number: number) => get(`/pulls/${number}`, `pull request ${number}`, PULLS, facts.toPull),
    /** In the order in which they were given. */
    reviews: (number: number) => ofPull('pulls', number, 'reviews', each(facts.toReview)),
    /** The first 250 at most; `Pull.commits` tells whether that is all. */
    pullCommits: (number: number) => ofPull('pulls', number, 'commits', each(facts.toCommit)),
    /** The first 3,000 at most; `Pull.changedFiles` tells whether that is all. Only a renamed one has a previous path. */
    pullFiles: (number: number) =>
      ofPull('pulls', number, 'files', (files) =>
        files.map((file) => ({ path: asText(file.filename), previousPath: asText(file.previous_filename) })),
      ),
    baseChangeOf: (number: number) => ofPull('issues', number, 'timeline', facts.toBaseChange),
    /** `admin`, `write`, `read` or `none`; maintainers have `write`, triagers `read`. */
    permissionOf: ({ id, login }: facts.Person) =>
      get(at`/collaborators/${login}/permission`, `what ${login} may do in this repository`, CONTENTS, (answer) =>
        // The login could have passed to somebody else.
        asObject(answer.user).id === id ? asText(answer.permission) : 'none',
      ),
    /** The commit that a branch is on now. Not by the branch's name alone, which a tag may have too. */
    headOf: (branch: string) =>
      get(at`/git/ref/${`heads/${branch}`}`, `branch "${branch}"`, CONTENTS, ({ object }) =>
        asText(asObject(object).sha),
      ),
    /** A commit's first parent; null where it has none. */
    parentOf: async (sha: string): Promise<Answer<string | null>> => {
      const what = `commit ${sha.slice(0, 7)}`
      const answer = await get(at`/git/commits/${sha}`, what, CONTENTS, ({ parents }) => parents)
      if (!answer.ok) return answer
      if (!Array.isArray(answer.value)) return refuse('unexpected', `GitHub did not say what ${what} came after.`)
      return { ok: true, value: answer.value.length === 0 ? null : asText(asObject(answer.value[0]).sha) }
    },
    /** As rulesets demand it; older branch protection is not told to a job's token. */
    rulesOf: (branch: string) =>
      all(at`/rules/branches/${branch}`, `the rules of branch "${branch}"`, METADATA, facts.toBranchRules),
    /** What a commit holds at a path, symbolic links not followed. */
    fileAt: async (path: string, commit: string): Promise<Answer<FileFacts>> => {
      let entry: Unknowns = { mode: FOLDER, sha: commit }
      for (const part of path.split('/')) {
        if (entry.mode !== FOLDER) return { ok: true, value: { kind: 'not-a-file' } }
        const entries = await folder(asText(entry.sha))
        if (!entries.ok) return entries
        const cut = `GitHub's listing of commit ${commit.slice(0, 7)} is too long to find "${path}" in it.`
        if (entries.value === null) return refuse('unexpected', cut)
        const found = entries.value.find((one) => one.path === part)
        if (found === undefined) return { ok: true, value: { kind: 'missing' } }
        entry = found
      }
      const { mode, sha, size } = entry
      if (!asText(mode).startsWith('100')) return { ok: true, value: { kind: 'not-a-file' } }
      return { ok: true, value: { kind: 'file', sha: asText(sha), size: asCount(size) } }
    },
    /** The bytes of a file, by the hash that `fileAt` tells. 100 MB at most. */
    bytesOf: (blobSha: string) =>
      get(at`/git/blobs/${blobSha}`, `file ${blobSha.slice(0, 7)}`, CONTENTS, ({ content }) =>
        Buffer.from(asText(content), 'base64'),
      ),
    comments: (number: number) => ofPull('issues', number, 'comments', each(facts.toComment)),
    createComment: (issue: number, body: string) =>
      write('POST', `/issues/${issue}/comments`, `a comment on pull request ${issue}`, body),
    updateComment: (id: number, body: string) => write('PATCH', `/issues/comments/${id}`, `comment ${id}`, body),
    /** The login that this token writes as: `github-actions[bot]` for the job's own token. */
    viewer: async () => {
      const about = { what: 'the name of this token', permission: METADATA }
      const user = await ask({ ...about, method: 'GET', path: '/user' }, ({ login }) => asText(login))
      if (user.ok) return user
      // `GET /user` is closed to the tokens of apps, and so to the job's own; GraphQL is not.
      const body = { query: '{viewer{login}}' }
      return ask({ ...about, method: 'POST', path: context.graphqlUrl, body }, ({ data }) =>
        asText(asObject(asObject(data).viewer).login),
      )
    },
  }
}

/** A path whose parts may come from outside: each is percent-encoded. */
function at(fixed: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: fixed }, ...parts.map(encodeURIComponent))
}

function each<T>(read: (item: Unknowns) => T): ReadItems<T[]> {
  return (items) => items.map(read)
}
