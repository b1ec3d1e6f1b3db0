import { describe, expect, test } from 'vitest'
import { MAX_PROBLEMS } from '../../../src/list/user-list.ts'
import { parseSelectors, selectorRefusals } from '../../../src/plan/selector.ts'
import { selectors } from './builders.ts'

const isAccepted = (line: string): boolean => parseSelectors(line, 'exclude').ok

describe('a line is one selector', () => {
  test.each([
    ['id-1', 'id', 'id-1'],
    ['557058:c6f87718-6d76-b07e-881e-d162ae2eb154', 'id', '557058:c6f87718-6d76-b07e-881e-d162ae2eb154'],
    ['qm:a:b', 'id', 'qm:a:b'],
    [
      'qm:8f2c1b6e-0d0a-4a5e-9a53-1f7c2b1e4d11:0b9a7f0e-3f6d-4c57-8c62-6a1f0e9d2c33',
      'id',
      'qm:8f2c1b6e-0d0a-4a5e-9a53-1f7c2b1e4d11:0b9a7f0e-3f6d-4c57-8c62-6a1f0e9d2c33',
    ],
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
    'id-1 id-2',
    'group:Sales, EMEA',
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
    '<ada@example.com>',
    'ada@example.com.',
    'ada@[127.0.0.1]',
    '"ada b"@example.com',
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
      problems: [{ line: 3, found: text.trim(), message: expect.stringMatching(/Allowed:/) }],
      total: 1,
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

  test('the first 100 wrong lines are told with 80 characters of each, the others are counted', () => {
    const parsed = parseSelectors(`${'x'.repeat(5000)} y\n`.repeat(5000), 'exclude-file')
    if (parsed.ok) throw new Error('accepted')
    expect(parsed.total).toBe(5000)
    expect(parsed.problems).toHaveLength(MAX_PROBLEMS)
    const { problems: refusals, hidden } = selectorRefusals('exclude-file', parsed, (text) => text)
    expect(refusals).toHaveLength(MAX_PROBLEMS)
    expect(refusals[0]).toMatch(/^Input "exclude-file", line 1: found "x{79}…"\. /)
    expect(hidden).toBe(4900)
    expect(refusals.join('').length).toBeLessThan(64 * 1024)
  })

  test('a secret in a wrong line is taken out before the line is cut: half of it would not be found', () => {
    const secret = 's3cr3t'.repeat(40)
    const parsed = parseSelectors(`grop:${secret}`, 'exclude')
    if (parsed.ok) throw new Error('accepted')
    const [refusal] = selectorRefusals('exclude', parsed, (text) => text.replaceAll(secret, '***')).problems
    expect(refusal).toContain('found "grop:***"')
  })
})

describe('several selectors on one line are none', () => {
  const IDS = ['712020:3d9c1724-11e2-0b8f-6b0d-549b6f03675a', '557058:c6f87718-6d76-b07e-881e-d162ae2eb154']
  const ONE = [
    ...IDS,
    'e8e25d940ed904759531985d',
    'a@example.com',
    '*@example.org',
    'group:A',
    'role:Org admin',
    'status:x',
  ]
  const BETWEEN = [
    ' ',
    '  ',
    '\t',
    '\u00a0',
    '\u3000',
    ', ',
    ',',
    '; ',
    ';',
    '，',
    '、',
    ' | ',
    '|',
    ' / ',
    ' & ',
    ' + ',
    ' and ',
    ' - ',
  ]
  const lines = ONE.flatMap((one) => ONE.flatMap((other) => BETWEEN.map((between) => `${one}${between}${other}`)))

  test.each(['-', '_', ''])('two ids with %j between them', (between) => {
    // Together they have the form of one id, which would be nobody's.
    expect(isAccepted(IDS.join(between))).toBe(false)
  })

  test('whatever stands between them', () => {
    expect(lines.filter(isAccepted)).toEqual([])
  })

  test.each(['-', '_', ':', '.', '->', '!', '=', '\\', '•', 'and'])(
    'nor what the grammar of ids and names allows: %j',
    (glue) => {
      const glued = [...IDS, 'e8e25d940ed904759531985d', 'a@example.com'].flatMap((one) =>
        [IDS[0], 'e8e25d940ed904759531985f'].map((other) => `${one}${glue}${other}`),
      )
      expect([...glued, `group:A${glue}${IDS[0]}`].filter(isAccepted)).toEqual([])
    },
  )

  test.each(['->', '!', '=', '\\', '•', '~>'])('nor a name and more: %j', (glue) => {
    const more = ['a@example.com', 'e8e25d940ed904759531985d'].map((other) => `group:A${glue}${other}`)
    expect(more.filter(isAccepted)).toEqual([])
  })

  test.each([
    'group:jira admins role:x',
    'group:Site admins grop:Users',
    'group:A gruop:B',
    'group:A email:ada@example.com',
    'group:group:A',
    'group:A role :B',
    'group:A group：B',
    'group:A id:712020:a',
    'a@example.com b@example.com c@example.com',
    'id-1,id-2',
  ])('nor are %j', (line) => {
    expect(parseSelectors(line, 'exclude').ok).toBe(false)
  })

  test('a YAML value without "|" is told what to write', () => {
    for (const line of ['a@example.com b@example.com', 'group:A group:B', IDS.join(' ')]) {
      expect(parseSelectors(line, 'exclude')).toMatchObject({ problems: [{ message: expect.stringContaining('"|"') }] })
    }
  })

  test.each([
    'Site admins',
    'Team A: Sales',
    'a:b',
    'R&D',
    'Jira | Admins',
    'Sales and EMEA',
    'team@example.com',
    'Team #1',
    "O'Neil's",
    'Level 4 / 5',
    '24-7 on call',
    'café',
    'team.a-b@example.com',
    'jira-users-e8e25d940ed904759531985d',
  ])('but this is one name: %s', (name) => {
    expect(selectors(`group:${name.replace(' #', '#')}`)).toHaveLength(1)
  })
})

describe('quotes and what nobody sees are no part of a selector', () => {
  const ENDS = ['""', "''", '``', '“”', '‘’', '„“', '«»', '‹›', '´´', '＂＂', '「」']

  test('quotes at both ends or at one are refused', () => {
    const quoted = ENDS.flatMap(([open = '', close = '']) => [
      ...['group:A b', 'a@example.com', 'id-1'].flatMap((text) => [open + text + close, open + text, text + close]),
      ...[`group:${open}A b${close}`, `group: ${open}A`, `role:A${close}`],
    ])
    expect(quoted.filter(isAccepted)).toEqual([])
  })

  test.each(['\ufeff', '\u200b', '\u200d', '\u00ad', '\u2060', '\u202e', '\u0000', '\u2028', '\u0085', '\v'])(
    '%j',
    (hidden) => {
      for (const text of [
        `group:Ad${hidden}mins`,
        `gr${hidden}oup:Admins`,
        `ada@exam${hidden}ple.com`,
        `id${hidden}1`,
      ]) {
        expect(parseSelectors(text, 'exclude')).toMatchObject({
          problems: [{ message: expect.stringContaining('invisible') }],
        })
      }
    },
  )

  test('a joined emoji in a name is seen', () => {
    expect(selectors('group:👩\u200d💻 Devs')).toHaveLength(1)
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
