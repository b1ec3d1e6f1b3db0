import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS, type Fault, type FaultOrder } from '../stand-in/faults.ts'
import { createOrganization, crowd } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { admin, CANARY, csv, DIRECTORY, OTHERS, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

const MINUTE = 60_000
const DEADLINE = { 'deadline-minutes': '10' }
/** The deadline, and the five minutes that the last reads have. */
const LATEST = 15.1

const THROTTLES: readonly (readonly [string, Fault])[] = [
  ['without a word', FAULTS.throttled()],
  ['with "Retry-After: 3600"', FAULTS.throttled({ 'retry-after': '3600' })],
  ['with a reset in an hour', FAULTS.throttledFor({ wait: 60 * MINUTE, reset: 'second' })],
]

const open = (): Promise<Timed> => openTimed((behaviour) => openScene({}, behaviour))

const changedIds = ({ organization }: StandIn): string[] => organization.changes.map(({ accountId }) => accountId)

describe.each(THROTTLES)('calls that are refused for the rate for ever, %s,', (_, fault) => {
  test.each<[FaultOrder['route'], Readonly<Record<string, string>>]>([
    ['permissions', {}],
    ['permissions', DIRECTORY],
    ['profile', {}],
    ['search', DIRECTORY],
    ['count', DIRECTORY],
    ['api-keys', DIRECTORY],
    ['stats', DIRECTORY],
    ['disable', DIRECTORY],
    ['any', DIRECTORY],
  ])('hold nothing up beyond the deadline and its five minutes: %s, %o', async (route, inputs) => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route, fault })
    const ran = await scene.run({ inputs: { ...inputs, ...DEADLINE } }, LATEST)
    expect(ran.minutes).toBeLessThan(LATEST)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.rows).toHaveLength(4)
    // Only of these can a run do without; of the permission, where the directory tells the rest, after five minutes.
    const isSpared = route === 'stats' || route === 'api-keys' || (route === 'permissions' && inputs === DIRECTORY)
    if (!isSpared) expect(ran.exitCode).toBe(1)
  })

  test.each(['plan', 'restore', 'verify'] as const)('end a %s in time', async (mode) => {
    await using scene = await open()
    const { standIn } = scene
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = mode === 'plan' ? null : await scene.run({ env, inputs: DIRECTORY })
    standIn.faults.order({ route: 'search', fault })
    const list =
      applied === null ? {} : { 'users-file': '', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await scene.run({ env, inputs: { ...DIRECTORY, ...DEADLINE, ...list, mode } }, LATEST)
    expect(ran.minutes).toBeLessThan(LATEST)
    expect(ran.exitCode).toBe(1)
    expect(standIn.organization.callsTo('enable')).toEqual([])
  })

  test.each(['profile', 'search'] as const)(
    'at the read-back (%s) leave the changes unread, and end in time',
    async (route) => {
      await using scene = await open()
      const { standIn } = scene
      const { organization } = standIn
      // The canary is seen; nobody after it.
      const when = (): boolean => organization.changes.length > 1
      standIn.faults.order({ route: 'profile', when, fault })
      if (route === 'search') standIn.faults.order({ route, when, fault })
      const inputs = route === 'search' ? DIRECTORY : {}
      const ran = await scene.run({ inputs: { ...inputs, ...DEADLINE } }, LATEST)
      expect(ran.minutes).toBeLessThan(LATEST)
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'yes' })
      const unread = ran.rows.filter(({ state, verified }) => state === 'deactivated' && verified === 'unread')
      expect(unread.length).toBeGreaterThan(0)
      expect(ran.exitCode).toBe(1)
    },
  )
})

