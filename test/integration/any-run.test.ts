import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FAULTS, type Fault, type FaultOrder } from '../stand-in/faults.ts'
import { createOrganization, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain } from './run-main.ts'
import { admin } from './scene.ts'

const CHANGE_FAULTS: readonly Fault[] = [
  FAULTS.unauthorized,
  FAULTS.scoped,
  FAULTS.forbidden,
  FAULTS.refused('externalDirectory.scim'),
  FAULTS.notFound,
  FAULTS.conflict,
  FAULTS.serverError,
  FAULTS.badGateway,
  FAULTS.wrongSuccess,
  FAULTS.wrongSuccessAfterChange,
  FAULTS.redirect,
  FAULTS.throttled(),
  FAULTS.throttled({ 'retry-after': '5' }),
  FAULTS.reset,
  FAULTS.resetAfterChange,
  FAULTS.errorAfterChange,
]
const READ_FAULTS: readonly Fault[] = [
  FAULTS.unauthorized,
  FAULTS.forbidden,
  FAULTS.notFound,
  FAULTS.serverError,
  FAULTS.badGateway,
  FAULTS.throttled(),
  FAULTS.reset,
  { kind: 'stale-profile' },
  { kind: 'answer', status: 200, body: '<html>' },
]

interface Somebody {
  readonly domain: number
  readonly is: 'active' | 'inactive' | 'inactive, but listed as active' | 'app' | 'unmanaged' | 'refused'
  readonly excluded: boolean
}

interface Planned {
  readonly people: readonly Somebody[]
  readonly faults: readonly { who: number; read: boolean; fault: number; times: number; after: number }[]
  readonly cancelAt: number | null
  readonly cancelFirst: boolean
  readonly inputs: Record<string, string>
  readonly alreadySo: 204 | 409
  readonly directory: boolean
}

const planned: fc.Arbitrary<Planned> = fc.record({
  people: fc.array(
    fc.record({
      domain: fc.nat(2),
      is: fc.oneof(
        { weight: 6, arbitrary: fc.constant('active' as const) },
        {
          weight: 3,
          arbitrary: fc.constantFrom(
            'inactive' as const,
            'inactive, but listed as active' as const,
            'app' as const,
            'unmanaged' as const,
            'refused' as const,
          ),
        },
      ),
      excluded: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
    }),
    { minLength: 1, maxLength: 9 },
  ),
  faults: fc.array(
    fc.record({
      who: fc.nat(9),
      read: fc.boolean(),
      fault: fc.nat(15),
      times: fc.integer({ min: 1, max: 8 }),
      after: fc.nat(2),
    }),
    { maxLength: 5 },
  ),
  cancelAt: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 30 })),
  cancelFirst: fc.boolean(),
  inputs: fc.record({
    'canary-size': fc.constantFrom('1', '2', '5'),
    'canary-pause-seconds': fc.constantFrom('0', '10'),
    'max-failures': fc.constantFrom('0', '1', '5'),
    concurrency: fc.constantFrom('1', '3', '8'),
  }),
  alreadySo: fc.constantFrom(204 as const, 409 as const),
  directory: fc.boolean(),
})

const idOf = (index: number): string => `account-${index}`

function personOf({ domain, is }: Somebody, index: number): Person {
  const common = { id: idOf(index), email: `p${index}@${['example.com', 'example.net', 'example.org'][domain]}` }
  switch (is) {
    case 'active':
      return person(common)
    case 'app':
      return person({ ...common, accountType: 'app' })
    case 'unmanaged':
      return person({ ...common, claimStatus: 'unmanaged' })
    case 'refused':
      return person({ ...common, manageRefusal: 'authPolicy.saml' })
    default:
      return person({ ...common, accountStatus: 'inactive' })
  }
}

function orderOf({ who, read, fault, times, after }: Planned['faults'][number]): FaultOrder {
  const faults = read ? READ_FAULTS : CHANGE_FAULTS
  return {
    route: read ? 'profile' : 'disable',
    account: idOf(who),
    times,
    after,
    fault: faults[fault % faults.length] ?? FAULTS.serverError,
  }
}

async function carryOut(plan: Planned): Promise<{ standIn: StandIn; ran: Ran; broken: string[] }> {
  const people = plan.people.map(personOf)
  const standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
  standIn.organization.alreadySo = plan.alreadySo
  for (const order of plan.faults.map(orderOf)) standIn.faults.order(order)
  const list = people.map((one, index) =>
    plan.people[index]?.is === 'inactive, but listed as active' ? { ...one, accountStatus: 'active' as const } : one,
  )
  const excluded = people.filter((_, index) => plan.people[index]?.excluded === true).map(({ id }) => id)
  const { cancelAt } = plan
  const ran = await runMain(standIn, {
    list,
    factor: 1000,
    inputs: {
      ...plan.inputs,
      exclude: excluded.join('\n'),
      ...(plan.directory ? { 'organization-id': 'org-1', waive: 'max-percent' } : {}),
    },
    onCancel: (cancel) => {
      if (cancelAt === null) return
      const timer = setInterval(() => {
        if (standIn.organization.calls.length < cancelAt) return
        clearInterval(timer)
        cancel()
      }, 1)
      timer.unref()
    },
  })
  const listed = list.map(({ id }) => id)
  const broken = brokenLaws(ran, standIn, { listed, protected: [...excluded, 'admin-of-the-organization'] })
  return { standIn, ran, broken }
}

test('no list, fault or cancel breaks a law, and a second run finishes the rest without changing anybody twice', async () => {
  await fc.assert(
    fc.asyncProperty(planned, async (plan) => {
      const { standIn, ran, broken } = await carryOut(plan)
      await using _open = standIn
      expect({ broken, outcome: ran.outputs.outcome }).toEqual({ broken: [], outcome: ran.outputs.outcome })
      expect(ran.log).not.toContain('    at ')
      standIn.faults.clear()
      const people = plan.people.map(personOf)
      const again = await runMain(standIn, {
        list: people.map((one) => ({ ...one, accountStatus: 'active' })),
        factor: 1000,
        inputs: { exclude: plan.people.flatMap((one, index) => (one.excluded ? [idOf(index)] : [])).join('\n') },
      })
      const twice = people.filter(
        ({ id }) => standIn.organization.changes.filter((change) => change.accountId === id).length > 1,
      )
      expect(twice).toEqual([])
      if (again.outputs.outcome !== 'refused') expect(again.outputs['not-attempted']).toBe('0')
    }),
    { numRuns: Number(process.env.RUNS ?? '100') },
  )
}, 180_000)
