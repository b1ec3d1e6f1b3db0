import { describe, expect, test } from 'vitest'
import { crowd } from '../stand-in/organization.ts'
import { ADMIN, approved, openRepository, type Repository, withInputs } from './act.ts'

const PEOPLE = crowd(6)
const LEAVERS = PEOPLE.slice(0, 3)

function open(addresses: readonly string[]): Promise<Repository> {
  return openRepository({
    people: [ADMIN, ...PEOPLE],
    workflow: 'examples/leavers-by-email.yml',
    files: {
      'leavers.csv': `Name,email,Last day\r\n${addresses.map((email) => `"Leaver, A",${email},x\r\n`).join('')}`,
    },
    adapt: (workflow) => withInputs(workflow, { 'max-percent': '100' }),
  })
}

function dispatch({ organization }: Repository, mode: string) {
  return { payload: { inputs: { mode } }, secrets: { ATLASSIAN_READ_KEY: organization.key } }
}

describe('leavers by e-mail', () => {
  test('are found, planned and, once approved, deactivated', async () => {
    await using repository = await open(LEAVERS.map(({ email }) => email.toUpperCase()))
    repository.standIn.github.approvals['1000'] = [approved('atlassian')]
    const run = await repository.run('workflow_dispatch', dispatch(repository, 'apply'))
    expect([run.job('Find their accounts'), run.job('Attempt 1')]).toEqual(['succeeded', 'succeeded'])
    const changed = repository.organization.changes.map(({ accountId }) => accountId)
    expect(changed.toSorted()).toEqual(LEAVERS.map(({ id }) => id).toSorted())
  })

  test('of whom one has no account stop the run, which names the address', async () => {
    await using repository = await open([...LEAVERS.map(({ email }) => email), 'gone@example.com'])
    const run = await repository.run('workflow_dispatch', dispatch(repository, 'apply'))
    expect([run.job('Find their accounts'), run.job('Plan'), run.job('Attempt 1')]).toEqual(['failed', null, null])
    expect(run.log).toContain('accounts-not-found')
    expect(run.log).toContain('gone@example.com')
    expect(repository.organization.changes).toEqual([])
  })

  test.each(['', '*', '*@example.com', 'group:jira-users-acme', '"a@example.com\n*"', 'a@example.com # b@example.com'])(
    'without an address are named by their row: %j',
    async (cell) => {
      await using repository = await open([cell, ...LEAVERS.map(({ email }) => email)])
      const run = await repository.run('workflow_dispatch', dispatch(repository, 'plan'))
      expect(run.job('Find their accounts')).toBe('failed')
      expect(run.log).toContain('Row 1 of leavers.csv has no e-mail.')
      expect(repository.organization.calls).toEqual([])
    },
  )
})
