import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { crowd, type Person, toDirectoryCsv } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { decisionOf, stage } from './guard-scene.ts'

/** Somebody of whom the list only tells the id and the address, so that what is known comes from the directory. */
function plainList(people: readonly Person[]): string {
  return `User id,email\r\n${people.map(({ id, email }) => `${id},${email}\r\n`).join('')}`
}

describe('a search that lags', () => {
  test('does not fail an account that is inactive already', async () => {
    const people = crowd(4)
    await using scene = await stage({ people, list: plainList(people) })
    scene.organization.searchLag = 60_000
    scene.organization.setStatus(people[1]?.id ?? '', 'disable', '')
    const step = await scene.run()
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3', 'already-inactive': '1', failed: '0' })
    expect(step.outputs.verified).toBe('3')
  })
})

describe('an organization of 5,000 people', () => {
  test('is read page by page, and no admin on its last page is changed', async () => {
    const people = crowd(5000, 'large').map((someone, index) =>
      index % 500 === 499 ? { ...someone, roles: ['atlassian/org-admin'] } : someone,
    )
    const admins = people.filter(({ roles }) => roles.length > 0)
    // With addresses nobody would walk through everybody.
    const list = `User id\r\n${people.map(({ id }) => `${id}\r\n`).join('')}`
    await using scene = await stage({ people, list })
    const step = await scene.run({ mode: 'plan', 'max-users': '5000' })
    expect(step.outputs).toMatchObject({ outcome: 'planned', planned: '4990', listed: '5000', skipped: '10' })
    for (const { id } of admins) expect(decisionOf(step, id)).toBe('skip: org-admin')
    const searches = scene.organization.callsTo('search')
    expect(searches.filter(({ body }) => body.includes('cursor')).length).toBeGreaterThanOrEqual(50)
    expect(scene.organization.calls.length).toBeLessThan(70)
  }, 60_000)

  test('is not walked for a short list', async () => {
    const people = crowd(5000, 'large')
    await using scene = await stage({ people, list: plainList(people.slice(0, 50)) })
    await scene.run({ mode: 'plan' })
    expect(scene.organization.calls.length).toBeLessThan(15)
  })

  test('whose pages turn round is not trusted', async () => {
    const people = crowd(300, 'large')
    await using scene = await stage({ people, list: plainList(people) })
    const again = { kind: 'answer', status: 200, body: { data: [], links: { next: 'again' } } } as const
    scene.standIn.faults.order({ route: 'search', after: 3, fault: again })
    const step = await scene.run()
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect(scene.organization.changes).toEqual([])
  })
})

test('a next page on another origin is never asked for, and gets no key', async () => {
  await using elsewhere = await startStandIn()
  const people = crowd(2)
  await using scene = await stage({ people })
  const body = { data: [], links: { next: `${elsewhere.url}/admin/v2/orgs/org-1/directories/-/users/search` } }
  scene.standIn.faults.order({ route: 'search', times: 1, fault: { kind: 'answer', status: 200, body } })
  scene.standIn.faults.order({ route: 'search', times: 1, fault: FAULTS.badRequest })
  const step = await scene.run()
  expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
  expect(elsewhere.organization.calls).toEqual([])
  expect(elsewhere.unhandled).toEqual([])
})

describe('calls to Atlassian for each changed account', () => {
  test.each([
    ['a list of the whole organization', 400, 400],
    ['a list of some of a large organization', 400, 4000],
  ])(
    'are 1.05 at most for %s',
    async (_, listed, size) => {
      const people = crowd(size, 'budget')
      await using scene = await stage({ people, list: toDirectoryCsv(people.slice(0, listed)) })
      const step = await scene.run()
      expect(step.outputs).toMatchObject({
        outcome: 'completed',
        deactivated: String(listed),
        verified: String(listed),
      })
      expect(scene.organization.calls.length / listed).toBeLessThanOrEqual(1.05)
      expect(scene.organization.callsTo('disable').length).toBe(listed)
    },
    60_000,
  )
})

describe('the active managed accounts', () => {
  test('are told before the change, after the canary and at the end', async () => {
    const people = crowd(6)
    await using scene = await stage({ people })
    const step = await scene.run({ 'canary-size': '2' })
    expect(scene.organization.callsTo('count').length).toBe(3)
    expect(step.log).toContain('Active managed accounts: 5 now, 7 before.')
    expect(step.log).toContain('Active managed accounts: 1 now, 7 before.')
    expect(JSON.parse(step.outputs.result ?? '{}')).toMatchObject({ activeBefore: 7, activeAfter: 1 })
  })

  test('are not asked for any more after a cancel', async () => {
    const people = crowd(40)
    await using scene = await stage({ people })
    scene.organization.latency = 30
    const step = await scene.run({ concurrency: '1' }, {}, (text, kill) => {
      if (text.includes('Active managed accounts:')) kill('SIGINT')
    })
    expect(step.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
    expect(step.log.match(/Active managed accounts:/g)?.length).toBe(1)
    expect(scene.organization.callsTo('count').length).toBe(2)
  })
})
