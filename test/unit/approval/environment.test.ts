import { describe, expect, test } from 'vitest'
import { checkEnvironmentApproval } from '../../../src/approval/environment.ts'
import type { GitHub } from '../../../src/github/api.ts'
import { readContext } from '../../../src/github/context.ts'
import { type DeploymentReview, type Environment, type Person, toRun } from '../../../src/github/facts.ts'
import { person } from './world.ts'

const [ANN, BEN] = [person('ann'), person('ben')]
const GUARDED = { id: 1, requiredReviewers: true, preventSelfReview: true, adminsMayBypass: false }

function review(state: string, user: string | Person | null, name = 'production', id = 1): DeploymentReview {
  return { environments: [{ id, name }], state, user: typeof user === 'string' ? person(user) : user }
}

const bot = (state: string) => review(state, person('gate[bot]', 'Bot'))

const context = readContext({ GITHUB_RUN_ID: '7', GITHUB_ACTOR: 'ann', GITHUB_SHA: 'abc' }, () => '{}')
const hidden = { ok: false, reason: 'not-allowed', message: 'Add "permissions: actions: read" to the job.' } as const
const told =
  <T>(value: T) =>
  async () =>
    ({ ok: true, value }) as const

function ask(overrides: Partial<Record<keyof GitHub, unknown>>, env = context, name = 'production') {
  const github = {
    approvals: told([review('approved', 'ben')]),
    run: told(toRun({ id: 7, run_attempt: 1, actor: ANN, triggering_actor: ANN })),
    environment: told(GUARDED),
    ...overrides,
  }
  return checkEnvironmentApproval(github as unknown as GitHub, env, name)
}

interface Facts {
  readonly environmentName?: string
  /** Who started the run, and who started this attempt of it. */
  readonly starters?: readonly [Person | null, Person | null]
  readonly runAttempt?: number
  /** null: cannot be read. */
  readonly environment?: Environment | null
}

function judge(approvals: readonly DeploymentReview[], facts: Facts = {}) {
  const { environmentName, starters = [ANN, ANN], runAttempt = 1, environment = GUARDED } = facts
  const [actor, triggering_actor] = starters
  const known = {
    approvals: told(approvals),
    run: told(toRun({ id: 7, run_attempt: runAttempt, actor, triggering_actor })),
    environment: environment === null ? async () => hidden : told(environment),
  }
  return ask(known, { ...context, runAttempt }, environmentName)
}

describe('an approving review by somebody who did not start the run', () => {
  test('lets it go on and is named, without a warning where the environment is well protected', async () => {
    const through = { kind: 'environment', name: 'production' }
    const by = [{ id: BEN.id, login: 'ben', through, commit: 'abc' }]
    expect(await judge([review('approved', 'ben')])).toEqual({ approved: true, by, warnings: [] })
  })

  test.each<[string, readonly DeploymentReview[], Facts?]>([
    ['of an environment written in another case', [review('approved', 'ben', 'Production')]],
    ['of an environment whose id is not told', [review('approved', 'ben', 'production', 0)]],
    ['where the environment cannot be read', [review('approved', 'ben', 'production', 3)], { environment: null }],
    ['beside one of the person who started it', [review('approved', 'ann'), review('approved', 'ben')]],
    ['beside one of an app', [bot('approved'), review('approved', 'ben')]],
    ['beside a rejection for another environment', [review('rejected', 'eve', 'staging'), review('approved', 'ben')]],
    [
      'of a person who has the earlier name of the starter',
      [review('approved', 'ben')],
      { starters: [person('ben', 'User', 5), ANN] },
    ],
  ])('counts %s', async (_, approvals, overrides) => {
    expect(await judge(approvals, overrides)).toMatchObject({ approved: true, by: [{ login: 'ben' }] })
  })

  test('counts once, however often it was given', async () => {
    expect(await judge([review('approved', 'ben'), review('approved', { ...BEN, login: 'ben2' })])).toMatchObject({
      by: { length: 1 },
    })
  })
})

