import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { mergePull } from '../stand-in/github-handlers.ts'
import { person } from '../stand-in/organization.ts'
import { ADMIN, openRepository, type Repository, type WorkflowRun, withInputs } from './act.ts'

const DAY = 24 * 60 * 60 * 1000
const WORKFLOW = '.github/workflows/idle-accounts.yml'
const FIND = '23 5 * * 1-5'
const APPLY = '41 7 * * 1-5'
const LIST = 'idle-users.csv'
const EXCLUSIONS = 'exclusions.txt'
const BRANCH = 'idle-accounts'

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString()
const someone = (name: string, idle: number | null, joined = 400) =>
  person({
    id: `id-${name}`,
    email: `${name}@example.com`,
    lastActive: idle === null ? null : daysAgo(idle),
    addedToOrg: daysAgo(joined),
  })
const IDLE = ['anna', 'bert', 'carl', 'dora'].map((name) => someone(name, 200))
const OTHERS = [someone('eve', 1), someone('newcomer', null, 10)]

/** A repository on a server of its own, to which the workflow pushes, and in which every run is of a later day. */
interface Days extends AsyncDisposable {
  readonly repository: Repository
  /** What the server's branch holds of a file; null where there is no such branch or file. */
  file(branch: string, path: string): string | null
  commitOf(branch: string): string
  find(day: number): Promise<WorkflowRun>
  apply(day: number): Promise<WorkflowRun>
  /** The checks of the open pull request. @returns the comment on it */
  check(day: number): Promise<string>
  /** Somebody commits a file to a branch. */
  commit(branch: string, path: string, content: string): void
  /** Merges the branch, as two people have approved it. */
  merge(): void
  /** Somebody uses a product on that day. */
  uses(name: string, day: number): void
}

