import { expect, test } from 'vitest'
import { type RunContext, readContext } from '../../../src/github/context.ts'
import type { RunFacts } from '../../../src/github/facts.ts'
import { currentRun, resultsRunAllowed } from '../../../src/github/results-run.ts'

function contextOf(eventName: string, event: unknown): RunContext {
  const env = {
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_RUN_ID: '7',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: 'x',
  }
  return readContext(env, () => JSON.stringify(event))
}

const CONTEXT = contextOf('workflow_dispatch', {})

function run(overrides: Partial<RunFacts>): RunFacts {
  return { ...currentRun(CONTEXT), id: '6', ...overrides }
}

test.each(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch', 'release'])(
  'results of a run that %s triggered are accepted',
  (event) => {
    expect(resultsRunAllowed(run({ event, repository: 'Acme/People' }), CONTEXT)).toEqual({ allowed: true })
  },
)

test.each<[string, Partial<RunFacts>, string]>([
  ['a pull request', { event: 'pull_request' }, 'pull-request'],
  ['a pull request, privileged', { event: 'pull_request_target' }, 'pull-request'],
  ['a review', { event: 'pull_request_review' }, 'pull-request'],
  ['a comment', { event: 'issue_comment' }, 'pull-request'],
  ['a merge queue', { event: 'merge_group' }, 'pull-request'],
  ['another run', { event: 'workflow_run' }, 'unknown-trigger'],
  ['nobody knows what', { event: '' }, 'unknown-trigger'],
  ['another repository', { repository: 'acme/other' }, 'other-repository'],
  ['a repository that is not told', { repository: '' }, 'other-repository'],
  ['a fork', { headRepository: 'eve/people' }, 'fork'],
  ['a deleted fork', { headRepository: '' }, 'fork'],
])('results of %s are not', (_, overrides, reason) => {
  const message = expect.stringContaining('Results of run 6 are not accepted')
  expect(resultsRunAllowed(run(overrides), CONTEXT)).toMatchObject({ allowed: false, reason, message })
})

test.each([
  ['workflow_dispatch', {}, true],
  ['pull_request', { pull_request: { number: 1, head: { repo: { full_name: 'acme/people' } } } }, false],
  ['workflow_run', { workflow_run: { event: 'push', head_repository: { full_name: 'acme/people' } } }, true],
  ['workflow_run', { workflow_run: { event: 'pull_request', head_repository: { full_name: 'acme/people' } } }, false],
  ['workflow_run', { workflow_run: { event: 'push', head_repository: { full_name: 'eve/people' } } }, false],
  ['workflow_run', {}, false],
])('this run, by %s %j: %s', (eventName, event, allowed) => {
  const context = contextOf(eventName, event)
  expect(resultsRunAllowed(currentRun(context), context).allowed).toBe(allowed)
})
