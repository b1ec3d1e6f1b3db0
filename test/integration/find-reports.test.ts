import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowd, person } from '../stand-in/organization.ts'
import { planFile, planOf, result, runFind } from './find-scene.ts'
import { runMain } from './run-main.ts'
import { CANARY, DIRECTORY, FOURTH, openScene, openTimed, SECOND, VICTIM } from './scene.ts'

const DAY = 86_400_000
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString()
const product = (key: string, at?: string) => ({
  id: key,
  key,
  ...(at === undefined ? {} : { lastActiveTimestamp: at }),
})

describe('guards', () => {
  test.each([
    ['executing-user-missing', { 'executing-user': '' }],
    ['plan-mismatch', { 'approved-plan': `sha256:${'0'.repeat(64)}` }],
    ['not-approved', { 'require-approval': 'environment:production' }],
    ['max-users', { 'max-users': '1' }],
    ['max-percent', { 'max-percent': '1' }],
  ])('%s is only reported', async (guard, inputs) => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { inputs })
    expect(found.outputs).toMatchObject({ outcome: 'planned', reason: '' })
    expect(result(found).guards.find((one) => one.guard === guard)?.verdict).toBe('reported')
    expect(found.list).not.toBe('')
  })

  test('admins-unknown is only reported', async () => {
    await using standIn = await openScene({ 'admin-of-the-organization': { roles: [] } })
    const found = await runFind(standIn)
    expect(found.outputs.outcome).toBe('planned')
    expect(result(found).guards.find(({ guard }) => guard === 'admins-unknown')?.verdict).toBe('reported')
  })

  test('an approving pull request is not asked for: the list is not written yet', async () => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { inputs: { 'require-approval': 'pull-request' } })
    expect(result(found).guards.find(({ guard }) => guard === 'not-approved')?.verdict).toBe('not-checked')
    expect(found.outputs.outcome).toBe('planned')
    expect(found.summary).not.toContain('approved this pull request')
  })

  test('an event on which nothing may be changed is no matter', async () => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { env: { GITHUB_EVENT_NAME: 'issue_comment' } })
    expect(found.outputs.outcome).toBe('planned')
  })
})

describe('activity and licences', () => {
  const scene = {
    [CANARY]: { lastActive: ago(3) },
    [SECOND]: {
      lastActive: ago(20),
      odd: { search: { productAccess: [product('jira', ago(20)), product('confluence'), product('jira')] } },
    },
    [VICTIM]: { odd: { search: { productAccess: [product('confluence')] } } },
    [FOURTH]: { odd: { search: { productAccess: null } } },
  }
  const activity = { people: 4, last7Days: 1, last30Days: 2, never: 1, unknown: 1 }
  const sentence =
    'Of the 4 people to deactivate, 1 was active in the last 7 days and 2 in the last 30 days; 1 was never active; for 1, Atlassian does not say.'
  const licences = {
    products: [
      { product: 'confluence', people: 2 },
      { product: 'jira', people: 2 },
    ],
    billable: null,
    unknown: 1,
  }

  test.each(['find', 'plan'])(
    'a %s tells how many were active lately, and whose licences would be freed',
    async (mode) => {
      await using standIn = await openScene(scene)
      const ran = mode === 'find' ? await runFind(standIn) : await runMain(standIn, { inputs: { mode, ...DIRECTORY } })
      expect(result(ran)).toMatchObject({ activity, licences })
      expect(planFile(ran)).toMatchObject({ activity, licences })
      const page = readFileSync(join(ran.folder, 'report.html'), 'utf8')
      for (const text of [ran.log, ran.summary, page]) expect(text).toContain(sentence)
      for (const text of [ran.summary, page]) {
        expect(text).toContain('Licences that would be freed, according to Atlassian')
        expect(text).toContain('confluence')
      }
      expect(ran.row(CANARY).last_active).toBe(scene[CANARY].lastActive)
      expect(ran.log).toContain(`${CANARY}@example.com  last active: ${scene[CANARY].lastActive}`)
      expect(ran.summary).toContain('| Last active |')
      expect(page).toContain(`"${scene[CANARY].lastActive}"`)
    },
  )

  test('an apply tells what was freed, not what would have been', async () => {
    await using standIn = await openScene({
      ...scene,
      [SECOND]: { ...scene[SECOND], disableRefusal: { status: 403, body: {} } },
    })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs.deactivated).toBe('3')
    expect(result(ran).licences).toEqual({
      products: [
        { product: 'confluence', people: 1 },
        { product: 'jira', people: 1 },
      ],
      billable: null,
      unknown: 1,
    })
    expect(ran.summary).toContain('Licences freed, according to Atlassian')
  })

  test('a plan that reads nothing says nothing of them', async () => {
    await using standIn = await openScene(scene)
    const ran = await runMain(standIn, { inputs: { mode: 'plan', 'api-key': '' } })
    expect(result(ran)).toMatchObject({ activity: null, licences: null })
    expect(ran.summary).not.toContain('people to deactivate')
  })

  test('a masked plan counts, but shows no last activity of anybody', async () => {
    await using standIn = await openScene(scene)
    const ran = await runMain(standIn, { inputs: { mode: 'plan', ...DIRECTORY, privacy: 'masked' } })
    expect(result(ran)).toMatchObject({ activity, licences })
    const page = readFileSync(join(ran.folder, 'report.html'), 'utf8')
    for (const text of [ran.log, ran.summary, page, JSON.stringify(ran.rows)]) {
      expect(text).not.toContain(scene[CANARY].lastActive.slice(0, 19))
    }
  })

  test('a person who came back between the list and the plan is left alone', async () => {
    await using standIn = await openScene({ [VICTIM]: { lastActive: ago(200) } })
    const inputs = { 'idle-days': '90', include: `${VICTIM}@example.com` }
    const found = await runFind(standIn, { inputs })
    expect([...found.people.keys()]).toEqual([VICTIM])
    const { people } = standIn.organization
    people.set(VICTIM, person({ ...people.get(VICTIM), lastActive: ago(0.1) }))
    for (const mode of ['plan', 'apply']) {
      const ran = await planOf(standIn, found, { inputs: { ...inputs, mode } })
      expect(ran.row(VICTIM)).toMatchObject({ reason: 'recently-active', state: 'skipped' })
    }
    expect(standIn.organization.changes).toEqual([])
  })
})

describe('progress', () => {
  test.each([
    ['the search', null],
    ['the list of managed accounts', new Set(['users'] as const)],
  ])('by pages of %s, with the time left', async (_, reach) => {
    await using timed = await openTimed((behaviour) => openScene({}, { ...behaviour, reach }))
    const { organization } = timed.standIn
    for (const one of crowd(1995)) organization.people.set(one.id, one)
    organization.latency = 3000
    const ran = await timed.run({
      inputs: { mode: 'find', ...DIRECTORY, 'users-file': '' },
    })
    expect(ran.outputs).toMatchObject({ outcome: 'planned' })
    const lines = ran.log.split('\n').filter((line) => line.startsWith('Reading the directory'))
    expect(lines.length).toBeGreaterThan(5)
    expect(lines[1]).toMatch(/^Reading the directory: \d+ of 20 pages · about \d+ s left$/)
    expect(lines.at(-1)).toBe('Reading the directory: 20 of 20 pages · done')
  })
})
