import { describe, expect, test } from 'vitest'
import { readContext } from '../../../src/github/context.ts'

const ENV = {
  GITHUB_REPOSITORY: 'acme/people',
  GITHUB_RUN_ID: '7001',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_EVENT_NAME: 'workflow_dispatch',
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/heads/main',
  GITHUB_WORKFLOW_REF: 'acme/people/.github/workflows/leavers@home.yml@refs/heads/main',
  GITHUB_ACTOR: 'ann',
  GITHUB_TRIGGERING_ACTOR: 'ben',
  GITHUB_ACTOR_ID: '7',
  GITHUB_ACTION_REPOSITORY: 'maker/deactivate-atlassian-users',
  GITHUB_ACTION_PATH: '/work/.github/actions/apply',
  GITHUB_SERVER_URL: 'https://github.com',
  RUNNER_TEMP: '/temp',
}

function contextOf(event: unknown, env: NodeJS.ProcessEnv = {}) {
  return readContext({ ...ENV, ...env }, () => JSON.stringify(event))
}

test('what the runner says is read into one object', () => {
  expect(contextOf({ repository: { default_branch: 'main', private: true } })).toMatchObject({
    repository: { owner: 'acme', repo: 'people', fullName: 'acme/people' },
    runId: '7001',
    runAttempt: 2,
    defaultBranch: 'main',
    workflowRepository: 'acme/people',
    workflowPath: '.github/workflows/leavers@home.yml',
    workflowBranch: 'refs/heads/main',
    actor: 'ann',
    triggeringActor: 'ben',
    actorId: 7,
    actionRepository: 'maker/deactivate-atlassian-users',
    compositePath: '/work/.github/actions/apply',
    tempDir: '/temp',
    apiUrl: 'https://api.github.com',
    hasApi: false,
    runUrl: 'https://github.com/acme/people/actions/runs/7001',
    pullRequest: null,
    repositoryVisibility: 'private',
  })
})

test('an empty environment is read without an error', () => {
  const context = readContext({}, () => {
    throw new Error('no file')
  })
  expect(context).toMatchObject({
    runId: '',
    runUrl: '',
    runAttempt: 1,
    pullRequest: null,
    repositoryVisibility: 'unknown',
  })
})

test.each([
  ['a file that is missing', () => null],
  ['text that is no JSON', () => '{'],
  ['JSON that is no object', () => '[1]'],
])('an event of %s is empty', (_, read) => {
  const readFile = () => {
    const text = read()
    if (text === null) throw new Error('ENOENT')
    return text
  }
  const known = { defaultBranch: '', pullRequest: null, repositoryVisibility: 'unknown', dispatchInputs: true }
  expect(readContext(ENV, readFile)).toMatchObject(known)
})

test.each([
  [{ visibility: 'internal', private: true }, 'internal'],
  [{ visibility: 'public', private: false }, 'public'],
  [{ private: true }, 'private'],
  [{ private: false }, 'public'],
  [{ private: 'true' }, 'unknown'],
  [undefined, 'unknown'],
])('the repository %j is %s', (repository, visibility) => {
  expect(contextOf({ repository }).repositoryVisibility).toBe(visibility)
})

test.each([
  ['https://github.com', false],
  ['https://GitHub.com/', false],
  ['https://acme.ghe.com', false],
  ['http://runner.localhost:8080', false],
  ['http://localhost:8080', true],
  ['https://github.acme.example', true],
  ['https://github.com.acme.example', true],
  ['no address', true],
])('%s is an enterprise server: %s', (GITHUB_SERVER_URL, expected) => {
  expect(contextOf({}, { GITHUB_SERVER_URL }).isEnterpriseServer).toBe(expected)
})

describe('a pull request', () => {
  const pull = {
    number: 12,
    head: { sha: 'head', repo: { full_name: 'Acme/People' } },
    base: { sha: 'base', ref: 'main' },
  }

  test('of a branch of this repository names it, whatever the case', () => {
    expect(contextOf({ pull_request: pull }).pullRequest).toEqual({
      number: 12,
      baseSha: 'base',
      headRepo: 'Acme/People',
    })
  })

  test.each([
    ['another repository', { full_name: 'eve/people' }, 'eve/people'],
    ['a fork that was deleted', null, ''],
  ])('of %s is not of this one', (_, repo, headRepo) => {
    const { pullRequest } = contextOf({ pull_request: { ...pull, head: { sha: 'head', repo } } })
    expect(pullRequest?.headRepo).toBe(headRepo)
  })
})

test.each([
  [{ inputs: { list: '' } }, true],
  [{ inputs: {} }, false],
  [{ inputs: null }, false],
  [{ inputs: 'list' }, true],
  [{}, true],
])('a start by hand with the event %j has inputs: %s', (event, expected) => {
  expect(contextOf(event).dispatchInputs).toBe(expected)
  expect(contextOf(event, { GITHUB_EVENT_NAME: 'push' }).dispatchInputs).toBe(false)
})
