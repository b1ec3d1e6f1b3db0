import { describe, expect, test } from 'vitest'
import { escapeCsvCell } from '../../src/text/escape.ts'
import { type Ran, runMain } from './run-main.ts'
import { openScene } from './scene.ts'

/** A plan that asks nobody: what list and rules say alone. */
async function planOf(list: string, inputs: Readonly<Record<string, string>> = {}): Promise<Ran> {
  await using standIn = await openScene()
  return runMain(standIn, {
    inputs: { mode: 'plan', 'api-key': '', waive: '', ...inputs },
    files: { 'users.csv': list },
  })
}

const csv = (...rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(escapeCsvCell).join(',')}\r\n`).join('')

describe('a column whose name is nearly right keeps what it protects', () => {
  test.each([
    'Deactivate\u00a0after',
    'deactivate_after',
    'DeactivateAfter',
    'Deactivate\u200b after',
    'Deactivate after (UTC)',
  ])('%j', async (header) => {
    const ran = await planOf(csv(['User id', header], ['a', '2999-12-31'], ['b', '2001-01-01']))
    expect(ran.rows.map(({ decision, reason }) => [decision, reason])).toEqual([
      ['skip', 'not-due'],
      ['deactivate', ''],
    ])
  })

  test.each(['org_role', 'ORG-ROLE', 'OrgRole', 'Org\u3000role', '\u2060Org role'])('%j', async (header) => {
    const ran = await planOf(csv(['User id', header], ['a', 'Org admin'], ['b', 'User']))
    expect(ran.rows.map(({ reason }) => reason)).toEqual(['org-admin', ''])
  })
})

describe('an exclusion protects whom it names', () => {
  test.each([
    ['group:Sales*EMEA', 'Group 1', 'Sales, EMEA'],
    ['group:Sales*EMEA', 'Group name', 'staff, Sales, EMEA, jira'],
    ['group:site admins', 'Groups', 'staff, Site\u00a0Admins'],
    ['group:ΟΔΟΣ', 'Group 1', 'οδος'],
    ['group:STRASSE', 'Group name', 'Straße, staff'],
    ['role:org-admin', 'Org role', 'User, Org Admin'],
    ['role:atlassian/user', 'Org role', 'User'],
    ['STRASSE@example.com', 'e-mail', 'straße@example.com'],
  ])('%s in the column %s with %s', async (selector, header, cell) => {
    const ran = await planOf(csv(['User id', header], ['a', cell], ['b', 'x']), { exclude: selector })
    expect(ran.row('a')).toMatchObject({ decision: 'skip', reason: 'excluded' })
    expect(ran.row('b')).not.toMatchObject({ reason: 'excluded' })
  })

  test.each([
    'a@example.com b@example.com',
    'group:A group:B',
    'group:jira admins role:x',
    '712020:3d9c1724-11e2-0b8f-6b0d-549b6f03675a 557058:c6f87718-6d76-b07e-881e-d162ae2eb154',
    '"group:A"',
    'group:“A”',
    'group:A\u200b',
    'group:A grop:B',
  ])('or the run is refused: %j', async (exclude) => {
    const list = csv(['User id', 'email', 'Group 1'], ['a', 'a@example.com', 'A'], ['b', 'b@example.com', 'B'])
    const ran = await planOf(list, { exclude })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
    expect(ran.log).toContain('Input "exclude", line 1: found ')
  })
})

test('a first line names the delimiter', async () => {
  const ran = await planOf('sep=;\r\nUser id;User name\r\na;Ada, Countess\r\n')
  expect(ran.rows).toMatchObject([{ account_id: 'a', name: 'Ada, Countess', line: '3', decision: 'deactivate' }])
})