describe('one account that is refused for the rate for ever does not hold the others:', () => {
  const silent = FAULTS.throttled()

  test.each(['profile', 'permissions'] as const)('at the look beforehand, by its %s', async (route) => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route, account: VICTIM, fault: silent })
    const ran = await scene.run({ inputs: DEADLINE }, LATEST)
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    for (const id of OTHERS) expect(ran.row(id)).toMatchObject({ state: 'deactivated', verified: 'yes' })
    expect(ran.minutes).toBeLessThan(LATEST)
    expect(ran.exitCode).toBe(1)
  })

  test('at its change', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: silent })
    const ran = await scene.run({ inputs: { ...DIRECTORY, ...DEADLINE } }, LATEST)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(changedIds(standIn).toSorted()).toEqual(OTHERS.toSorted())
    for (const id of OTHERS) expect(ran.row(id)).toMatchObject({ state: 'deactivated', verified: 'yes' })
    expect(['not-attempted', 'failed']).toContain(ran.row(VICTIM).state)
    expect(ran.minutes).toBeLessThan(LATEST)
    expect(ran.exitCode).toBe(1)
  })

  test('at its read-back', async () => {
    await using scene = await open()
    const { standIn } = scene
    const when = (): boolean => changedIds(standIn).includes(VICTIM)
    standIn.faults.order({ route: 'profile', account: VICTIM, when, fault: silent })
    const ran = await scene.run({ inputs: DEADLINE }, LATEST)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'unread' })
    for (const id of OTHERS) expect(ran.row(id)).toMatchObject({ state: 'deactivated', verified: 'yes' })
    expect(ran.outputs.reason).toMatch(/^(deadline|accounts-not-verified)$/)
    expect(ran.minutes).toBeLessThan(LATEST)
  })

  test('one of many, whose changes are made long before the deadline', async () => {
    const people = crowd(60)
    await using scene = await openTimed((behaviour) =>
      startStandIn(createOrganization({ ...behaviour, people: [admin(), ...people] })),
    )
    const { standIn } = scene
    const stuck = people[30]?.id ?? ''
    standIn.faults.order({ route: 'disable', account: stuck, fault: silent })
    const from = scene.time.clock.now()
    const ran = await scene.run({ inputs: { ...DIRECTORY, 'deadline-minutes': '60' } }, 65.1)
    expect(ran.minutes).toBeLessThan(65.1)
    expect(ran.outputs).toMatchObject({ deactivated: '59', verified: '59' })
    const last = Math.max(...standIn.organization.changes.map(({ at }) => at))
    expect((last - from) / MINUTE).toBeLessThan(30)
  })
})

describe('a count that nobody needs', () => {
  test.each<[string, (path: string, changes: number) => boolean]>([
    ['after the canary, and at the end', (path, changes) => path.includes('/count') && changes > 0],
    ['of admins', (path) => path.includes('/stats')],
  ])('holds nothing up: %s', async (_, isIt) => {
    await using scene = await open()
    const { standIn } = scene
    const { changes } = standIn.organization
    for (const route of ['count', 'stats'] as const) {
      standIn.faults.order({ route, when: ({ path }) => isIt(path, changes.length), fault: FAULTS.throttled() })
    }
    const ran = await scene.run({ inputs: { ...DIRECTORY, ...DEADLINE } }, LATEST)
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
    expect(ran.minutes).toBeLessThan(5)
  })

  test('holds nothing up: of everybody, by which the cheaper way to look is chosen', async () => {
    const people = crowd(260)
    await using scene = await openTimed((behaviour) =>
      startStandIn(createOrganization({ ...behaviour, people: [admin(), ...people] })),
    )
    const { standIn } = scene
    standIn.faults.order({ route: 'stats', fault: FAULTS.throttled() })
    const list = csv(
      ['User id'],
      people.map(({ id }) => [id]),
    )
    const inputs = { ...DIRECTORY, ...DEADLINE, mode: 'plan' }
    const ran = await scene.run({ inputs, files: { 'users.csv': list } }, LATEST)
    expect(ran.outputs).toMatchObject({ outcome: 'planned', planned: '260' })
    expect(ran.minutes).toBeLessThan(5)
  })
})

test.each([10, 60])(
  'after %i silent minutes in which everything was refused, the pace is back within one',
  async (silent) => {
    const people = crowd(200)
    await using scene = await openTimed((behaviour) =>
      startStandIn(createOrganization({ ...behaviour, people: [admin(), ...people] })),
    )
    const { standIn, time } = scene
    const { changes } = standIn.organization
    let outageEnds = Number.POSITIVE_INFINITY
    standIn.faults.order({
      route: 'any',
      fault: FAULTS.throttled(),
      when: ({ at }) => {
        // It begins in the middle of the rollout.
        if (outageEnds === Number.POSITIVE_INFINITY && changes.length > 50) outageEnds = at + silent * MINUTE
        return outageEnds !== Number.POSITIVE_INFINITY && at < outageEnds
      },
    })
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '200', verified: '200' })
    const after = changes.filter(({ at }) => at >= outageEnds)
    expect(after.length).toBeGreaterThan(100)
    const [first] = after
    expect(((first?.at ?? 0) - outageEnds) / MINUTE).toBeLessThan(1)
    // Eight at a time, a tenth of a second each: even the slow start of a pacer is through with them in a minute more.
    expect((Math.max(...after.map(({ at }) => at)) - outageEnds) / MINUTE).toBeLessThan(1.9)
    expect(time.clock.now()).toBeGreaterThan(outageEnds)
  },
)
