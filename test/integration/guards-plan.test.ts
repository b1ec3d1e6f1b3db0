import { describe, expect, test } from 'vitest'
import { toDirectoryCsv } from '../stand-in/organization.ts'
import { OTHER_DIGEST, REFUSALS } from './guard-refusals.ts'
import { changedIds, ORGANIZATION_ID, stage } from './guard-scene.ts'

/** In a plan the list of managed accounts stands in for what the directory refuses. */
const STOOD_IN: readonly string[] = ['the count is forbidden', 'the look at the accounts is forbidden']

describe('a plan', () => {
  test.each([
    ['executing-user-missing', { 'executing-user': '' }],
    ['admins-unknown', { 'organization-id': '' }],
    ['plan-mismatch', { 'approved-plan': OTHER_DIGEST }],
    ['not-approved', { 'require-approval': 'environment:production' }],
  ])('only reports %s', async (guard, inputs) => {
    await using scene = await stage()
    const step = await scene.run({ mode: 'plan', ...inputs })
    expect(step.outputs).toMatchObject({ outcome: 'planned', reason: '', planned: '12' })
    expect(step.exitCode).toBe(0)
    expect(await scene.file(step, 'plan.json')).toMatch(new RegExp(`"guard": "${guard}",\\s+"verdict": "reported"`))
    expect(step.log).toMatch(/::warning.*An apply would be refused/)
  })

  test.each(
    REFUSALS.filter(({ when }) => !STOOD_IN.includes(when)).filter(({ guard }) =>
      [
        'max-users',
        'max-percent',
        'key-rejected',
        'directory-unreadable',
        'executing-user-unknown',
        'no-account-known',
        'invalid-list',
        'empty-list',
      ].includes(guard),
    ),
  )(
    'is refused by $guard when $when, and publishes what it would have done',
    async ({ guard, scene: options, inputs, prepare }) => {
      await using scene = await stage(options)
      prepare?.(scene)
      const step = await scene.run({ ...inputs, mode: 'plan' })
      expect(step.outputs).toMatchObject({ outcome: 'refused', reason: guard })
      for (const { state } of step.results) expect(['planned', 'skipped']).toContain(state)
      expect(scene.organization.callsTo('disable')).toEqual([])
    },
  )

  test('only reports key-scoped, and looks all the same', async () => {
    await using scene = await stage()
    scene.organization.scopedKey = true
    const step = await scene.run({ mode: 'plan' })
    expect(step.outputs).toMatchObject({ outcome: 'planned', planned: '12' })
    expect(await scene.file(step, 'plan.json')).toMatch(/"guard": "key-scoped",\s+"verdict": "reported"/)
    expect(scene.organization.callsTo('search').length).toBeGreaterThan(0)
  })

  test('without a key is made offline and says so', async () => {
    await using scene = await stage()
    const step = await scene.run({ mode: 'plan', 'api-key': '' })
    expect(step.outputs).toMatchObject({ outcome: 'planned', planned: '12' })
    expect(step.summary).toContain('offline')
    expect(scene.organization.calls).toEqual([])
  })

  test('of a list has the digest of an apply of it, with or without a key, and live drift does not change it', async () => {
    await using scene = await stage()
    const offline = await scene.run({ mode: 'plan', 'api-key': '' })
    const live = await scene.run({ mode: 'plan' })
    const [first, second] = scene.crowd
    scene.organization.setStatus(first?.id ?? '', 'disable', '')
    scene.organization.people.delete(second?.id ?? '')
    const approved = { 'approved-plan': offline.outputs['plan-digest'] ?? '' }
    const before = scene.organization.changes.length
    const apply = await scene.run(approved)
    expect(live.outputs['plan-digest']).toBe(offline.outputs['plan-digest'])
    expect(apply.outputs['plan-digest']).toBe(offline.outputs['plan-digest'])
    expect(apply.outputs).toMatchObject({
      outcome: 'completed',
      deactivated: '10',
      'already-inactive': '1',
      skipped: '2',
    })
    const changed = changedIds(scene.organization).slice(before)
    expect(changed.toSorted()).toEqual(
      scene.crowd
        .slice(2)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  test('that somebody grew after the approval is refused', async () => {
    await using scene = await stage({ listed: (people) => people.slice(0, 6) })
    const plan = await scene.run({ mode: 'plan' })
    await scene.write('users.csv', toDirectoryCsv(scene.everybody))
    const apply = await scene.run({ 'approved-plan': plan.outputs['plan-digest'] ?? '' })
    expect(apply.outputs).toMatchObject({ outcome: 'refused', reason: 'plan-mismatch' })
    expect(scene.organization.changes).toEqual([])
  })

  test('is not refused for its event', async () => {
    await using scene = await stage()
    const step = await scene.run({ mode: 'plan' }, { GITHUB_EVENT_NAME: 'pull_request' })
    expect(step.outputs.outcome).toBe('planned')
  })
})

test('a digest is another one for another organization', async () => {
  await using scene = await stage()
  const here = await scene.run({ mode: 'plan', 'api-key': '', 'organization-id': ORGANIZATION_ID })
  const there = await scene.run({ mode: 'plan', 'api-key': '', 'organization-id': 'org-2' })
  expect(here.outputs['plan-digest']).not.toBe(there.outputs['plan-digest'])
})

describe('what an apply alone needs', () => {
  test('is not asked of a plan of a restore, nor of a verification', async () => {
    await using scene = await stage()
    const apply = await scene.run()
    const inputs = { 'users-file': '', 'results-artifact': apply.outputs['artifact-name'] ?? '', 'executing-user': '' }
    const plan = await scene.run({ ...inputs, mode: 'plan', 'organization-id': '' })
    expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: '12' })
    expect(plan.log).not.toContain('An apply would be refused')
    const json = await scene.file(plan, 'plan.json')
    for (const guard of ['executing-user-missing', 'admins-unknown'])
      expect(json).toMatch(new RegExp(`"guard": "${guard}",\\s+"verdict": "not-checked"`))

    const verify = await scene.run({ ...inputs, mode: 'verify', 'approved-plan': OTHER_DIGEST })
    expect(verify.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': '12' })
    expect(verify.log).toMatch(/::notice.*does not use.*"approved-plan"/)
  })

  test('holds for a restore where it is about restoring', async () => {
    await using scene = await stage()
    const apply = await scene.run()
    const inputs = { 'users-file': '', 'results-artifact': apply.outputs['artifact-name'] ?? '', mode: 'restore' }
    const before = scene.organization.calls.length
    for (const [more, env, reason] of [
      [{}, { GITHUB_EVENT_NAME: 'pull_request' }, 'event-not-allowed'],
      [{ 'approved-plan': OTHER_DIGEST }, {}, 'plan-mismatch'],
      [{ 'require-approval': 'environment:production' }, {}, 'not-approved'],
      [{ 'require-approval': 'pull-request' }, {}, 'not-approved'],
      [{ 'api-key': '' }, {}, 'key-missing'],
    ] as const) {
      const step = await scene.run({ ...inputs, ...more }, env)
      expect(step.outputs).toMatchObject({ outcome: 'refused', reason, restored: '0' })
      expect(scene.organization.calls.length).toBe(before)
    }
    const many = await scene.run({ ...inputs, 'max-users': '3' })
    expect(many.outputs).toMatchObject({ outcome: 'refused', reason: 'max-users', restored: '0' })
    expect(scene.organization.callsTo('enable')).toEqual([])
  })
})
