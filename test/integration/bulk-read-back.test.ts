import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { type Call, createOrganization, crowd, type Organization, type Person } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { admin, DIRECTORY, IDS_ALONE, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

const open = (people: readonly Person[]): Promise<Timed> =>
  openTimed((behaviour) => startStandIn(createOrganization({ ...behaviour, people: [admin(), ...people] })))

/** Searches after the first change: those of the read-back. */
function readBacks({ calls }: Organization): readonly Call[] {
  const first = calls.findIndex(({ route }) => route === 'disable')
  return calls.slice(first).filter(({ route }) => route === 'search')
}

/** How often each of these people was searched for after the first change. */
function looksAt(organization: Organization, people: readonly Person[]): number[] {
  const bodies = readBacks(organization).map(({ body }) => body)
  return people.map(
    ({ id, email }) => bodies.filter((body) => body.includes(`"${id}"`) || body.includes(`"${email}"`)).length,
  )
}

const most = (numbers: readonly number[]): number => Math.max(...numbers)
const profiles = (organization: Organization): number => organization.callsTo('profile').length
const hasChanged = (organization: Organization) => (): boolean => organization.changes.length > 0
const isByAddress = ({ body }: Call): boolean => body.includes('"emails"')

describe('changes are read back by address, a hundred a call,', () => {
  const people = crowd(250)

  test('each once, and nobody but the canary by the profile', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(brokenLaws(ran, scene.standIn, { listed: people.map(({ id }) => id) })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '250', verified: '250' })
    expect(readBacks(organization)).toHaveLength(3)
    expect(profiles(organization)).toBe(1)
  })

  test('and once more only those whom a search that lags by seconds did not show', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    organization.searchLag = 3 * SECOND
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '250' })
    expect(most(looksAt(organization, people))).toBe(2)
    expect(readBacks(organization).length).toBeLessThanOrEqual(6)
    expect(profiles(organization)).toBe(1)
  })

  test('and by the profile after two searches, where the search lags by a day', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    organization.searchLag = DAY
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '250' })
    expect(most(looksAt(organization, people))).toBe(2)
    expect(profiles(organization)).toBe(250)
  })

  test.each([
    ['is refused', FAULTS.badRequest],
    ['brings nobody any more', FAULTS.members({ data: [], links: {} })],
  ])('and by id where a search by address %s', async (_, fault) => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    const changed = hasChanged(organization)
    scene.standIn.faults.order({ route: 'search', when: (call) => isByAddress(call) && changed(), fault })
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '250' })
    expect(readBacks(organization)).toHaveLength(3 + 25)
    expect(profiles(organization)).toBe(1)
  })

  test('and the rest by the profile where no search goes well', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    scene.standIn.faults.order({ route: 'search', when: hasChanged(organization), fault: FAULTS.serverError })
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '250' })
    expect(profiles(organization)).toBe(250)
  })

  test('also where the list tells no addresses: the look has told them', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    const files = { 'users.csv': `User id\r\n${people.map(({ id }) => `${id}\r\n`).join('')}` }
    const ran = await scene.run({ inputs: DIRECTORY, files })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '250' })
    expect(readBacks(organization)).toHaveLength(3)
  })

  test('but somebody whom the directory does not know by the profile, after one search by id', async () => {
    const hidden = people.slice(0, 20).map((one, index) => (index === 7 ? { ...one, inDirectory: false } : one))
    await using scene = await open(hidden)
    const { organization } = scene.standIn
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '20', verified: '20' })
    const [stranger] = hidden.slice(7)
    expect(readBacks(organization).filter(({ body }) => body.includes(`"${stranger?.id}"`))).toHaveLength(1)
  })
})

describe('a person whom two directories know by two addresses', () => {
  test('is read back by id: one address would tell the half', async () => {
    // One of them never learns of the change, and the profile is wrong about it.
    const elsewhere = [{ email: 'another@example.com', accountStatus: 'active' }] as const
    await using standIn = await openScene({ [VICTIM]: { elsewhere } })
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: { kind: 'stale-profile' } })
    const ran = await runMain(standIn, { inputs: DIRECTORY, files: { 'users.csv': IDS_ALONE } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', verified: '3' })
  })
})

describe('while changes are still being made', () => {
  const people = crowd(300)
  /** A hundred changes take less than a minute, all of them more than two. */
  const slowly = { ...DIRECTORY, 'requests-per-second': '2' }

  test('those that have settled are read back, a hundred a call', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    const ran = await scene.run({ inputs: slowly })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '300' })
    const last = most(organization.changes.map(({ at }) => at))
    const early = readBacks(organization).filter(({ at }) => at < last)
    expect(early.length).toBeGreaterThanOrEqual(2)
    expect(readBacks(organization)).toHaveLength(3)
  })

  test('a search that lags by minutes is asked twice about each at most', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    organization.searchLag = 2 * MINUTE
    const ran = await scene.run({ inputs: slowly })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '300' })
    expect(most(looksAt(organization, people))).toBe(2)
    // Those of the last two minutes, and the canary.
    expect(profiles(organization)).toBeLessThan(260)
  })

  test('a search that is slow holds up no change', async () => {
    await using scene = await open(people)
    const { organization } = scene.standIn
    const slow = scene.standIn.faults.order({
      route: 'search',
      when: hasChanged(organization),
      times: 1,
      fault: FAULTS.delay(20 * SECOND),
    })
    const ran = await scene.run({ inputs: slowly })
    expect(slow.hits).toBe(1)
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '300' })
    const [first] = readBacks(organization)
    const meanwhile = organization.changes.filter(
      ({ at }) => at > (first?.at ?? 0) && at < (first?.at ?? 0) + 19 * SECOND,
    )
    expect(meanwhile.length).toBeGreaterThan(30)
    expect(readBacks(organization)).toHaveLength(3)
  })

  test('a search that is refused for the rate for ever is given up with the run, and all that was done is told', async () => {
    await using scene = await open(people)
    const { standIn } = scene
    const { organization } = standIn
    standIn.faults.order({ route: 'search', when: hasChanged(organization), fault: FAULTS.throttled() })
    const ran = await scene.run({ inputs: slowly, cancelAfter: 120 * SECOND })
    expect(brokenLaws(ran, standIn, { listed: people.map(({ id }) => id) })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
    expect(ran.outputs.deactivated).toBe(String(organization.changes.length))
    expect(ran.minutes).toBeLessThan(130 / 60)
  })

  test('a key that is rejected by a search stops the run', async () => {
    await using scene = await open(people)
    const { standIn } = scene
    const { organization } = standIn
    standIn.faults.order({ route: 'search', when: hasChanged(organization), fault: FAULTS.unauthorized })
    const ran = await scene.run({ inputs: slowly })
    expect(brokenLaws(ran, standIn, { listed: people.map(({ id }) => id) })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected' })
    expect(organization.calls.filter(({ status }) => status === 401)).toHaveLength(1)
    expect(organization.changes.length).toBeLessThan(250)
  })
})
