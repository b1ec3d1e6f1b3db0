import { describe, expect, test } from 'vitest'
import { CHANGING_EVENTS } from '../../../src/account/events.ts'
import type { GitHub } from '../../../src/github/api.ts'
import { type RunContext, readContext } from '../../../src/github/context.ts'
import type { RunFacts } from '../../../src/github/facts.ts'
import { judgeSourceRun, type SourceUse, whyNotFrom } from '../../../src/github/source-run.ts'
import { guardEvent } from '../../../src/plan/guards.ts'

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
const OWN = { number: 1, head: { repo: { full_name: 'Acme/People' } } }
const FORK = { number: 1, head: { repo: { full_name: 'eve/people' } } }
const USES: readonly SourceUse[] = [
  { input: 'results-run-id', mode: 'restore' },
  { input: 'results-run-id', mode: 'verify' },
  { input: 'users-run-id', mode: 'apply' },
]
const PLANS: readonly SourceUse[] = [
  { input: 'results-run-id', mode: 'plan' },
  { input: 'users-run-id', mode: 'plan' },
]

/** What a refusal says of such a run. */
const EVENT = 'people without write permission'
const OTHER = 'it belongs to'
const ELSEWHERE = 'its commit came from'

function run(overrides: Partial<RunFacts>): Parameters<typeof judgeSourceRun>[0] {
  return { id: '6', event: 'workflow_dispatch', repository: 'acme/people', headRepository: 'acme/people', ...overrides }
}

describe.each([...USES, ...PLANS])('a run whose artifact is used as %j', (use) => {
  test.each(CHANGING_EVENTS)('is believed on %s', (event) => {
    expect(judgeSourceRun(run({ event, repository: 'Acme/People' }), CONTEXT, use)).toBeNull()
  })

  test.each<[string, Partial<RunFacts>, string]>([
    ['on a pull request, privileged', { event: 'pull_request_target' }, EVENT],
    ['on a review', { event: 'pull_request_review' }, EVENT],
    ['on a comment', { event: 'issue_comment' }, EVENT],
    ['on a merge queue', { event: 'merge_group' }, EVENT],
    ['on another run', { event: 'workflow_run' }, EVENT],
    ['on a release', { event: 'release' }, EVENT],
    ['on an event that differs by case', { event: 'Push' }, EVENT],
    ['on nobody knows what', { event: '' }, EVENT],
    ['of another repository', { repository: 'acme/other' }, OTHER],
    ['of a repository that is not told', { repository: '' }, OTHER],
    ['of a fork', { event: 'push', headRepository: 'eve/people' }, ELSEWHERE],
    [
      'of a fork, by a pull request',
      { event: 'pull_request', headRepository: 'eve/people' },
      use.mode === 'plan' ? ELSEWHERE : EVENT,
    ],
    ['of a deleted fork', { headRepository: '' }, ELSEWHERE],
  ])('is not %s', (_, overrides, found) => {
    const why = judgeSourceRun(run(overrides), CONTEXT, use)
    for (const part of ['run 6 cannot be used', found, `"${use.input}"`]) expect(why).toContain(part)
  })

  test('is believed on a pull request of an own branch where nothing is changed by it', () => {
    expect(judgeSourceRun(run({ event: 'pull_request' }), CONTEXT, use) === null).toBe(use.mode === 'plan')
  })
})

test.each(CHANGING_EVENTS)('where accounts may be changed, on %s, a restore of the results may run', (event) => {
  expect(guardEvent('apply', event).verdict).toBe('passed')
  expect(judgeSourceRun(run({ event }), CONTEXT, { input: 'results-run-id', mode: 'restore' })).toBeNull()
})

test.each(['workflow_run', 'issue_comment', 'release', 'workflow_call', 'merge_group', 'pull_request', 'PUSH', ''])(
  'where accounts may not be changed, on "%s", neither may they be restored',
  (event) => {
    for (const mode of ['apply', 'restore']) expect(guardEvent(mode, event).verdict).toBe('refused')
    for (const mode of ['plan', 'verify']) expect(guardEvent(mode, event).verdict).toBe('passed')
  },
)

describe('this run', () => {
  test.each<[string, unknown, SourceUse['mode'], boolean]>([
    ['workflow_dispatch', {}, 'restore', true],
    ['push', {}, 'verify', true],
    ['pull_request', { pull_request: OWN }, 'plan', true],
    ['pull_request', { pull_request: OWN }, 'verify', false],
    ['pull_request', { pull_request: FORK }, 'plan', false],
    ['workflow_run', { workflow_run: { event: 'push' } }, 'verify', false],
  ])('on %s, with %j, gives results to %s: %s', async (eventName, event, mode, allowed) => {
    const context = contextOf(eventName, event)
    for (const runId of ['', '7']) {
      const why = await whyNotFrom(UNASKED, context, runId, { input: 'results-run-id', mode })
      expect(why === null).toBe(allowed)
    }
  })

  test('gives its own lists, whatever its event', async () => {
    const context = contextOf('pull_request', { pull_request: FORK })
    for (const runId of ['', '7']) {
      expect(await whyNotFrom(UNASKED, context, runId, { input: 'users-run-id', mode: 'plan' })).toBeNull()
    }
  })
})

describe('another run', () => {
  const use = { input: 'users-run-id', mode: 'apply' } as const

  test('is judged by what GitHub says of it', async () => {
    const github = { run: async (id: string) => ({ ok: true, value: { ...run({}), id, event: 'issue_comment' } }) }
    const why = await whyNotFrom(github as unknown as GitHub, CONTEXT, '6', use)
    expect(why).toContain('"issue_comment"')
    expect(why).toContain('"users-run-id"')
  })

  test('of which GitHub says nothing is not believed', async () => {
    const github = {
      run: async () => ({ ok: false, reason: 'not-allowed', message: 'Add "permissions: actions: read".' }),
    }
    expect(await whyNotFrom(github as unknown as GitHub, CONTEXT, '6', use)).toContain('actions: read')
  })
})

/** Nothing is asked of it. */
const UNASKED = {} as GitHub
