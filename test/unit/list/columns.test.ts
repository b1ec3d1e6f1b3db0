import { describe, expect, test } from 'vitest'
import { FIND_HEADER } from '../../../src/list/dialects.ts'
import { escapeCsvCell } from '../../../src/text/escape.ts'
import { lines, listIn, onlyAccount, problemsIn } from './lists.ts'

describe('columns are found by their names', () => {
  test.each(['User id', 'Atlassian ID', 'account_id', 'accountId', ' USER ID ', '\u00a0user id', '"User id"'])(
    'the id in %j',
    (header) => {
      expect(onlyAccount(lines(`email,${header}`, 'a@example.com,id-1')).id).toBe('id-1')
    },
  )

  test('of the directory export', () => {
    const account = onlyAccount(
      lines(
        'User id,User name,email,User status,Added to org,Org role,Last seen in Jira - acme,Group name',
        '557058:a,Ada,ada@example.com,Active,3 Jan 2024,Org admin,Never accessed,"staff, jira"',
      ),
    )
    expect(account).toEqual({
      id: '557058:a',
      line: 2,
      email: 'ada@example.com',
      name: 'Ada',
      statuses: ['Active'],
      active: true,
      unclaimed: false,
      roles: ['Org admin'],
      groupCells: [{ text: 'staff, jira', several: true }],
      lastSeen: 'Never accessed',
      due: '',
    })
  })

  test('of the managed-accounts export, in any order', () => {
    const list = listIn(
      lines('Status,Last active date [UTC],Atlassian ID,Email,Name', 'Deactivated,,a,ada@example.com,Ada'),
    )
    expect(list.accounts).toMatchObject([{ id: 'a', email: 'ada@example.com', name: 'Ada', active: false }])
    expect([...list.facts].toSorted()).toEqual(['email', 'last-seen', 'name', 'status'])
  })

  test.each([
    ['DeactivateAfter', '2026-03-01', { due: '2026-03-01' }],
    ['Deactivate\u00a0after', '2026-03-01', { due: '2026-03-01' }],
    ['org_role', 'Org admin', { roles: ['Org admin'] }],
    ['Claimed', 'No', { unclaimed: true }],
    ['Last active', '2024-05-12', { lastSeen: '2024-05-12' }],
    ['Groups', 'a, b', { groupCells: [{ text: 'a, b', several: true }] }],
    ['Group 1', 'a, b', { groupCells: [{ text: 'a, b', several: false }] }],
  ])('%s holds what it says', (header, cell, told) => {
    expect(onlyAccount(lines(`Userid,${header}`, `id-1,"${cell}"`))).toMatchObject(told)
  })

  test('what a list does not tell, and what an empty cell does not, is none', () => {
    for (const text of ['User id\nid-1\n', 'User id,email,Status,Org role,Groups,Group 1,Last active\nid-1,,,,,,\n']) {
      expect(onlyAccount(text)).toMatchObject({
        email: '',
        statuses: [],
        active: true,
        unclaimed: false,
        roles: [],
        groupCells: [],
        lastSeen: '',
      })
    }
  })

  test('the same text in both kinds of group columns is both', () => {
    expect(onlyAccount(lines('User id,Groups,Group 1,Group 2', 'id-1,"a, b","a, b","a, b"')).groupCells).toEqual([
      { text: 'a, b', several: true },
      { text: 'a, b', several: false },
    ])
  })

  test('groups of numbered columns are all kept, each once', () => {
    const account = onlyAccount(lines('Group 2,account_id,Group 1,Group 10', 'b,id-1,a,b'))
    expect(account.groupCells.map(({ text }) => text)).toEqual(['b', 'a'])
  })

  test.each([
    ['two id columns', 'User id,account_id'],
    ['two e-mail columns', 'User id,Email,email'],
    ['User status beside active', 'User id,User status,active'],
    ['User name beside Name', 'User id,User name,Name'],
    ['two due dates', 'User id,Deactivate after,Deactivate after'],
  ])('%s are refused', (_, header) => {
    expect(problemsIn(lines(header))).toMatchObject([{ line: 1, found: expect.stringContaining(',') }])
  })

  test('several columns of groups and of last seen are no ambiguity', () => {
    const header = 'User id,Group name,Group 1,Last seen in Jira,Last seen in Wiki,Last active date [UTC]'
    expect([...listIn(lines(header)).facts].toSorted()).toEqual(['groups', 'last-seen'])
  })

  test.each(['id,email', 'User,email', 'email', '__proto__,constructor', 'Users id', 'a,b\u2028User id'])(
    'a header without an id column is refused: %j',
    (header) => {
      expect(problemsIn(lines(header, 'x,y'))).toMatchObject([
        { line: 1, message: expect.stringContaining('No column holds account ids') },
      ])
    },
  )

  test('a header that is refused is told alone, whatever follows it', () => {
    expect(problemsIn('email\n"a"b,c\n')).toMatchObject([{ line: 1 }])
  })

  test('columns named like members of every object are only columns', () => {
    const list = listIn(lines('__proto__,constructor,User id,toString', 'a,b,id-1,c'))
    expect(list.accounts.map(({ id }) => id)).toEqual(['id-1'])
    expect(list.facts.size).toBe(0)
  })

  test.each(['', '\n', '\r\n\r\n', ' \n\t', '""\n'])('a file without a header is refused: %j', (text) => {
    expect(problemsIn(text)).toMatchObject([{ line: 0, message: 'The file has no header row.' }])
  })

  test('a header without rows is a list of nobody', () => {
    expect(listIn('User id,email').accounts).toEqual([])
  })
})

