import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { planFile, planned, planOf, result, runFind } from './find-scene.ts'
import { ADMIN, CANARY, openScene, SECOND, TARGETS, VICTIM } from './scene.ts'

const FILE = 'leavers.txt'
const find = async (standIn: Awaited<ReturnType<typeof openScene>>, lines: readonly string[], inputs = {}) =>
  runFind(standIn, {
    inputs: { 'include-file': FILE, 'users-file': 'users.csv', ...inputs },
    files: { [FILE]: `# from HR\n${lines.join('\n')}\n`, 'users.csv': 'User id\r\n' },
  })

describe('leavers by name', () => {
  test('an address, in any case, becomes a row with an id, and nobody else is in the list', async () => {
    await using standIn = await openScene()
    const found = await find(standIn, [`${VICTIM.toUpperCase()}@EXAMPLE.com`, SECOND])
    expect(found.outputs).toMatchObject({ outcome: 'planned', reason: '', planned: '2' })
    expect([...found.people.keys()]).toEqual([SECOND, VICTIM])
    expect(planFile(found).leftOut).toEqual([])
    const inputs = { 'include-file': FILE }
    const files = { [FILE]: `${VICTIM}@example.com\n${SECOND}\n` }
    expect(planned(await planOf(standIn, found, { inputs, files }))).toEqual([SECOND, VICTIM])
  })

  test('to whom nobody answers is named and fails the run; the list of the others is written', async () => {
    await using standIn = await openScene()
    const found = await find(standIn, [`${VICTIM}@example.com`, 'who@example.com', 'no-such-id', 'group:none'])
    expect(found.exitCode).toBe(1)
    expect(found.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-found', planned: '1' })
    expect([...found.people.keys()]).toEqual([VICTIM])
    expect(found.file).toBe(found.list)
    const page = readFileSync(join(found.folder, 'report.html'), 'utf8')
    for (const [who, line] of [
      ['who@example.com', 3],
      ['no-such-id', 4],
    ] as const) {
      expect(found.log).toMatch(new RegExp(`^${who}  not-found  \\(include-file, line ${line}\\)$`, 'm'))
      for (const text of [found.summary, page]) expect(text).toContain(who)
      expect(found.log).not.toContain(`The selector "${who}"`)
    }
    expect(found.log).toContain('The selector "group:none" in "include-file", line 5, matches no account.')
    expect(found.log).toContain(
      '::error title=Failed::Failed (accounts-not-found): Nobody in the directory matches 2 lines',
    )
    expect(result(found)).toMatchObject({ leftOutCount: 2, warningCount: 1 })
  })

  test('in masked privacy by the first letter and the line', async () => {
    await using standIn = await openScene()
    const event = JSON.stringify({ repository: { private: true, visibility: 'private' } })
    const found = await runFind(standIn, {
      inputs: { include: 'who@example.com', privacy: 'masked' },
      files: { 'event.json': event },
      event: 'event.json',
    })
    expect(found.outputs.reason).toBe('accounts-not-found')
    expect(found.log).toContain('w…@example.com')
    expect(found.log + found.summary + JSON.stringify(planFile(found))).not.toContain('who@')
  })

  test.each([
    ['is inactive already', { accountStatus: 'inactive' }, 'already-inactive'],
    ['is closed', { accountStatus: 'closed' }, 'already-inactive'],
    ['is not managed', { claimStatus: 'unmanaged' }, 'unmanaged'],
    ['is an app', { accountType: 'app' }, 'not-a-person'],
    ['is an admin', { roles: ['atlassian/org-admin'] }, 'org-admin'],
    ['is synced', { managementSource: 'synced' }, 'scim-managed'],
    ['was active', { lastActive: new Date().toISOString() }, 'recently-active'],
    ['has a status that proves nothing', { odd: { search: { accountStatus: 'pending' } } }, 'fact-unknown'],
  ] as const)('one who answers but %s is left out and named', async (_, person, reason) => {
    await using standIn = await openScene({ [VICTIM]: person })
    const found = await find(standIn, [`${VICTIM}@example.com`, SECOND], { 'idle-days': '30' })
    expect(found.outputs).toMatchObject({ outcome: 'planned', planned: '1' })
    expect(planFile(found).leftOut).toEqual([
      { who: `${VICTIM}@example.com`, email: '', from: 'include-file, line 2', isNamed: true, reason },
    ])
    expect(found.log).toContain(`${VICTIM}@example.com  ${reason}`)
    expect(found.log).not.toContain('matches no account')
  })

  test('an excluded one is named with that', async () => {
    await using standIn = await openScene()
    const found = await find(standIn, [CANARY, ADMIN], { exclude: `${CANARY}@example.com` })
    const told = planFile(found).leftOut.map(({ who, reason }: Record<string, string>) => [who, reason])
    expect(told).toEqual([
      [CANARY, 'excluded'],
      [ADMIN, 'executing-user'],
    ])
    expect(found.outputs.outcome).toBe('nothing-to-do')
  })

  test('patterns name nobody in particular', async () => {
    await using standIn = await openScene()
    const found = await find(standIn, ['*@example.com', 'nobody-*@example.com'])
    expect(found.outputs).toMatchObject({ outcome: 'planned', planned: String(TARGETS.length) })
    expect(planFile(found).leftOut).toEqual([])
    expect(found.log).toContain('The selector "nobody-*@example.com"')
  })
})