test.each<[string, readonly DeploymentReview[], Facts, string, string]>([
  ['no review at all', [], {}, 'no-review', '"production"'],
  ['a review of another environment', [review('approved', 'ben', 'staging')], {}, 'no-review', '"production"'],
  [
    'one whose name only folds to it',
    [review('approved', 'ben', 'produ\u212Action')],
    { environmentName: 'produkction' },
    'no-review',
    'has no review',
  ],
  ['one of the same name with another id', [review('approved', 'ben', 'production', 2)], {}, 'no-review', 'no review'],
  ['a pending review', [review('pending', 'ben')], {}, 'pending', 'still pending'],
  ['a state that is not known', [review('skipped', 'ben')], {}, 'no-review', 'no review'],
  ['a rejection', [review('rejected', 'ben')], {}, 'rejected', 'ben rejected'],
  ['a rejection after an approval', [review('approved', 'ben'), review('rejected', 'eve')], {}, 'rejected', 'eve'],
  ['a rejection before it', [review('rejected', 'eve'), review('approved', 'ben')], {}, 'rejected', 'eve rejected'],
  ['only an app', [bot('approved')], {}, 'not-a-person', 'gate[bot]'],
  ['only a team', [review('approved', person('leads', 'Organization'))], {}, 'not-a-person', 'leads'],
  ['only a deleted account', [review('approved', null)], {}, 'not-a-person', 'a deleted account'],
  ['only the person who started it', [review('approved', 'ann')], {}, 'only-by-starter', 'Only ann'],
  [
    'only that person under another name',
    [review('approved', { ...ANN, login: 'ann2' })],
    {},
    'only-by-starter',
    'Only ann2',
  ],
  ['only who started it again', [review('approved', 'ben')], { starters: [ANN, BEN] }, 'only-by-starter', 'Only ben'],
  ['only an app and who started it', [bot('approved'), review('approved', 'ann')], {}, 'only-by-starter', 'Only ann'],
  [
    'nobody known to have started it',
    [review('approved', 'ben')],
    { starters: [null, null] },
    'starter-unknown',
    'who started',
  ],
  [
    'nobody known to have started it again',
    [review('approved', 'ben')],
    { starters: [ANN, null] },
    'starter-unknown',
    'attempt',
  ],
])('%s is refused', async (_, approvals, overrides, reason, part) => {
  const verdict = await judge(approvals, overrides)
  expect(verdict).toMatchObject({ approved: false, reason, why: expect.stringContaining(part) })
  expect(verdict).toMatchObject({ why: expect.stringContaining('Required: '), fix: expect.stringMatching(/.{20}/) })
})

test.each<[string, Facts, string]>([
  ['a re-run', { runAttempt: 2 }, 'attempt 2'],
  ['a start by a bot', { starters: [person('cron[bot]', 'Bot'), ANN] }, 'started by cron[bot]'],
  ['no required reviewers', { environment: { ...GUARDED, requiredReviewers: false } }, 'no required reviewers'],
  ['self-review', { environment: { ...GUARDED, preventSelfReview: false } }, 'approve their own runs'],
  ['a bypass for administrators', { environment: { ...GUARDED, adminsMayBypass: true } }, 'bypass'],
  ['an environment that cannot be read', { environment: null }, 'could not be read'],
])('%s is one warning', async (_, overrides, part) => {
  const verdict = await judge([review('approved', 'ben')], overrides)
  expect(verdict).toMatchObject({ approved: true, warnings: [expect.stringContaining(part)] })
})

describe('asking GitHub', () => {
  test('lets the run go on where all is told', async () => {
    expect(await ask({})).toMatchObject({ approved: true, by: [{ login: 'ben' }], warnings: [] })
  })

  test.each(['approvals', 'run'] as const)(
    'refuses where %s cannot be read, and names the permission',
    async (name) => {
      const why = expect.stringContaining('actions: read')
      expect(await ask({ [name]: async () => hidden })).toMatchObject({ approved: false, reason: 'unreadable', why })
    },
  )

  test('only warns where the environment cannot be read', async () => {
    const warnings = [expect.stringContaining('not be read')]
    expect(await ask({ environment: async () => hidden })).toMatchObject({ approved: true, warnings })
  })

  test.each<[string, object, object?]>([
    ['the run', { actor: BEN, triggering_actor: ANN }],
    ['this attempt', { actor: ANN, triggering_actor: BEN }],
    ['the run, as the runner says', { actor: ANN, triggering_actor: ANN }, { actorId: BEN.id }],
  ])('refuses who started %s', async (_, run, env = {}) => {
    const verdict = await ask({ run: told(toRun({ id: 7, run_attempt: 1, ...run })) }, { ...context, ...env })
    expect(verdict).toMatchObject({ approved: false, reason: 'only-by-starter' })
  })

  test.each<[string, object, string]>([
    [
      'a deleted account',
      { actor: { id: 10137, login: 'ghost', type: 'User' }, triggering_actor: ANN },
      'starter-unknown',
    ],
    ['somebody without an id', { actor: { login: 'ann', type: 'User' }, triggering_actor: ANN }, 'starter-unknown'],
    ['nobody', { actor: ANN }, 'starter-unknown'],
    ['somebody, of another attempt', { actor: ANN, triggering_actor: ANN, run_attempt: 2 }, 'unreadable'],
  ])('refuses a run that was started by %s', async (_, run, reason) => {
    const verdict = await ask({ run: told(toRun({ id: 7, run_attempt: 1, ...run })) })
    expect(verdict).toMatchObject({ approved: false, reason })
  })
})