async function openDays(): Promise<Days> {
  const repository = await openRepository({
    people: [ADMIN, ...IDLE, ...OTHERS],
    workflow: 'examples/idle-accounts.yml',
    files: { [EXCLUSIONS]: '# Who stays although idle.\nboss@example.com\n' },
    adapt: (workflow) => withInputs(workflow, { 'max-percent': '100' }),
  })
  const { folder, standIn, organization } = repository
  const server = join(folder, '..', 'server.git')
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' })
  git('clone', '--quiet', '--bare', folder, server)
  const ids = { 'user.name': 'Ben', 'user.email': 'ben@example.com' }
  const as = Object.entries(ids).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const file = (branch: string, path: string): string | null => {
    try {
      return git('-C', server, 'show', `${branch}:${path}`)
    } catch {
      return null
    }
  }
  const commitOf = (branch: string): string => git('-C', server, 'rev-parse', branch).trim()
  const inFolder = (...args: readonly string[]): string => git('-C', folder, ...as, ...args)
  let runs = 4000
  const run = (day: number, event: string, payload: object): Promise<WorkflowRun> =>
    repository.run(event, {
      runId: String(runs++),
      payload,
      secrets: { ATLASSIAN_READ_KEY: organization.key },
      env: {
        GITHUB_WORKFLOW_SHA: commitOf('main'),
        NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'shift-time.mjs')).href}`,
        SHIFT_DAYS: String(day),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.${server}.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://github.com/acme/users',
      },
    })
  return {
    repository,
    file,
    commitOf,
    find: (day) => run(day, 'schedule', { schedule: FIND }),
    apply: (day) => run(day, 'schedule', { schedule: APPLY }),
    check: async (day) => {
      inFolder('fetch', '--quiet', server, BRANCH)
      inFolder('checkout', '--quiet', '--detach', 'FETCH_HEAD')
      const pull = { number: 101, head: { sha: commitOf(BRANCH), ref: BRANCH }, base: { ref: 'main' } }
      const checked = await run(day, 'pull_request', { number: 101, pull_request: pull, action: 'opened' })
      inFolder('checkout', '--quiet', 'main')
      expect([checked.job('Plan'), checked.job('Find who is idle')]).toEqual(['succeeded', null])
      return standIn.github.comments.at(-1)?.body ?? ''
    },
    commit: (branch, path, content) => {
      inFolder('fetch', '--quiet', server, branch)
      inFolder('checkout', '--quiet', '--detach', 'FETCH_HEAD')
      writeFileSync(join(folder, path), content)
      inFolder('add', path)
      inFolder('commit', '--quiet', '--message', 'Keep somebody')
      inFolder('push', '--quiet', server, `HEAD:refs/heads/${branch}`)
      inFolder('checkout', '--quiet', 'main')
    },
    merge: () => {
      const head = commitOf(BRANCH)
      inFolder('fetch', '--quiet', server, BRANCH)
      inFolder('merge', '--quiet', '--no-ff', '--message', 'Merge', 'FETCH_HEAD')
      inFolder('push', '--quiet', server, 'HEAD:refs/heads/main')
      const approval = (id: number, login: string) => {
        standIn.github.permissions[login] = 'write'
        return { state: 'APPROVED', user: { id, login, type: 'User' }, commit_id: head }
      }
      const files = Object.fromEntries(
        [LIST, EXCLUSIONS, WORKFLOW].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
      )
      const author = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' }
      const reviews = [approval(7, 'ben'), approval(8, 'cat')]
      mergePull(standIn.github, { number: 101, commit: commitOf('main'), head, author, reviews, files })
    },
    uses: (name, day) => {
      const found = organization.people.get(`id-${name}`)
      if (found !== undefined) organization.people.set(found.id, { ...found, lastActive: daysAgo(-day) })
    },
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  }
}

/** Name and date of each row of the list. */
function rowsOf(list: string | null): string[] {
  const [, ...rows] = (list ?? '').trim().split('\r\n')
  return rows.map((row) => `${/id-(\w+)/.exec(row)?.[1]} ${row.split(',').at(-1)}`)
}

const day = (number: number): string => daysAgo(-number).slice(0, 10)

test('idle accounts are found, given notice, reviewed, looked at again, and only then deactivated', async () => {
  await using days = await openDays()
  const { organization, standIn } = days.repository
  const { opened } = standIn.github
  const list = (branch: string): string[] => rowsOf(days.file(branch, LIST))

  const found = await days.find(0)
  expect([found.job('Find who is idle'), found.job('Deactivate who is still idle')]).toEqual(['succeeded', null])
  expect(list(BRANCH)).toEqual(['anna', 'bert', 'carl', 'dora'].map((name) => `${name} ${day(14)}`))
  expect(opened).toMatchObject([{ number: 101, state: 'open', head: BRANCH, title: 'Deactivate idle accounts' }])
  expect(days.file('main', LIST)).toBeNull()

  const calls = organization.calls.length
  const comment = await days.check(0)
  expect(comment).toContain('not-due')
  expect(organization.calls).toHaveLength(calls)

  // A day on which nothing is new leaves the commit that somebody may have approved.
  const before = days.commitOf(BRANCH)
  await days.find(1)
  expect(days.commitOf(BRANCH)).toBe(before)

  days.commit(BRANCH, EXCLUSIONS, `${days.file(BRANCH, EXCLUSIONS)}dora@example.com\n`)
  await days.find(2)
  expect(list(BRANCH)).toEqual(['anna', 'bert', 'carl'].map((name) => `${name} ${day(14)}`))
  expect(days.file(BRANCH, EXCLUSIONS)).toContain('dora@example.com')

  days.uses('carl', 3)
  await days.find(3)
  expect(list(BRANCH)).toEqual(['anna', 'bert'].map((name) => `${name} ${day(14)}`))
  expect(opened).toHaveLength(1)

  // Until it is merged nobody's day comes.
  const early = await days.apply(20)
  expect(early.job('Deactivate who is still idle')).toBe('succeeded')
  expect(organization.changes).toEqual([])

  days.merge()
  await days.find(4)
  expect(opened.map(({ number, state }) => `${number} ${state}`)).toEqual(['101 closed'])
  expect(days.file(BRANCH, LIST)).toBeNull()

  const notDue = await days.apply(13)
  expect(notDue.job('Deactivate who is still idle')).toBe('succeeded')
  expect(organization.changes).toEqual([])

  days.uses('bert', 14)
  const due = await days.apply(15)
  expect(due.job('Deactivate who is still idle')).toBe('succeeded')
  expect(organization.changes.map(({ accountId }) => accountId)).toEqual(['id-anna'])
  expect(due.log).toMatch(/set-output:: outcome=completed/)
  expect(due.log).toMatch(/set-output:: verified=1\n/)

  // Both drop out of the list, by a pull request of its own.
  await days.find(16)
  expect(list(BRANCH)).toEqual([])
  expect(opened.map(({ number, state }) => `${number} ${state}`)).toEqual(['101 closed', '102 open'])
  await days.apply(17)
  expect(organization.changes).toHaveLength(1)
  expect(standIn.github.opened.filter(({ head }) => head === '')).toEqual([])
})
