import type { FileFacts, GitHub } from '../../../src/github/api.ts'
import { type RunContext, readContext } from '../../../src/github/context.ts'
import { type Commit, type Person, type Pull, type Review, type RunFacts, toRun } from '../../../src/github/facts.ts'
import type { Answer } from '../../../src/github/request.ts'
import { blobSha } from '../../../src/subject/subject.ts'

type Told<Question extends keyof GitHub> = Extract<Awaited<ReturnType<GitHub[Question]>>, { ok: true }>['value']
type PullFile = Told<'pullFiles'>[number]

/** Commit of the run. */
export const SHA = '1'.repeat(40)
/** Final head of the pull request. */
export const HEAD = '2'.repeat(40)
/** Last change of each file. */
export const MERGE = '3'.repeat(40)
/** Where the default branch is now. */
export const NOW = '4'.repeat(40)
/** First parent of the run's commit. */
export const BEFORE = '5'.repeat(40)
/** Some other commit. */
export const OTHER = '9'.repeat(40)
export const LIST = Buffer.from('User id\r\n557058:1\r\n')
export const WORKFLOW = '.github/workflows/leavers.yml'
export const CALLED = '.github/workflows/apply.yml'
/** The file that all of them are in this world, and another one. */
export const FILE: FileFacts = { kind: 'file', sha: blobSha(LIST), size: LIST.length }
export const OLDER: FileFacts = { kind: 'file', sha: OTHER, size: 1 }

/** The same login is the same person. */
export function person(login: string, type = 'User', id = idOf(login)): Person {
  return { id, login, type }
}

function idOf(login: string): number {
  return [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)
}

export function commit(overrides: Partial<Commit> = {}): Commit {
  return { sha: HEAD, author: person('ann'), committer: person('web-flow'), message: 'Leavers', ...overrides }
}

export function pull(overrides: Partial<Pull> = {}): Pull {
  return {
    number: 12,
    merged: true,
    baseRef: 'main',
    baseRepository: 'acme/people',
    headSha: HEAD,
    author: person('ann'),
    commits: 1,
    changedFiles: PATHS.length,
    ...overrides,
  }
}

/** When all reviews were given. Milliseconds. */
export const REVIEWED_AT = 1_700_000_000_000

export function review(state: string, user: string | Person | null, at = HEAD, type = 'User'): Review {
  const by = typeof user === 'string' ? person(user, type) : user
  return { state, user: by, commit: at, submittedAt: REVIEWED_AT }
}

const PATHS = ['users.csv', 'keep.txt', 'only.txt', WORKFLOW, CALLED]

export function pullFiles(...paths: readonly string[]): PullFile[] {
  return paths.map((path) => ({ path, previousPath: '' }))
}

/** What GitHub knows: by default, one merged pull request of ann's that ben approved, and that brought all files. */
export interface World {
  context: Partial<RunContext>
  defaultBranch: string
  run: Partial<RunFacts>
  calls: RunFacts['calledWorkflows']
  pulls: Record<number, Pull>
  pullsOf: (sha: string) => Pull[]
  /** By number; else those of `reviews`. */
  reviewsOf: Record<number, Review[]>
  reviews: Review[]
  baseChangedAt: number
  commits: Commit[]
  filesOf: Record<number, PullFile[]>
  permissions: Record<string, string>
  rules: Told<'rulesOf'>
  parent: string | null
  /** By commit and path. */
  files: (sha: string, path: string) => FileFacts
  lastCommitOf: (path: string) => Commit | null
  /** Functions of the API that answer 403. */
  hidden: (keyof GitHub)[]
  asked: string[]
}

export function world(overrides: Partial<World> = {}): World {
  return {
    context: {},
    defaultBranch: 'main',
    run: {},
    calls: [],
    pulls: { 12: pull() },
    pullsOf: () => [pull()],
    reviewsOf: {},
    reviews: [review('APPROVED', 'ben')],
    baseChangedAt: Number.NEGATIVE_INFINITY,
    commits: [commit()],
    filesOf: {},
    permissions: { ben: 'write' },
    rules: { review: true, lastPushApproval: false },
    parent: BEFORE,
    files: () => FILE,
    lastCommitOf: () => commit({ sha: MERGE }),
    hidden: [],
    asked: [],
    ...overrides,
  }
}

/** The default everywhere but at one path, and there at one commit or at all. */
export function fileAt(path: string, facts: FileFacts, ...at: readonly string[]): World['files'] {
  return (sha, asked) => (asked === path && (at.length === 0 || at.includes(sha)) ? facts : FILE)
}

export function contextOf({ context }: Pick<World, 'context'>): RunContext {
  return {
    ...readContext(
      {
        GITHUB_REPOSITORY: 'acme/people',
        GITHUB_RUN_ID: '7',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_SHA: SHA,
        GITHUB_REF: 'refs/heads/main',
        GITHUB_WORKFLOW_REF: `acme/people/${WORKFLOW}@refs/heads/main`,
        GITHUB_ACTION_REPOSITORY: 'maker/deactivate-atlassian-users',
      },
      () => '{}',
    ),
    ...context,
  }
}

export function githubOf(world: World): GitHub {
  const answer =
    <A extends unknown[], T>(name: keyof GitHub, read: (...args: A) => T) =>
    async (...args: A): Promise<Answer<T>> => {
      world.asked.push(`${name} ${args.join(' ')}`)
      if (world.hidden.includes(name)) return { ok: false, reason: 'not-allowed', message: `No ${name} (403).` }
      return { ok: true, value: read(...args) }
    }
  const run: RunFacts = { ...toRun({ id: 7, run_attempt: 1 }), calledWorkflows: world.calls, ...world.run }
  const known = {
    repository: answer('repository', () => ({ visibility: 'private', defaultBranch: world.defaultBranch })),
    run: answer('run', (_: string) => run),
    lastCommitOf: answer('lastCommitOf', (path: string, _: string) => world.lastCommitOf(path)),
    pullsOf: answer('pullsOf', world.pullsOf),
    pull: answer('pull', (number: number) => world.pulls[number] ?? pull({ number })),
    reviews: answer('reviews', (number: number) => world.reviewsOf[number] ?? world.reviews),
    pullCommits: answer('pullCommits', (_: number) => world.commits),
    pullFiles: answer('pullFiles', (number: number) => world.filesOf[number] ?? pullFiles(...PATHS)),
    baseChangeOf: answer('baseChangeOf', (_: number) => world.baseChangedAt),
    permissionOf: answer('permissionOf', ({ login }: Person) => world.permissions[login] ?? 'none'),
    headOf: answer('headOf', (_: string) => NOW),
    parentOf: answer('parentOf', (_: string) => world.parent),
    rulesOf: answer('rulesOf', (_: string) => world.rules),
    fileAt: answer('fileAt', (path: string, sha: string) => world.files(sha, path)),
  }
  return known as unknown as GitHub
}
