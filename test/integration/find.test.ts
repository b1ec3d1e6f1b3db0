import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FIND_HEADER } from '../../src/list/dialects.ts'
import { createOrganization, type Person, person, serviceAccount } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { listBefore, planFile, planned, planOf, type RanFind, result, runFind } from './find-scene.ts'
import { ADMIN, admin, CANARY, FOURTH, openScene, SECOND, TARGETS, VICTIM } from './scene.ts'

const DAY = 86_400_000
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString()
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
const sorted = (ids: Iterable<string>): readonly string[] => [...ids].toSorted()

/** An admin and these people. */
const organizationOf = (people: readonly Person[]) => startStandIn(createOrganization({ people: [admin(), ...people] }))

describe('the list', () => {
  test('names every active, managed person but the protected, and a plan of it the same', async () => {
    await using standIn = await organizationOf([
      person({ id: 'b-2', email: 'b@example.com', name: 'Bea' }),
      person({ id: 'B-1', email: 'big.b@example.com' }),
      person({ id: 'a-1', email: 'a@example.com', membershipStatus: 'suspended', groups: ['z', 'a, b'] }),
      person({ id: 'gone', accountStatus: 'inactive' }),
      person({ id: 'closed', accountStatus: 'closed' }),
      person({ id: 'guest', claimStatus: 'unmanaged' }),
      person({ id: 'app', accountType: 'app' }),
      person({ id: 'customer', accountType: 'customer' }),
      serviceAccount({ id: 'bot' }),
      person({ id: 'odd', odd: { search: { accountStatus: 'pending' } } }),
      person({ id: 'synced', managementSource: 'synced' }),
      person({ id: 'site-admin', roles: ['atlassian/site-admin'] }),
    ])
    const found = await runFind(standIn)
    expect(found.exitCode).toBe(0)
    expect(found.outputs).toMatchObject({
      outcome: 'planned',
      reason: '',
      planned: '3',
      listed: '6',
      'plan-digest': '',
    })
    expect([...found.people.keys()]).toEqual(['B-1', 'a-1', 'b-2'])
    expect(found.list).toBe(
      `\ufeff${FIND_HEADER.join(',')}\r\n` +
        `B-1,${standIn.organization.people.get('B-1')?.name},big.b@example.com,Active,,jira-users-acme,2026-01-01,2024-01-03,\r\n` +
        `a-1,${standIn.organization.people.get('a-1')?.name},a@example.com,Suspended,,"a, b, z",2026-01-01,2024-01-03,\r\n` +
        'b-2,Bea,b@example.com,Active,,jira-users-acme,2026-01-01,2024-01-03,\r\n',
    )
    expect(Object.fromEntries(found.rows.map((row) => [row.account_id, [row.reason, row.line]]))).toEqual({
      [ADMIN]: ['executing-user', '0'],
      'B-1': ['', '2'],
      'a-1': ['', '3'],
      'b-2': ['', '4'],
      synced: ['scim-managed', '0'],
      'site-admin': ['org-admin', '0'],
    })
    expect(planned(await planOf(standIn, found))).toEqual([...found.people.keys()])
    expect(standIn.organization.changes).toEqual([])
    expect(standIn.organization.calls.filter(({ path }) => path.includes('/lifecycle/'))).toEqual([])
  })

  test('is the same byte for byte, in whatever order the directory answers', async () => {
    const people = ['c', 'a', 'b', 'A', '9'].map((id) =>
      person({ id, groups: ['x', 'y', 'z'], elsewhere: [{ groups: ['w', 'a'] }] }),
    )
    const lists: string[] = []
    for (const order of [people, people.toReversed().map((one) => ({ ...one, groups: one.groups.toReversed() }))]) {
      await using standIn = await startStandIn(createOrganization({ people: [...order, admin()] }))
      lists.push((await runFind(standIn)).list)
    }
    expect(lists[0]).toContain('w, x, y, z')
    expect(lists[1]).toBe(lists[0])
  })

  test('holds no formula, and a plan reads every name as it is', async () => {
    const names = [
      '=1+1',
      '@cmd',
      "'quoted",
      'a;=1+1',
      'two\nlines',
      'two\r\nlines\t=x',
      '"quotes", and commas',
      '\u0000nul\ud800',
      ' blanks ',
      '',
      'sep=;',
    ]
    await using standIn = await organizationOf(
      names.map((name, index) =>
        person({ id: `id-${index}`, name, email: `p${index}@example.com`, groups: [`=g${index}`] }),
      ),
    )
    const found = await runFind(standIn)
    expect(found.people.size).toBe(names.length)
    expect(found.list).not.toMatch(/(^|[,;\t\n"])[=@+]/m)
    const plan = await planOf(standIn, found, { inputs: { include: 'group:=g*' } })
    expect(planned(plan)).toEqual(sorted(found.people.keys()))
    expect(plan.rows.map(({ line }) => line)).toEqual(planned(plan).map((id) => found.row(id).line))
  })

  test('is empty but for its header where nobody is left, which is nothing to do', async () => {
    await using standIn = await openScene()
    const inputs = { include: 'nobody-*@example.com', 'users-file': 'leavers.csv' }
    const found = await runFind(standIn, { inputs, files: { 'leavers.csv': listBefore([[VICTIM, '']]) } })
    expect(found.outputs).toMatchObject({ outcome: 'nothing-to-do', planned: '0' })
    expect(found.list).toBe(`\ufeff${FIND_HEADER.join(',')}\r\n`)
    expect(found.file).toBe(found.list)
  })
})

describe('the rules', () => {
  const roles = {
    [SECOND]: { groups: ['vip', 'jira'] },
    [VICTIM]: { groups: ['jira'] },
    [FOURTH]: { groups: ['other'] },
    [CANARY]: { groups: [] },
  }

  test.each([
    [{ exclude: 'group:vip' }, [VICTIM, FOURTH, CANARY]],
    [{ include: 'group:jira' }, [SECOND, VICTIM]],
    [{ include: `${VICTIM}@example.com\n${CANARY}` }, [VICTIM, CANARY]],
    [{ exclude: 'status:suspended', include: '*@example.com' }, TARGETS],
    [{ 'executing-user': `${VICTIM}@example.com` }, [ADMIN, SECOND, FOURTH, CANARY].filter((id) => id !== ADMIN)],
  ])('%j leave %j, and a plan of the list the same', async (inputs, left) => {
    await using standIn = await openScene(roles)
    const found = await runFind(standIn, { inputs })
    expect([...found.people.keys()]).toEqual(sorted(left))
    expect(planned(await planOf(standIn, found, { inputs }))).toEqual(sorted(left))
  })

  test('an exclusion by group leaves nobody where those who are left show none: nobody told it of them', async () => {
    await using standIn = await openScene({ ...roles, [VICTIM]: { groups: [] }, [FOURTH]: { groups: [] } })
    const inputs = { exclude: 'group:vip' }
    const found = await runFind(standIn, { inputs })
    expect(found.people.size).toBe(0)
    expect(found.row(VICTIM)).toMatchObject({ reason: 'fact-unknown' })
  })

  test('idle-days leave those without activity for so long, newcomers excepted', async () => {
    await using standIn = await openScene({
      [CANARY]: { lastActive: ago(91) },
      [SECOND]: { lastActive: ago(89) },
      [VICTIM]: { lastActive: null, addedToOrg: ago(200) },
      [FOURTH]: { lastActive: null, addedToOrg: ago(10) },
    })
    const inputs = { 'idle-days': '90' }
    const found = await runFind(standIn, { inputs })
    expect([...found.people]).toEqual([
      [VICTIM, expect.objectContaining({ 'Last active': 'never', 'Added to org': ago(200).slice(0, 10) })],
      [CANARY, expect.objectContaining({ 'Last active': ago(91).slice(0, 10) })],
    ])
    for (const id of [SECOND, FOURTH]) expect(found.row(id)).toMatchObject({ reason: 'recently-active' })
    expect(planned(await planOf(standIn, found, { inputs }))).toEqual([VICTIM, CANARY])
  })

  test('idle-days count a day that is told without its hour to its end', async () => {
    const day = (days: number): string => ago(days).slice(0, 10)
    await using standIn = await openScene({
      [CANARY]: { lastActive: day(91) },
      [SECOND]: { lastActive: day(90) },
      [VICTIM]: { lastActive: null, addedToOrg: day(91) },
      [FOURTH]: { lastActive: null, addedToOrg: day(90) },
    })
    const inputs = { 'idle-days': '90' }
    const found = await runFind(standIn, { inputs })
    expect([...found.people.keys()]).toEqual([VICTIM, CANARY])
    for (const id of [SECOND, FOURTH]) expect(found.row(id)).toMatchObject({ reason: 'recently-active' })
    expect(planned(await planOf(standIn, found, { inputs }))).toEqual([VICTIM, CANARY])
  })

  test('who cannot be changed by what the permission says is left out, as long as it is the first', async () => {
    await using standIn = await openScene({
      [SECOND]: { manageRefusal: 'externalDirectory.google' },
      [VICTIM]: { manageRefusal: 'managedAccount' },
    })
    const found = await runFind(standIn)
    expect([...found.people.keys()]).toEqual([FOURTH, CANARY])
    expect(planned(await planOf(standIn, found))).toEqual([FOURTH, CANARY])
  })
})

describe('notice', () => {
  const inputs = { 'users-file': 'lists/leavers.csv', 'idle-days': '90' }
  const idle = { lastActive: ago(200) }

  test('a first find gives everybody the date, makes the folder, and names nobody', async () => {
    await using standIn = await openScene({ [SECOND]: idle, [VICTIM]: idle })
    const found = await runFind(standIn, { inputs: { ...inputs, 'notice-days': '30' } })
    expect(dates(found)).toEqual({
      [SECOND]: inDays(30),
      [VICTIM]: inDays(30),
      [FOURTH]: inDays(30),
      [CANARY]: inDays(30),
    })
    expect(found.file).toBe(found.list)
    expect(found.summary).toContain('| Due |')
    expect(found.summary).toContain(inDays(30))
    expect(found.summary).not.toContain('e-mail each')
    expect(planFile(found).leftOut).toEqual([])
  })

  test.each(['0', '30'])('with notice-days %s a date that stands is kept, and others are new', async (days) => {
    await using standIn = await openScene()
    const fresh = days === '0' ? '' : inDays(30)
    const files = {
      'users.csv': listBefore([
        [SECOND, '2020-01-01'],
        [VICTIM, ''],
        [FOURTH, inDays(7)],
      ]),
    }
    const found = await runFind(standIn, { inputs: { 'users-file': 'users.csv', 'notice-days': days }, files })
    expect(dates(found)).toEqual({ [SECOND]: '2020-01-01', [VICTIM]: fresh, [FOURTH]: inDays(7), [CANARY]: fresh })
  })

  test('a date is taken from a list of any kind; several rows of one person have the latest', async () => {
    await using standIn = await openScene()
    const list = `Atlassian ID;Deactivate after\n${SECOND};2026-01-01\n${SECOND};2026-02-01\n`
    const found = await runFind(standIn, { inputs: { 'users-file': 'users.csv' }, files: { 'users.csv': list } })
    expect(dates(found)).toMatchObject({ [SECOND]: '2026-02-01', [VICTIM]: '' })
  })

  test('who is no longer found is left out and named with the reason, in log, summary, page and plan', async () => {
    await using standIn = await openScene({ [SECOND]: { lastActive: ago(1) }, [VICTIM]: { accountStatus: 'inactive' } })
    const files = {
      'users.csv': listBefore([
        [SECOND, '2020-01-01'],
        [VICTIM, ''],
        [FOURTH, ''],
        [CANARY, ''],
        ['gone-1', ''],
      ]),
    }
    const rules = { 'users-file': 'users.csv', 'idle-days': '90', exclude: CANARY }
    const found = await runFind(standIn, { inputs: rules, files })
    expect([...found.people.keys()]).toEqual([FOURTH])
    const reasons = {
      [SECOND]: 'recently-active',
      [VICTIM]: 'already-inactive',
      [CANARY]: 'excluded',
      'gone-1': 'not-found',
    }
    const told = Object.fromEntries(
      planFile(found).leftOut.map(({ who, reason }: Record<string, string>) => [who, reason]),
    )
    expect(told).toEqual(reasons)
    expect(result(found).leftOutCount).toBe(4)
    const page = readFileSync(join(found.folder, 'report.html'), 'utf8')
    for (const [id, reason] of Object.entries(reasons)) {
      expect(found.log).toMatch(new RegExp(`^${id} .*${reason}.*users\\.csv, line`, 'm'))
      expect(found.summary).toMatch(new RegExp(`${id}.*\`${reason}\``))
      expect(page).toMatch(new RegExp(`${id}.*<code>${reason}`))
    }
  })

  test.each([
    ['no list', 'hello\n', 'invalid-list'],
    ['an empty file', '', 'invalid-list'],
    ['a list with a bad row', 'User id\r\na b\r\n', 'invalid-list'],
    ['a list with a bad date', `User id,Deactivate after\r\n${VICTIM},soon\r\n`, 'invalid-list'],
  ])('%s in its place is refused, and stays as it is', async (_, text, reason) => {
    await using standIn = await openScene()
    const found = await runFind(standIn, { inputs: { 'users-file': 'users.csv' }, files: { 'users.csv': text } })
    expect(found.outputs).toMatchObject({ outcome: 'refused', reason })
    expect([found.file, found.list]).toEqual([text, ''])
    expect(standIn.organization.calls).toEqual([])
  })
})

function dates({ people }: RanFind): Record<string, string> {
  return Object.fromEntries([...people].map(([id, row]) => [id, row['Deactivate after'] ?? '']))
}
