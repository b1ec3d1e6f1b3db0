import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as timer } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { toDirectoryCsv } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'
import { DIRECTORY, openScene, TARGETS } from './scene.ts'

/** The runner lets a cancelled step go on for so long before it kills it. Real milliseconds. */
const RUNNER_WAITS = 7500

interface SlowFront extends Disposable {
  readonly url: string
  /** Passes calls on to this GitHub, and never answers some. @returns when the first of these has come */
  before(standIn: StandIn, silent: RegExp): Promise<void>
  /** Breaks what was never answered. */
  giveUp(): void
}

/** Stands before GitHub: at one address for all tests, because the artifact client reads it once. */
async function openSlowFront(): Promise<SlowFront> {
  let github = ''
  let never = /^$/
  let hung = (): void => undefined
  const server = createServer((incoming, outgoing) => {
    const { method, url = '' } = incoming
    if (never.test(url)) return hung()
    const headers = { ...incoming.headers, host: new URL(github).host }
    const onwards = request(`${github}${url}`, { method: method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onwards.on('error', () => outgoing.destroy())
    incoming.pipe(onwards)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const giveUp = (): void => {
    never = /^$/
    server.closeAllConnections()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    before: (standIn, silent) => {
      github = standIn.url
      never = silent
      return new Promise((resolve) => {
        hung = resolve
      })
    },
    giveUp,
    [Symbol.dispose]: () => {
      giveUp()
      server.close()
    },
  }
}

let front: SlowFront

beforeAll(async () => {
  front = await openSlowFront()
  return () => front[Symbol.dispose]()
})

/** Runs main and cancels it when it waits; real milliseconds from the cancel to the end. */
async function runCancelled(
  standIn: StandIn,
  hangs: Promise<void>,
  staging: Staging,
): Promise<Ran & { heard: number }> {
  let cancelledAt = 0
  const ended = new AbortController()
  const ran = await runMain(standIn, {
    factor: 1,
    ...staging,
    env: { ...artifactEnvironment(front.url, '1000'), GITHUB_API_URL: front.url, ...staging.env },
    onCancel: (cancel) => {
      void hangs.then(async () => {
        await timer(50)
        cancelledAt = performance.now()
        cancel()
        // A run that has not heard it by now would hold up the tests that follow.
        await timer(RUNNER_WAITS + 500, undefined, { signal: ended.signal }).then(front.giveUp, () => undefined)
      })
    },
  })
  ended.abort()
  return { ...ran, heard: cancelledAt === 0 ? Number.POSITIVE_INFINITY : performance.now() - cancelledAt }
}

describe('a cancel while GitHub does not answer is heard long before the runner kills the step:', () => {
  const GITHUB: readonly (readonly [string, RegExp, Staging['inputs']])[] = [
    [
      'the list of another run',
      /\/actions\/runs\/77\/artifacts|ListArtifacts/,
      { 'users-file': '', 'users-artifact': 'list', 'users-run-id': '77' },
    ],
    [
      'the run that the list is from',
      /\/actions\/runs\/77$/,
      { 'users-file': '', 'users-artifact': 'list', 'users-run-id': '77' },
    ],
    ['the bytes of the list', /\/zip$/, { 'users-file': '', 'users-artifact': 'list', 'users-run-id': '77' }],
    [
      'earlier results',
      /ListArtifacts|\/actions\/runs\/1000\/artifacts/,
      { mode: 'restore', 'users-file': '', 'results-artifact': 'earlier' },
    ],
    ['the approvals of an environment', /\/approvals$/, { 'require-approval': 'environment:production' }],
    ['the pull request that approves', /\/repos\/acme\/users/, { 'require-approval': 'pull-request' }],
    ['whether the repository is private', /\/repos\/acme\/users$/, { privacy: 'auto' }],
  ]
  test.each(GITHUB)('%s', async (_, silent, inputs = {}) => {
    await using standIn = await openScene()
    standIn.github.runs['77'] = {
      id: 77,
      event: 'workflow_dispatch',
      repository: { full_name: 'acme/users' },
      head_repository: { full_name: 'acme/users' },
    }
    const people = [...standIn.organization.people.values()]
    standIn.artifacts.addFiles('77', 'list', { 'users.csv': toDirectoryCsv(people) })
    const hangs = front.before(standIn, silent)
    const env = { GITHUB_REF: 'refs/heads/main', GITHUB_SHA: 'a'.repeat(40), GITHUB_EVENT_NAME: 'schedule' }
    const ran = await runCancelled(standIn, hangs, { inputs: { ...DIRECTORY, ...inputs }, env })
    expect(ran.heard).toBeLessThan(RUNNER_WAITS)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', deactivated: '0', restored: '0' })
    expect(ran.exitCode).toBe(1)
    expect(standIn.organization.changes).toEqual([])
  })
})

describe('a cancel while Atlassian does not answer is heard as soon:', () => {
  test.each(['permissions', 'search', 'count', 'stats', 'api-keys', 'profile'] as const)('%s', async (route) => {
    await using standIn = await openScene()
    const hung = standIn.faults.order({ route, fault: FAULTS.hang })
    const inputs = route === 'profile' ? {} : DIRECTORY
    let cancelledAt = 0
    const ran = await runMain(standIn, {
      factor: 1,
      inputs,
      onCancel: (cancel) => {
        const watch = setInterval(() => {
          if (hung.hits === 0) return
          clearInterval(watch)
          cancelledAt = performance.now()
          cancel()
        }, 5)
        watch.unref()
      },
    })
    expect(hung.hits).toBeGreaterThan(0)
    expect(performance.now() - cancelledAt).toBeLessThan(RUNNER_WAITS)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', 'not-attempted': '4' })
    expect(standIn.organization.changes).toEqual([])
  })
})

test('after a cancel the page is published too', async () => {
  await using standIn = await openScene()
  const { organization } = standIn
  let cancel = (): void => undefined
  organization.onCall = () => {
    if (organization.changes.length === 2) cancel()
  }
  const ran = await runMain(standIn, {
    inputs: { ...DIRECTORY, concurrency: '1' },
    env: artifactEnvironment(standIn.url, '1000'),
    onCancel: (handler) => {
      cancel = handler
    },
  })
  expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
  expect(ran.rows.map(({ account_id: id }) => id)).toEqual(TARGETS)
  const name = ran.outputs['artifact-name'] ?? ''
  expect(Object.keys(standIn.artifacts.filesOf(name))).toContain('report.html')
  expect(String(standIn.artifacts.named(`${name}.html`)?.bytes)).toMatch(/<!doctype html>/i)
})
