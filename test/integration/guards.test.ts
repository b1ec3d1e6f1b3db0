import { describe, expect, test } from 'vitest'
import { crowd, person } from '../stand-in/organization.ts'
import { EMPTY, OTHER_DIGEST, REFUSALS } from './guard-refusals.ts'
import { errorText, type SceneOptions, stage } from './guard-scene.ts'
import { STATES } from './laws.ts'

const COUNTS = ['listed', ...STATES, 'verified']

describe('an apply is refused, nothing is changed, and all outputs are set:', () => {
  test.each(REFUSALS)('$guard when $when', async ({ guard, scene: options, inputs, env, prepare, told, live }) => {
    await using scene = await stage(options)
    prepare?.(scene)
    const changesBefore = scene.organization.changes.length
    const step = await scene.run(inputs, env)

    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: guard, deactivated: '0', verified: '0' })
    expect(step.exitCode).toBe(1)
    expect(scene.organization.changes.length).toBe(changesBefore)
    expect(scene.organization.callsTo('disable')).toEqual([])
    if (live === undefined) expect(scene.organization.calls).toEqual([])
    else expect(scene.organization.calls.length).toBeGreaterThan(0)

    for (const part of told) expect(errorText(step)).toContain(part)
    expect(errorText(step)).toContain('Nothing was changed.')
    for (const name of COUNTS) expect(step.outputs[name]).toMatch(/^\d+$/)
    const result = JSON.parse(step.outputs.result ?? '{}') as Record<string, unknown>
    expect(result).toMatchObject({ schemaVersion: 1, outcome: 'refused', reason: guard })
    const said = (step.log + step.summary).replaceAll(/^::add-mask::.*$/gm, '')
    expect(said).not.toContain(inputs?.['api-key'] || scene.organization.key)
    const states = step.results.map(({ state }) => state)
    for (const state of states) expect(['not-attempted', 'skipped', 'already-inactive']).toContain(state)
    expect(states.length).toBe(Number(step.outputs.listed))
  })
})

test('all refusals are reported, and the first in the order of the contract is the reason', async () => {
  await using scene = await stage({ list: EMPTY })
  const step = await scene.run(
    { 'executing-user': '', 'organization-id': '', 'api-key': '', 'approved-plan': OTHER_DIGEST },
    { GITHUB_EVENT_NAME: 'pull_request' },
  )
  expect(step.outputs.reason).toBe('event-not-allowed')
  for (const line of [
    '"mode: plan"',
    '"executing-user: WHO"',
    '"waive: admins-unknown"',
    '"api-key: ',
    '"approved-plan: ',
  ])
    expect(errorText(step)).toContain(line)
  expect(errorText(step)).toContain('0 accounts')
  expect(scene.organization.calls).toEqual([])
})

test('both caps are told when both are exceeded', async () => {
  await using scene = await stage()
  const step = await scene.run({ 'max-users': '1', 'max-percent': '1' })
  expect(step.outputs.reason).toBe('max-users')
  expect(errorText(step)).toContain('"max-users: 12"')
  expect(errorText(step)).toContain('"waive: max-percent"')
})

describe('max-percent', () => {
  // Twelve of sixteen active managed accounts are 75 %.
  const people = crowd(12)
  const stay = [1, 2, 3].map((number) => person({ id: `stay-${number}` }))
  const unmanaged = person({ id: 'guest-1', claimStatus: 'unmanaged' })
  const gone = person({ id: 'gone-1', accountStatus: 'inactive' })
  const options: SceneOptions = { people: [...people, ...stay, unmanaged, gone], listed: () => people }

  test('lets exactly the share through, and refuses strictly more', async () => {
    await using scene = await stage(options)
    const more = await scene.run({ 'max-percent': '74' })
    expect(more.outputs).toMatchObject({ outcome: 'refused', reason: 'max-percent' })
    expect(errorText(more)).toContain('12 accounts of 16 (75.0 %)')
    const exact = await scene.run({ 'max-percent': '75' })
    expect(exact.outputs).toMatchObject({ outcome: 'completed', deactivated: '12' })
  })

  test('counts what is left after the live facts', async () => {
    await using scene = await stage({ ...options, listed: () => [...people, gone, unmanaged] })
    const step = await scene.run({ 'max-percent': '75' })
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '12', listed: '14' })
  })

  test('waived is shown in every report', async () => {
    await using scene = await stage(options)
    const step = await scene.run({ 'max-percent': '1', waive: 'max-percent' })
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '12' })
    expect(step.log).toContain('"waive: max-percent"')
    expect(step.summary).toMatch(/waive/)
    expect(await scene.file(step, 'plan.json')).toMatch(/"guard": "max-percent",\s+"verdict": "waived"/)
    expect(await scene.file(step, 'report.html')).toMatch(/waive/)
  })

  test('is shown as not checked where the directory is not read', async () => {
    await using scene = await stage(options)
    const step = await scene.run({ 'organization-id': '', waive: 'admins-unknown', 'max-percent': '0' })
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '12' })
    expect(await scene.file(step, 'plan.json')).toMatch(/"guard": "max-percent",\s+"verdict": "not-checked"/)
    expect(await scene.file(step, 'plan.json')).toMatch(/"guard": "admins-unknown",\s+"verdict": "waived"/)
  })
})

test('admins-unknown is waived where the directory names no active admin, and shown', async () => {
  await using scene = await stage()
  scene.organization.setStatus('admin-1', 'disable', '')
  const step = await scene.run({ waive: 'admins-unknown' })
  expect(step.outputs.outcome).toBe('completed')
  expect(step.log).toContain('waive: admins-unknown')
  expect(step.summary).toContain('admins')
})
