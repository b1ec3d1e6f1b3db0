import { blobSha } from '../../../src/approval/reviewed-file.ts'
import type { FileFacts, GitHub } from '../../../src/github/api.ts'
import { type RunContext, readContext } from '../../../src/github/context.ts'
import type { Commit, Person, Pull, Review } from '../../../src/github/facts.ts'
import type { Answer } from '../../../src/github/request.ts'

export const SHA = '1'.repeat(40)
export const HEAD = '2'.repeat(40)
export const MERGE = '3'.repeat(40)
export const LIST = Buffer.from('User id\r\n557058:1\r\n')
export const WORKFLOW = '.github/workflows/leavers.yml'

export function person(login: string, type = 'User'): Person {
  return { id: [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7), login, type }
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
    ...overrides,
  }
}

export function review(state: string, login: string | null, at = HEAD, type = 'User'): Review {
  return { state, user: login === null ? null : person(login, type), commit: at }
}

/** What GitHub knows: by default, one merged pull request of ann's that ben approved, and that brought all files. */
export interface World {
  context: Partial<RunContext>
  defaultBranch: string
  pulls: Record<number, Pull>
  pullsOf: (sha: string) => Pull[]
  reviews: Review[]
  commits: Commit[]
  permissions: Record<string, string>
  /** By commit and path. */
  files: (sha: string, path: string) => FileFacts
  lastCommitOf: (path: string) => Commit | null
  /** Functions of the API that answer 403. */
  hidden: (keyof GitHub)[]
  asked: string[]
}

export function world(overrides: Partial<World> = {}): World {
  const sha = blobSha(LIST)
  return {
    context: {},
    defaultBranch: 'main',
    pulls: { 12: pull() },
    pullsOf: () => [pull()],
    reviews: [review('APPROVED', 'ben')],
    commits: [commit()],
    permissions: { ben: 'write' },
    files: () => ({ kind: 'file', sha, size: LIST.length }),
    lastCommitOf: () => commit({ sha: MERGE }),
    hidden: [],
    asked: [],
    ...overrides,
  }
}

export function contextOf({ context }: World): RunContext {
  return {
    ...readContext(
      {
        GITHUB_REPOSITORY: 'acme/people',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_SHA: SHA,
        GITHUB_REF: 'refs/heads/main',
        GITHUB_WORKFLOW_REF: `acme/people/${WORKFLOW}@refs/heads/main`,
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
  const known = {
    repository: answer('repository', () => ({ visibility: 'private', defaultBranch: world.defaultBranch })),
    lastCommitOf: answer('lastCommitOf', (path: string, _: string) => world.lastCommitOf(path)),
    pullsOf: answer('pullsOf', world.pullsOf),
    pull: answer('pull', (number: number) => world.pulls[number] ?? pull({ number })),
    reviews: answer('reviews', (_: number) => world.reviews),
    pullCommits: answer('pullCommits', (_: number) => world.commits),
    permissionOf: answer('permissionOf', (login: string) => world.permissions[login] ?? 'none'),
    fileAt: answer('fileAt', (path: string, sha: string) => world.files(sha, path)),
  }
  return known as unknown as GitHub
}
