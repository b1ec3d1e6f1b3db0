import { describe, expect, test } from 'vitest'
import { parseSelectors } from '../../../src/plan/selector.ts'
import { selectors } from './builders.ts'

describe('a line is one selector', () => {
  test.each([
    ['id-1', 'id', 'id-1'],
    ['557058:c6f87718-6d76-b07e-881e-d162ae2eb154', 'id', '557058:c6f87718-6d76-b07e-881e-d162ae2eb154'],
    ['qm:a:b', 'id', 'qm:a:b'],
    ['ug:a', 'id', 'ug:a'],
    ['ada@example.com', 'email', 'ada@example.com'],
    ['*@example.com', 'email', '*@example.com'],
    ['test-*@*', 'email', 'test-*@*'],
    ['*', 'everyone', '*'],
    ['group:Team *', 'group', 'Team *'],
    ['GROUP: Team A ', 'group', 'Team A'],
    ['group:a@b', 'group', 'a@b'],
    ['group:a:b', 'group', 'a:b'],
    ['role:Org admin', 'role', 'Org admin'],
    ['status:Suspended', 'status', 'Suspended'],
  ])('%s', (text, kind, pattern) => {
    expect(selectors(text)).toEqual([{ kind, pattern, text: text.trim(), line: 1, source: 'exclude' }])
  })

  test.each([
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    'a@example.com\tb@example.com',
    'id-1 id-2',
    'id-1,id-2',
    'group:Sales, EMEA',
    'group:Sales;group:EMEA',
    'grop:Admins',
    'groups:Admins',
    'email:ada',
    'mailto:ada@example.com',
    'Group Admins',
    'group :Admins',
    'group:',
    'role:  ',
    'status:',
    '@example.com',
    'ada@',
    'ada@@example.com',
    'Ada <ada@example.com>',
    '"ada@example.com"',
    '**',
    'abc*',
    'grop:*',
    'id/1',
    'é',
    'a'.repeat(129),
    'QM:a',
  ])('%j is none', (text) => {
    const parsed = parseSelectors(`id-1\n\n${text}\nid-2`, 'exclude')
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ line: 3, found: text.trim(), message: expect.stringMatching(/Allowed is/) }],
    })
  })

  test.each([
    ['grop:Admins', 'Did you mean "group:"?'],
    ['grop:Jira admins', 'Did you mean "group:"?'],
    ['grop:Jira-*', 'Did you mean "group:"?'],
    ['grop:a@b', 'Did you mean "group:"?'],
    ['roles:Admins', 'Did you mean "role:"?'],
    ['statuses:Active', 'Did you mean "status:"?'],
  ])('%s is told the nearest prefix', (text, message) => {
    expect(parseSelectors(text, 'exclude')).toMatchObject({ problems: [{ message: expect.stringContaining(message) }] })
  })

  test('every line that is wrong is told', () => {
    const parsed = parseSelectors('a b\nid-1\nc d\n', 'include')
    expect(parsed.ok ? [] : parsed.problems.map(({ line }) => line)).toEqual([1, 3])
  })
})

describe('comments and blanks', () => {
  test.each([
    ['# all of it', []],
    ['  # all of it', []],
    ['#id-1', []],
    ['id-1 # why', ['id-1']],
    ['id-1\t#why', ['id-1']],
    ['id-1\u00a0# why', ['id-1']],
    ['# one\u2028two', []],
    ['group:C#', ['C#']],
    ['group:Team#1', ['Team#1']],
    ['group:Team #1', ['Team']],
    ['group:Team # a # b', ['Team']],
    ['a#b@example.com', ['a#b@example.com']],
    ['\ufeffid-1', ['id-1']],
    [' \u00a0id-1\t', ['id-1']],
    ['', []],
  ])('%j', (text, patterns) => {
    expect(selectors(text).map(({ pattern }) => pattern)).toEqual(patterns)
  })

  test.each(['a\nb\n\nc', 'a\r\nb\r\n\r\nc', 'a\rb\r\rc'])('lines are counted whatever ends them: %j', (text) => {
    expect(selectors(text).map(({ line }) => line)).toEqual([1, 2, 4])
  })
})
