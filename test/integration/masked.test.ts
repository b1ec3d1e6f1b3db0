import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createOrganization, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'

/** Local parts and names that must be told nowhere; the longest are cut wherever a text is cut. */
const LOCAL = 'marguerite.delacroix.of.the.eleventh.arrondissement'
const NAMES = ['Marguerite', 'Delacroix']

const admin = person({ id: 'admin', email: 'the.admin@example.com', roles: ['atlassian/org-admin'] })
const people = Array.from({ length: 40 }, (_, index) =>
  person({ id: `person-${index}`, email: `${LOCAL}.${index}@example.com`, name: NAMES.join(' ') }),
)

let standIn: StandIn
afterEach(() => standIn.close())

async function run(staging: Staging, order: (index: number) => string | null = () => null): Promise<Ran> {
  standIn = await startStandIn(createOrganization({ people: [admin, ...people] }))
  for (const [index, { id }] of people.entries()) {
    const body = order(index)
    if (body !== null)
      standIn.faults.order({ route: 'disable', account: id, fault: { kind: 'answer', status: 403, body } })
  }
  const inputs = { privacy: 'masked', 'max-failures': '100', ...staging.inputs }
  return runMain(standIn, { list: people, ...staging, inputs })
}

/** Places where a name, or more of a local part than its first letter, is told. */
function tellingPlaces(ran: Ran): string[] {
  const files = ran.folder === '' ? [] : readdirSync(ran.folder)
  const places: [string, string][] = [
    ...files.map((name): [string, string] => [name, readFileSync(join(ran.folder, name), 'utf8')]),
    ['outputs', Object.values(ran.outputs).join('\n')],
    ['summary', ran.summary],
    ['state', Object.values(ran.state).join('\n')],
    ['log', ran.log],
  ]
  return places.filter(([, text]) => /margue|delacr|arrond/i.test(text)).map(([place]) => place)
}

test('a masked run tells no name and no address of the list', async () => {
  const ran = await run({})
  expect(ran.outputs.deactivated).toBe('40')
  expect(ran.log).toContain('m…@example.com')
  expect(tellingPlaces(ran)).toEqual([])
})

test('nor what Atlassian says of people, wherever it is cut', async () => {
  const ran = await run({}, (index) => {
    if (index === 0) return null
    const message = `${'x'.repeat(index * 8)} ${LOCAL}@example.com ${NAMES.join(' ')}`
    return JSON.stringify({ key: 'forbidden.action', context: { message } })
  })
  expect(ran.outputs).toMatchObject({ deactivated: '1', failed: '39' })
  expect(ran.row('person-1').detail).toContain('forbidden.action')
  expect(tellingPlaces(ran)).toEqual([])
})

test.each([40, 60, 70, 75, 78, 79, 80, 100])(
  'nor half an address of an input that is wrong, behind %d characters',
  async (before) => {
    const line = `${'x'.repeat(before)} ${LOCAL}@example.com`
    const ran = await run({ inputs: { exclude: line, message: 'm', mode: 'apply' } })
    expect(ran.outputs.reason).toBe('invalid-input')
    expect(ran.log).toContain('"exclude"')
    expect(tellingPlaces(ran)).toEqual([])
  },
)

test('nor a selector that matches nobody', async () => {
  const ran = await run({ inputs: { mode: 'plan', exclude: `${'y'.repeat(40)}.${LOCAL}@example.com` } })
  expect(ran.log).toContain('matches no')
  expect(tellingPlaces(ran)).toEqual([])
})

test('nor what stands in lines of the list that are wrong', async () => {
  const wrong = NAMES.map((name, index) =>
    person({ id: `${name} of line ${index}`, email: `${LOCAL}@example.com`, name }),
  )
  const ran = await run({ list: [...people, ...wrong] })
  expect(ran.outputs.reason).toBe('invalid-list')
  expect(ran.log).toContain('file=users.csv,line=42')
  expect(tellingPlaces(ran)).toEqual([])
})

/** An error of each kind of call, in each of Atlassian's shapes, that names somebody. */
const SAID = `no entry for ${NAMES.join(' ')} <${LOCAL}@example.com>`
const REFUSALS = {
  errors: { errors: [{ code: 'forbidden', title: SAID, detail: SAID }] },
  context: { key: 'forbidden', context: SAID },
  'context.message': { key: 'forbidden', context: { message: SAID } },
  message: { status: 403, error: 'Forbidden', message: SAID },
  key: { key: SAID },
}
const ROUTES = ['search', 'stats', 'count', 'api-keys', 'permissions', 'profile', 'disable'] as const
test.each(
  ROUTES.flatMap((route) => Object.keys(REFUSALS).map((shape) => [route, shape as keyof typeof REFUSALS] as const)),
)('nor what a refused %s says of somebody in "%s"', async (route, shape) => {
  const inputs = { 'organization-id': 'org-1', exclude: 'group:nobody' }
  standIn = await startStandIn(createOrganization({ people: [admin, ...people] }))
  const fault = { kind: 'answer', status: 403, body: REFUSALS[shape] } as const
  standIn.faults.order({ route, fault })
  for (const mode of ['plan', 'apply']) {
    const ran = await runMain(standIn, { list: people, inputs: { ...inputs, mode, privacy: 'masked' } })
    expect(ran.outputs.listed).toBe('40')
    expect(tellingPlaces(ran)).toEqual([])
  }
})
