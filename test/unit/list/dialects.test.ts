import { describe, expect, test } from 'vitest'
import { findColumns, meaningOf } from '../../../src/list/dialects.ts'

describe('columns are found by name', () => {
  test.each([
    ['User id', 'id'],
    ['Atlassian ID', 'id'],
    ['account_id', 'id'],
    ['accountId', 'id'],
    ['email', 'email'],
    ['Email', 'email'],
    ['User name', 'name'],
    ['Name', 'name'],
    ['User status', 'status'],
    ['Status', 'status'],
    ['active', 'status'],
    ['Org role', 'role'],
    ['Group name', 'groups'],
    ['Group 1', 'groups'],
    ['Group 27', 'groups'],
    ['Last seen in Jira - acme', 'last-seen'],
    ['Last active date [UTC]', 'last-seen'],
    ['Deactivate after', 'due'],
    ['  USER ID\u00a0', 'id'],
    ['\u00a0deactivate AFTER\t', 'due'],
    ['Billable', null],
    ['Group', null],
    ['User', null],
    ['[UTC]', null],
    ['Group x', null],
    ['Group 1 name', null],
    ['Last seen', null],
    ['', null],
    ['__proto__', null],
    ['constructor', null],
    ['toString', null],
  ])('%j means %j', (header, meaning) => {
    expect(meaningOf(header)).toBe(meaning)
  })

  test('never by position', () => {
    const outcome = findColumns(['Deactivate after', '__proto__', 'Group 2', 'Email', 'Atlassian ID', 'Group 1'])
    expect(outcome).toMatchObject({
      ok: true,
      columns: { id: 4, email: 3, due: 0, groups: [{ index: 2 }, { index: 5 }], name: null, width: 6 },
    })
    expect(outcome.ok && outcome.columns.facts).toEqual(new Set(['due', 'groups', 'email']))
  })
})

describe('a header is refused', () => {
  test.each([
    [['User id', 'accountId']],
    [['User id', 'user ID']],
    [['User id', 'Email', 'email']],
    [['User id', 'Status', 'active']],
    [['User id', 'Name', 'User name']],
    [['User id', 'Org role', 'org role']],
    [['User id', 'Deactivate after', 'deactivate after ']],
  ])('for two columns of one meaning: %j', (headers) => {
    expect(findColumns(headers).ok).toBe(false)
  })

  test('but not for several columns of groups and of last seen', () => {
    const headers = ['User id', 'Group name', 'Group 1', 'Group 2', 'Last seen in Jira', 'Last seen in Jira']
    expect(findColumns(headers).ok).toBe(true)
  })

  test('without a column for ids, naming those that are accepted', () => {
    const outcome = findColumns(['Secret', 'Email'])
    expect(outcome).toMatchObject({ ok: false, found: 'Secret, Email' })
    const message = outcome.ok ? '' : outcome.message
    for (const name of ['User id', 'Atlassian ID', 'account_id', 'accountId']) expect(message).toContain(`"${name}"`)
    expect(message).not.toContain('Secret')
  })
})
