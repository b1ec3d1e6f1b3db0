import { beforeAll, describe, expect, test } from 'vitest'
import { createOrganization, type Person, person } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { type Ran, runMain } from './run-main.ts'
import { admin, csv, DIRECTORY, openScene, TARGETS, VICTIM } from './scene.ts'

/** What stages one reason for an account: facts of the person, a cell of the list, a rule. */
interface Cause {
  readonly facts?: (id: string) => Partial<Person>
  readonly due?: string
  readonly email?: string
  readonly excluded?: true
  readonly ownsKey?: true
}

/** In the contract's order. What only an account's own calls tell is left out: with a directory nobody makes them. */
const CAUSES: Readonly<Record<string, Cause>> = {
  'executing-user': { ownsKey: true },
  excluded: { excluded: true },
  'not-included': { email: 'left.out@example.org' },
  'not-due': { due: '2999-01-01' },
  'not-a-person': { facts: () => ({ accountType: 'app' }) },
  unmanaged: { facts: () => ({ claimStatus: 'unmanaged' }) },
  'identity-mismatch': { facts: (id) => ({ email: `somebody.else.${id}@example.com` }) },
  'org-admin': { facts: () => ({ roles: ['atlassian/org-admin'] }) },
  'already-inactive': { facts: () => ({ accountStatus: 'inactive' }) },
  'scim-managed': { facts: () => ({ managementSource: 'synced' }) },
  'fact-unknown': { facts: () => ({ odd: { search: { groups: undefined } } }) },
}
const reasons = Object.keys(CAUSES)
/** What the list and the rules alone decide: there the executing user is the one of the input, who is one person. */
const RULES = ['excluded', 'not-included', 'not-due']
const pairs = reasons
  .flatMap((first, index) => reasons.slice(index + 1).map((second) => [first, second] as const))
  .filter(([first, second]) => first !== 'executing-user' || !RULES.includes(second))
const idOf = (first: string, second: string): string => `${first}-and-${second}`

describe('of two reasons that hold, the results give the first:', () => {
  let ran: Ran

  beforeAll(async () => {
    const rows: string[][] = []
    const [excluded, owners]: [string[], string[]] = [[], []]
    const people = pairs.map(([first, second]) => {
      const id = idOf(first, second)
      const causes = [CAUSES[first] ?? {}, CAUSES[second] ?? {}]
      const email = causes.map((cause) => cause.email).find((given) => given !== undefined) ?? `${id}@example.com`
      rows.push([id, email, causes.map(({ due = '' }) => due).join('')])
      if (causes.some((cause) => cause.excluded)) excluded.push(id)
      if (causes.some((cause) => cause.ownsKey)) owners.push(id)
      return person({ id, email, ...Object.assign({}, ...causes.map(({ facts }) => facts?.(id) ?? {})) })
    })
    await using standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
    for (const creator of owners) standIn.organization.apiKeys.push({ creator, expiresAt: '2999-01-01T00:00:00Z' })
    ran = await runMain(standIn, {
      // The list of keys is only waited for a little while: it must come in time on a busy machine too.
      factor: 20,
      inputs: {
        ...DIRECTORY,
        mode: 'plan',
        exclude: [...excluded, 'group:Leadership'].join('\n'),
        include: '*@example.com',
      },
      files: { 'users.csv': csv(['User id', 'email', 'Deactivate after'], rows) },
    })
  })

  test.each(pairs)('%s before %s', (first, second) => {
    expect(ran.row(idOf(first, second))).toMatchObject({ decision: 'skip', reason: first })
  })
})

test.each([
  ['excluded', { exclude: 'account-3' }],
  ['not-included', { include: 'account-4' }],
  ['not-due', {}],
])('executing-user before %s', async (_, inputs) => {
  await using standIn = await openScene()
  const list = csv(
    ['User id', 'Deactivate after'],
    TARGETS.map((id) => [id, '2999-01-01']),
  )
  const rules = { ...DIRECTORY, mode: 'plan', 'executing-user': VICTIM, ...inputs }
  const ran = await runMain(standIn, { inputs: rules, files: { 'users.csv': list } })
  expect(ran.row(VICTIM)).toMatchObject({ decision: 'skip', reason: 'executing-user' })
})
