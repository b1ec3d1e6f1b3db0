import { describe, expect, test } from 'vitest'
import { createOrganization, crowd, type Person } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { ADMIN, admin, changesOf, DIRECTORY, everybody, openScene, TARGETS, VICTIM } from './scene.ts'

/** What one of two directories says of the person, and why the account is left alone for it. */
const PROTECTED: readonly (readonly [string, Partial<Person>, string, Readonly<Record<string, string>>])[] = [
  ['a group that is excluded', { groups: ['Leadership'] }, 'excluded', { exclude: 'group:leadership' }],
  ['a role that is excluded', { roles: ['atlassian/site-admin'] }, 'excluded', { exclude: 'role:site-admin' }],
  ['a suspension that is excluded', { membershipStatus: 'suspended' }, 'excluded', { exclude: 'status:suspended' }],
  ['an address that is excluded', { email: 'chair@board.example' }, 'excluded', { exclude: '*@board.example' }],
  ['that it is an app', { accountType: 'app' }, 'not-a-person', {}],
  ['that nobody manages it', { claimStatus: 'unmanaged' }, 'unmanaged', {}],
  ['another address than the list', { email: 'somebody.else@example.com' }, 'identity-mismatch', {}],
  ['the role of an organization admin', { roles: ['atlassian/org-admin'] }, 'org-admin', {}],
  ['that it is provisioned', { managementSource: 'synced' }, 'scim-managed', {}],
  [
    'no groups, where one is excluded',
    { odd: { search: { groups: undefined } } },
    'fact-unknown',
    { exclude: 'group:Leadership' },
  ],
]

describe('a person whom the search names twice is left alone where either directory tells', () => {
  test.each(PROTECTED)('%s', async (_, said, reason, rules) => {
    // The list does not tell what the directories disagree about, but for the address.
    const plain = { email: `${VICTIM}@example.com` }
    for (const [first, second] of [
      [said, plain],
      [plain, said],
    ] as const) {
      await using standIn = await openScene({ [VICTIM]: { ...first, elsewhere: [{ ...base(first), ...second }] } })
      const list = TARGETS.flatMap((id) => standIn.organization.people.get(id) ?? []).map((one) =>
        one.id === VICTIM ? { ...one, ...plain, groups: [], roles: [] } : one,
      )
      const ran = await runMain(standIn, { list, inputs: { ...DIRECTORY, ...rules } })
      expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
      expect(ran.row(VICTIM)).toMatchObject({ decision: 'skip', state: 'skipped', reason })
      expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
    }
  })
})

/** What the second directory must take back of what the first one says. */
function base(first: Partial<Person>): Partial<Person> {
  const usual: Partial<Person> = {
    groups: ['jira-users-acme'],
    roles: [],
    membershipStatus: 'active',
    accountType: 'atlassian',
    claimStatus: 'managed',
    managementSource: 'invited',
  }
  return Object.fromEntries(Object.entries(usual).filter(([name]) => name in first))
}

/** Shares of the progress that the log tells, in percent. */
function shares(log: string): number[] {
  return [...log.matchAll(/· (\d+) %/g)].map(([, share]) => Number(share))
}

describe('people whom the search names twice without any harm', () => {
  test.each([1, 2, 4])('are changed once, and the progress is true: %i directories more', async (directories) => {
    const elsewhere = Array.from({ length: directories }, (_, index) => ({ groups: [`Group ${index}`] }))
    await using standIn = await openScene({ ...everybody({ elsewhere }), [ADMIN]: { elsewhere } })
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, exclude: 'group:Leadership' } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [ADMIN] })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
    expect(TARGETS.map((id) => changesOf(standIn, id))).toEqual([1, 1, 1, 1])
    expect(shares(ran.log).filter((share) => share > 100)).toEqual([])
    expect(shares(ran.log)).toContain(100)
  })

  test('are as many as they are, also where the whole directory is walked through', async () => {
    const people = crowd(260).map((one) => ({ ...one, elsewhere: [{}] }))
    await using standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, mode: 'plan' } })
    expect(ran.outputs).toMatchObject({ outcome: 'planned', planned: '260' })
    expect(shares(ran.log).filter((share) => share > 100)).toEqual([])
  })

  test('are protected as admins, whichever of their entries is the active one', async () => {
    for (const elsewhere of [[{ accountStatus: 'inactive' }], [{ roles: [] }]] as const) {
      await using standIn = await openScene({ [VICTIM]: { roles: ['atlassian/org-admin'], elsewhere } })
      const list = TARGETS.flatMap((id) => standIn.organization.people.get(id) ?? []).map((one) => ({
        ...one,
        roles: [],
      }))
      const ran = await runMain(standIn, { list, inputs: DIRECTORY })
      expect(ran.row(VICTIM)).toMatchObject({ state: 'skipped', reason: 'org-admin' })
      expect(ran.log).not.toMatch(/counts more/)
    }
  })

  test('are not read back as changed before each of their entries shows it', async () => {
    // One directory never learns of the change: the profile decides.
    const stuck = [{ accountStatus: 'active' }] as const
    await using standIn = await openScene({ [VICTIM]: { elsewhere: stuck } })
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: { kind: 'stale-profile' } })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified' })
  })
})