describe('the delimiter is told from the header', () => {
  test.each([
    ['comma', 'User id,email', 'id-1,a;b@example.com', 'a;b@example.com'],
    ['semicolon', 'User id;email', 'id-1;a,b@example.com', 'a,b@example.com'],
    ['tab', 'User id\temail', 'id-1\ta@example.com', 'a@example.com'],
    [
      'semicolon, with commas in a header',
      'User id;email;Notes, remarks, more',
      'id-1;a@example.com;x',
      'a@example.com',
    ],
    ['semicolon, with quoted commas', '"User id";"email";"a,b,c,d"', 'id-1;a@example.com;x', 'a@example.com'],
    ['comma, with semicolons in a header', 'User id,email,a;b;c;d;e', 'id-1,a@example.com,x', 'a@example.com'],
  ])('%s', (_, header, row, email) => {
    expect(onlyAccount(lines(header, row))).toMatchObject({ id: 'id-1', email })
  })

  test.each(['\n\n', ';;\n', ' ; \r\n', '"";""\n'])('behind blank rows: %j', (before) => {
    expect(onlyAccount(`${before}${lines('User id;email', 'id-1;a@example.com')}`).id).toBe('id-1')
  })

  test.each([
    ['sep=;', 'User id;Name, first;email', 'id-1;x;a@example.com', 2],
    ['sep=,', 'User id,email', 'id-1,a@example.com', 2],
    ['SEP=\t', 'User id\temail', 'id-1\ta@example.com', 2],
    ['"sep=;"', 'User id;email', 'id-1;a@example.com', 2],
    ['sep=;;;', 'User id;email', 'id-1;a@example.com', 2],
    ['sep=|', 'User id|email', 'id-1|a@example.com', 2],
    ['sep=;\r', 'User id;email\r', 'id-1;a@example.com\r', 2],
    ['sep=;\n\n ;', 'User id;email', 'id-1;a@example.com', 4],
    ['\nsep=;', 'User id;email', 'id-1;a@example.com', 3],
  ])('or from a first line: %j', (first, header, row, line) => {
    expect(onlyAccount(lines(first, header, row))).toMatchObject({ id: 'id-1', email: 'a@example.com', line: line + 1 })
    expect(problemsIn(lines(first, header, row.replace('id-1', 'id 1')))).toMatchObject([{ line: line + 1 }])
  })

  test.each(['sep=', 'sep=;x', 'sep=;,', 'sep', 'sep=""', ' sep=;'])('which names nothing in %j', (first) => {
    expect(problemsIn(lines(first, 'User id;email', 'id-1;a@example.com'))).toMatchObject([{ line: 1 }])
  })

  test('and the first line names it even where the header would do with another', () => {
    expect(problemsIn(lines('sep=;', 'User id,email', 'id-1,a@example.com'))).toMatchObject([{ line: 2 }])
  })

  test('a list of one column needs none', () => {
    expect(listIn(lines('account_id', 'a', 'b')).accounts.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  test('with more header than a read of 64 KiB', () => {
    const groups = Array.from({ length: 9000 }, (_, index) => `"Group ${index + 1}"`).join(';')
    const account = onlyAccount(lines(`${groups};"User id"`, `${';'.repeat(9000)}id-1`))
    expect(account).toMatchObject({ id: 'id-1', groupCells: [] })
  })
})

describe('a list that mode "find" wrote', () => {
  const header = 'User id,User name,email,User status,Org role,Groups,Last active,Added to org,Deactivate after'
  const row = ['-id', '=Ada', "'quoted'", 'active', '@admin', '+g, -h', '2024-05-12', '2024-01-03', '2026-01-31']
  const written = row.map(escapeCsvCell).join(',')

  test('is read with what was put before formulas taken off', () => {
    expect(FIND_HEADER.join(',')).toBe(header)
    expect(written).toContain("'-id")
    expect(onlyAccount(lines(header, written))).toEqual({
      id: '-id',
      line: 2,
      email: "'quoted'",
      name: '=Ada',
      statuses: ['active'],
      active: true,
      unclaimed: false,
      roles: ['@admin'],
      groupCells: [{ text: '+g, -h', several: true }],
      lastSeen: '2024-05-12',
      due: '2026-01-31',
    })
  })

  test.each([header.replace('User id', 'user id'), `${header},Notes`])('another is read as it stands: %s', (other) => {
    const more = other.endsWith('Notes') ? ',x' : ''
    const [problem] = problemsIn(lines(other, written + more))
    expect(problem?.found).toBe("'-id")
    const safe = written.replace("'-id", 'id-1') + more
    expect(onlyAccount(lines(other, safe)).name).toBe("'=Ada")
  })
})

describe('many columns', () => {
  const header = (size: number): string =>
    `${Array.from({ length: size }, (_, index) => `Group ${index + 1}`).join(',')},User id`

  test('name a group once, however many there are', () => {
    const size = 10_002
    const row = `${Array.from({ length: size }, (_, index) => `g${Math.min(index, size - 2)}`).join(',')},id-1`
    expect(onlyAccount(lines(header(size), row)).groupCells).toHaveLength(size - 1)
  })

  test('take time in proportion to their number', { timeout: 20_000 }, () => {
    const time = (size: number): number => {
      const start = performance.now()
      const row = `${Array.from({ length: size }, (_, index) => `g${index}`).join(',')},id-1`
      expect(onlyAccount(lines(header(size), row)).groupCells).toHaveLength(size)
      return performance.now() - start
    }
    time(5000)
    // Quadratic it was 23 s: sixteen times as long for four times as many.
    expect(time(50_000)).toBeLessThan(8 * time(12_500) + 500)
  })
})
