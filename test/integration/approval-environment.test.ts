import { describe, expect, test } from 'vitest'
import { type GitHubState, workflowRun } from '../stand-in/github-handlers.ts'
import { crowd } from '../stand-in/organization.ts'
import { expectRefused, user } from './approval-scene.ts'
import { stage } from './guard-scene.ts'

const PEOPLE = crowd(3)

describe('an environment', () => {
  const inputs = { 'require-approval': 'environment:production' }
  const approval = (login: string, state = 'approved', name = 'production', type = 'User'): object => ({
    environments: [{ id: 1, name }],
    state,
    user: user(login, type),
    comment: '',
  })
  const started = (actor: object | null, again = actor, run_attempt = 1): object =>
    workflowRun('1000', { actor, triggering_actor: again, run_attempt })
  const guarded = {
    name: 'production',
    can_admins_bypass: false,
    protection_rules: [{ type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'User' }] }],
  }
  const prepare = (github: GitHubState, approvals: readonly object[], environment: object = guarded): void => {
    github.runs['1000'] = started(user('starter'))
    github.approvals['1000'] = approvals
    github.environments.production = environment
  }

  test('that somebody else approved lets the run through', async () => {
    await using scene = await stage({ people: PEOPLE })
    prepare(scene.standIn.github, [approval('ben')])
    const step = await scene.run(inputs)
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
    expect(await scene.file(step, 'plan.json')).toContain('approved by ben')
    expect(step.log).not.toContain('::warning')
  })

  test.each<[string, readonly object[], object, string]>([
    ['without a review', [], {}, 'has no review'],
    ['of another name', [approval('ben', 'approved', 'staging')], {}, 'has no review'],
    ['that waits for its review', [approval('ben', 'pending')], {}, 'still pending'],
    ['that somebody rejected', [approval('ben'), approval('eve', 'rejected')], {}, 'eve rejected'],
    ['that only its starter approved', [approval('starter')], {}, 'Only starter'],
    [
      'that only its starter approved, renamed since',
      [approval('anna')],
      { actor: { ...user('anna'), login: 'ann' } },
      'Only anna',
    ],
    ['that only who re-ran it approved', [approval('ann')], { triggering_actor: user('ann') }, 'Only ann'],
    ['that only a bot approved', [approval('ship-it', 'approved', 'production', 'Bot')], {}, 'not by a person'],
    ['whose starter cannot be told', [approval('ben')], { actor: null }, 'does not say who started'],
    ['of another attempt', [approval('ben')], { run_attempt: 2 }, 'attempt 2'],
  ])('%s refuses before anything is asked of Atlassian', async (_, approvals, run, told) => {
    await using scene = await stage({ people: PEOPLE })
    const { github } = scene.standIn
    prepare(github, approvals)
    github.runs['1000'] = { ...github.runs['1000'], ...run }
    expectRefused(scene, await scene.run(inputs), told)
  })

  test('whose reviews cannot be read refuses, and names the permission', async () => {
    await using scene = await stage({ people: PEOPLE })
    prepare(scene.standIn.github, [approval('ben')])
    scene.standIn.github.forbidden = /\/approvals$/
    expectRefused(scene, await scene.run(inputs), '"permissions: actions: read"')
  })

  test('without a token refuses', async () => {
    await using scene = await stage({ people: PEOPLE })
    prepare(scene.standIn.github, [approval('ben')])
    expectRefused(scene, await scene.run({ ...inputs, 'github-token': '' }), '"github-token" is empty')
  })

  test.each<[string, object, string]>([
    ['no required reviewers', { ...guarded, protection_rules: [] }, 'has no required reviewers'],
    [
      'self-review',
      { ...guarded, protection_rules: [{ type: 'required_reviewers', reviewers: [{}], prevent_self_review: false }] },
      'lets people approve their own runs',
    ],
    ['a bypass for administrators', { ...guarded, can_admins_bypass: true }, 'Administrators may bypass'],
  ])('with %s is warned about', async (_, environment, told) => {
    await using scene = await stage({ people: PEOPLE })
    prepare(scene.standIn.github, [approval('ben')], environment)
    const step = await scene.run(inputs)
    expect(step.outputs.outcome).toBe('completed')
    expect(step.log).toMatch(new RegExp(`::warning.*${told}`))
  })

  test('of a re-run is warned about: the approval of the first attempt cannot be told apart', async () => {
    await using scene = await stage({ people: PEOPLE })
    prepare(scene.standIn.github, [approval('ben')])
    scene.standIn.github.runs['1000'] = started(user('starter'), user('eve'), 2)
    const step = await scene.run(inputs, { GITHUB_RUN_ATTEMPT: '2' })
    expect(step.outputs.outcome).toBe('completed')
    expect(step.log).toMatch(/::warning.*attempt 2/)
  })
})
