import { describe, expect, test } from 'vitest'
import { findColumns, MAX_TOLD, meaningOf } from '../../../src/list/dialects.ts'

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
    ['Groups', 'groups'],
    ['Claimed', 'claimed'],
    ['Last active', 'last-seen'],
    ['Last active (UTC)', 'last-seen'],
    // Nearly right is right: other case, other or no blanks, dashes and underscores, what nobody sees, a time zone.
    ['Userid', 'id'],
    ['user_id', 'id'],
    ['USER-ID', 'id'],
    ['User\u200b id', 'id'],
    ['\ufeffUser id', 'id'],
    ['User\u00adid', 'id'],
    ['User\u3000\u202fid', 'id'],
    ['AtlassianID', 'id'],
    ['Account ID', 'id'],
    ['e-mail', 'email'],
    ['E\u2011Mail', 'email'],
    ['e mail', 'email'],
    ['USERNAME', 'name'],
    ['user_status', 'status'],
    ['org_role', 'role'],
    ['ORG-ROLE', 'role'],
    ['OrgRole', 'role'],
    ['group_name', 'groups'],
    ['Group1', 'groups'],
    ['group_02', 'groups'],
    ['Deactivate\u00a0after', 'due'],
    ['DeactivateAfter', 'due'],
    ['deactivate_after', 'due'],
    ['Deactivate after (UTC)', 'due'],
    ['Last active date (UTC)', 'last-seen'],
    ['last_active_date[utc]', 'last-seen'],
    ['Last\tactive date [UTC] ', 'last-seen'],
    ['LastSeenIn Jira', 'last-seen'],
    ['last_seen_in_jira', 'last-seen'],
    ['Billable', null],
    ['Deactivate', null],
    ['Deactivated after', null],
    ['Last seen in ', null],
    ['Group name 1', null],
    ['Group １', null],
    ['Claimed by', null],
    ['email (UTC+1)', null],
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
    [['User id', 'Deactivate after', 'Deactivate\u00a0after']],
    [['User id', 'user_id']],
    [['User id', 'Claimed', 'CLAIMED']],
  ])('for two columns of one meaning: %j', (headers) => {
    expect(findColumns(headers).ok).toBe(false)
  })

  test('but not for several columns of groups and of last seen', () => {
    const headers = ['User id', 'Group name', 'Groups', 'Group 1', 'Group 2', 'Last seen in Jira', 'Last active']
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

describe('which column was taken for what is told', () => {
  test('with those that were not used', () => {
    const outcome = findColumns(['user_id', 'Billable', 'Deactivate\u00a0after', 'Group 1', '', 'Org roles', 'Groups'])
    expect(outcome.ok && outcome.columns.told).toEqual({
      used: [
        { header: 'user_id', meaning: 'id' },
        { header: 'Deactivate\u00a0after', meaning: 'due' },
        { header: 'Group 1', meaning: 'groups' },
        { header: 'Groups', meaning: 'groups' },
      ],
      unused: ['Billable', 'Org roles'],
      more: 0,
    })
  })

  test('in a few words, however many and long they are', () => {
    const many = (name: string): string[] => Array.from({ length: 500 }, (_, index) => `${name} ${index + 1}`)
    const outcome = findColumns([...many('Group'), ...many('x'.repeat(200)), 'User id'])
    if (!outcome.ok) throw new Error(outcome.message)
    const { used, unused, more } = outcome.columns.told
    expect([used.length, unused.length, more]).toEqual([MAX_TOLD + 1, MAX_TOLD, 1000 - 2 * MAX_TOLD])
    expect(used.at(-1)).toEqual({ header: 'User id', meaning: 'id' })
    expect(Math.max(...unused.map((header) => header.length))).toBe(80)
  })
})
