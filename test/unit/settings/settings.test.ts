import { describe, expect, test } from 'vitest'
import { guardInput } from '../../../src/plan/guards.ts'
import { INPUT_NAMES, INPUTS, type InputName, type Settings } from '../../../src/settings/inputs.ts'
import { plansRestore } from '../../../src/settings/rules.ts'
import { parseSettings } from '../../../src/settings/settings.ts'
import { type Given, noticesOf, parsed, problemsOf, settingsOf } from './given.ts'

test('without inputs but a list everything has its default', () => {
  expect(settingsOf({})).toMatchObject({
    mode: 'plan',
    usersFile: 'users.csv',
    exclude: [],
    include: [{ kind: 'everyone' }],
    canarySize: 1,
    canaryPauseSeconds: 0,
    maxUsers: 500,
    maxPercent: 25,
    maxFailures: 5,
    idleDays: 0,
    noticeDays: 0,
    concurrency: 8,
    requestsPerSecond: Number.POSITIVE_INFINITY,
    deadlineMinutes: 345,
    approvedPlan: '',
    requireApproval: { kind: 'none' },
    waive: new Set(),
    privacy: 'auto',
    retentionDays: null,
    comment: true,
    atlassianApiUrl: 'https://api.atlassian.com',
  })
  expect(parseSettings({ 'INPUT_USERS-FILE': 'users.csv' }, (text) => text)).toEqual(parsed({}))
})

describe('an empty value is no default', () => {
  test.each(INPUT_NAMES.filter((name) => INPUTS[name].default !== ''))('of %s', (name) => {
    for (const empty of ['', '  ', '\n']) {
      expect(problemsOf({ [name]: empty })).toEqual([
        expect.stringMatching(new RegExp(`^Input "${name}": found an empty value, allowed: .*Leave the input out`)),
      ])
    }
  })

  test('nor is an inclusion of comments only', () => {
    expect(problemsOf({ include: '# everybody' })).toEqual([expect.stringMatching(/^Input "include": .*at least one/)])
  })
})

describe('numbers are plain decimal integers within their limits', () => {
  const limits = [
    ['canary-size', 1, 100],
    ['canary-pause-seconds', 0, 3600],
    ['max-users', 1, 1_000_000],
    ['max-percent', 0, 100],
    ['max-failures', 0, 1_000_000],
    ['notice-days', 0, 3650],
    ['concurrency', 1, 64],
    ['deadline-minutes', 1, 7200],
    ['retention-days', 1, 400],
  ] as const

  test.each(limits)('%s from %i to %i', (name, least, most) => {
    expect(problemsOf({ [name]: String(least) })).toEqual([])
    expect(problemsOf({ [name]: String(most) })).toEqual([])
    for (const wrong of [least - 1, most + 1]) {
      expect(problemsOf({ [name]: String(wrong) })).toEqual([
        `Input "${name}": found "${wrong}", allowed: a whole number from ${least} to ${most}, in digits.`,
      ])
    }
  })

  test('the days of idle-days too, with the directory that tells them', () => {
    for (const days of ['0', '90', '3650']) {
      expect(settingsOf({ 'organization-id': 'org', 'idle-days': days }).idleDays).toBe(Number(days))
    }
    expect(problemsOf({ 'organization-id': 'org', 'idle-days': '3651' })).toHaveLength(1)
  })

  test.each([
    ...[
      '1.0',
      '1.',
      '+1',
      '-1',
      '-0',
      '1e1',
      '0x1',
      '0b1',
      '01',
      '00',
      '1,000',
      '1_0',
      '1 0',
      'one',
      'NaN',
      '9'.repeat(30),
    ],
    ...['١', '１', '1\u200b', '\u00a01', '1\ufeff', '²', '1%'],
  ])('%j is none', (text) => {
    for (const [name] of limits) expect(problemsOf({ [name]: text })).toHaveLength(1)
    expect(problemsOf({ 'requests-per-second': text })).toHaveLength(text === '1.0' ? 0 : 1)
  })

  test('ordinary blanks and line ends around one are taken off', () => {
    expect(settingsOf({ 'max-users': ' 12\t\r\n' }).maxUsers).toBe(12)
  })
})

describe('a value is refused with its input, what was given and what is allowed', () => {
  test.each<[InputName, string]>([
    ['mode', 'Apply'],
    ['mode', 'deactivate'],
    ['comment', 'True'],
    ['comment', 'yes'],
    ['comment', '1'],
    ['privacy', 'hidden'],
    ['requests-per-second', '0'],
    ['requests-per-second', '-1'],
    ['requests-per-second', '1e3'],
    ['requests-per-second', 'Infinity'],
    ['organization-id', 'a/b'],
    ['organization-id', 'a'.repeat(65)],
    ['users-run-id', '12a'],
    ['results-run-id', '-1'],
    ['results-run-id', '012'],
    ['users-run-id', '0'],
    ['users-run-id', '9007199254740993'],
    ['approved-plan', 'sha256:abc'],
    ['approved-plan', 'None'],
    ['approved-plan', `sha256:${'A'.repeat(64)}`],
    ['require-approval', 'environment:'],
    ['require-approval', 'environment: ..'],
    ['require-approval', 'environment:.'],
    ['require-approval', 'production'],
    ['require-approval', 'pull_request'],
    ['waive', 'max-users'],
    ['waive', 'max-percent\u00a0'],
    ['waive', 'Max-percent'],
    ['waive', '*'],
    ['executing-user', 'a@example.com, b@example.com'],
    ['executing-user', 'Ada Lovelace'],
    ['executing-user', '*@example.com'],
    ['executing-user', 'j…@example.com'],
    ['artifact-name', 'a/b'],
    ['users-artifact', 'a:b'],
    ['results-artifact', '../b'],
    ['results-artifact', 'a'.repeat(201)],
    ['atlassian-api-url', 'http://api.atlassian.com'],
    ['atlassian-api-url', 'https://api.atlassian.com/v1'],
    ['atlassian-api-url', 'https://user@api.atlassian.com'],
    ['atlassian-api-url', 'https://api.atlassian.com.evil.org'],
    ['atlassian-api-url', 'https://evilatlassian.com'],
    ['atlassian-api-url', 'https://evil.org/.atlassian.com'],
    ['atlassian-api-url', 'https://api.atlassian.com?x=1'],
    ['atlassian-api-url', 'http://127.0.0.1.evil.org'],
    ['atlassian-api-url', 'http://0.0.0.0'],
    ['atlassian-api-url', 'ftp://localhost'],
    ['atlassian-api-url', 'api.atlassian.com'],
    ['atlassian-api-url', 'https:api.atlassian.com'],
    ['atlassian-api-url', 'https:\\\\api.atlassian.com'],
    ['atlassian-api-url', 'https://@api.atlassian.com'],
    ['atlassian-api-url', 'https://:@api.atlassian.com'],
    ['atlassian-api-url', 'https://api.atlassian.com?'],
    ['atlassian-api-url', 'https://api.atlassian.com#'],
    ['atlassian-api-url', 'https://api.atlassian.com/v1/..'],
    ['atlassian-api-url', 'https://api%2eatlassian.com'],
    ['atlassian-api-url', 'https://api。atlassian。com'],
    ['atlassian-api-url', 'https://api.atlassian.com.'],
    ['atlassian-api-url', 'https://.atlassian.com'],
    ['atlassian-api-url', 'https://api..atlassian.com'],
    ['atlassian-api-url', 'http://127.1'],
    ['atlassian-api-url', 'http://2130706433'],
  ])('%s: %j', (name, given) => {
    const shown = given.replaceAll('\n', ' ')
    const problems = problemsOf({ [name]: given })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^Input "${name}": found `))
    expect(problems[0]).toContain(shown.slice(0, 70))
    expect(problems[0]).toContain(', allowed: ')
  })

  test('of a list only the piece that is wrong is repeated', () => {
    expect(problemsOf({ waive: 'admins-unknown, all' })).toEqual([
      expect.stringMatching(/^Input "waive": found "all", /),
    ])
    expect(problemsOf({ 'users-file': '', 'results-artifact': 'a\n../b' })).toEqual([
      expect.stringMatching(/^Input "results-artifact": found "..\/b", /),
    ])
  })

  test('no text of more than 200 characters is repeated', () => {
    for (const name of INPUT_NAMES) {
      const problems = problemsOf({ [name]: '/:@,'.repeat(25_000) }, { [`INPUT_X${'Y'.repeat(25_000)}`]: 'z' })
      for (const problem of problems) expect(problem.length, problem).toBeLessThan(600)
    }
  })

  test('a key or a token is never shown, whichever input it was written to', () => {
    for (const name of ['api-key', 'github-token'] as const) {
      for (const key of ['Bearer ATCT-secret', 'ATCT-sec\nret', 'ATCT-secr€t']) {
        const [problem = '', ...more] = problemsOf({ [name]: key })
        expect(more).toEqual([])
        expect(problem).toMatch(new RegExp(`^Input "${name}": found a value that is not shown`))
        expect(problem).not.toContain('sec')
      }
    }
    const key = `ATCTT3x${'0123456789abcdef'.repeat(10)}=ABCDEF01`
    for (const name of INPUT_NAMES) {
      const outcome = parsed({ mode: 'x', 'api-key': key, [name]: `${key}:,@` }, {}, (text) =>
        text.replaceAll(key, '***'),
      )
      expect(outcome.ok ? '' : outcome.problems.join('\n')).not.toContain('0123456789abcdef')
    }
    expect(JSON.stringify(settingsOf({ 'api-key': 'ATCT-secret', 'github-token': 'ghs-secret' }).given)).not.toContain(
      'secret',
    )
  })

  test('all problems are told at once', () => {
    expect(problemsOf({ mode: 'x', 'max-users': 'y', exclude: 'a b\nc d' })).toEqual([
      expect.stringContaining('"mode"'),
      expect.stringContaining('"exclude", line 1'),
      expect.stringContaining('"exclude", line 2'),
      expect.stringContaining('"max-users"'),
    ])
  })
})

describe('values are understood', () => {
  test.each<[Given, Partial<Settings>]>([
    [{ 'requests-per-second': '0.5' }, { requestsPerSecond: 0.5 }],
    [{ waive: 'admins-unknown,\n max-percent' }, { waive: new Set(['admins-unknown', 'max-percent'] as const) }],
    [{ 'require-approval': 'environment:prod: eu' }, { requireApproval: { kind: 'environment', name: 'prod: eu' } }],
    [{ 'require-approval': 'pull-request' }, { requireApproval: { kind: 'pull-request' } }],
    [{ 'approved-plan': `sha256:${'0a'.repeat(32)}` }, { approvedPlan: `sha256:${'0a'.repeat(32)}` }],
    [{ 'executing-user': '557058:a' }, { executingUser: '557058:a' }],
    [{ 'executing-user': ' Ada@example.com\n' }, { executingUser: 'Ada@example.com' }],
    [
      { 'atlassian-api-url': 'https://api.atlassian-us-gov-mod.com/' },
      { atlassianApiUrl: 'https://api.atlassian-us-gov-mod.com' },
    ],
    [{ 'atlassian-api-url': 'http://127.0.0.1:8080' }, { atlassianApiUrl: 'http://127.0.0.1:8080' }],
    [{ 'atlassian-api-url': 'HTTPS://API.Atlassian.com:443/' }, { atlassianApiUrl: 'https://api.atlassian.com' }],
    [{ 'atlassian-api-url': 'http://localhost:80' }, { atlassianApiUrl: 'http://localhost' }],
    [{ 'atlassian-api-url': 'http://[::1]:8080' }, { atlassianApiUrl: 'http://[::1]:8080' }],
    [{ 'users-file': '', 'results-artifact': 'a\r\n\n b \na' }, { resultsArtifact: ['a', 'b'] }],
  ])('%j', (given, expected) => {
    expect(settingsOf(given)).toMatchObject(expected)
  })
})

describe('what action.yml does not know is refused with the nearest name', () => {
  test.each([
    ['exclude_file', 'exclude-file'],
    ['excludes', 'exclude'],
    ['maxusers', 'max-users'],
    ['api_key', 'api-key'],
    ['canary', 'canary-size'],
    ['exclude file', 'exclude-file'],
    ['exclude.file', 'exclude-file'],
  ])('%s', (wrong, right) => {
    expect(problemsOf({}, { [`INPUT_${wrong.toUpperCase().replaceAll(' ', '_')}`]: '' })).toEqual([
      expect.stringContaining(`"${wrong.replaceAll(' ', '_')}" does not exist. Did you mean "${right}"`),
    ])
  })
})

test('a process that checks no certificates is refused', () => {
  expect(problemsOf({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
    expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
  ])
  expect(problemsOf({}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
})

test.each(['http://user:pass@:bad', 'ftp://user:pass@proxy.example.com', 'socks5://user:pass@proxy.example.com:1080'])(
  'a proxy variable that names no HTTP proxy is refused, and not shown: %s',
  (value) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      const problems = problemsOf({}, { [name]: value })
      expect(problems).toEqual([expect.stringContaining('HTTPS_PROXY')])
      expect(problems.join()).not.toContain('pass@')
    }
    for (const good of [
      '',
      'proxy.example.com:3128',
      'http://user:pass@proxy.example.com',
      'https://proxy.example.com',
    ])
      expect(problemsOf({}, { HTTPS_PROXY: good })).toEqual([])
  },
)

describe('inputs that contradict each other', () => {
  test.each<[Given, string]>([
    [{ mode: 'apply', 'users-file': '' }, 'users-file'],
    [{ mode: 'plan', 'users-file': '' }, 'users-file'],
    [{ mode: 'restore' }, 'results-artifact'],
    [{ mode: 'verify' }, 'results-artifact'],
    [{ mode: 'plan', 'results-artifact': 'a' }, 'results-artifact'],
  ])('%j', (given, named) => {
    expect(problemsOf(given)).toEqual([expect.stringContaining(`"${named}"`)])
  })

  test('a plan of results is a plan of a restore', () => {
    expect(plansRestore(settingsOf({ 'users-file': '', 'results-artifact': 'a' }))).toBe(true)
    expect(plansRestore(settingsOf({}))).toBe(false)
    expect(plansRestore(settingsOf({ mode: 'restore', 'users-file': '', 'results-artifact': 'a' }))).toBe(false)
  })
})

test('at most 100 problems are listed, the rest is counted', () => {
  const refused = parsed({ exclude: 'a b\n'.repeat(5000) })
  const { message, found } = refused.ok ? expect.fail('accepted') : guardInput(refused.problems, refused.hidden)
  expect(message.split('\n')).toHaveLength(101)
  expect(message).toMatch(/\n4,900 more problems not listed\.$/)
  expect(found).toBe('5,000 problems')
  expect(guardInput(problemsOf({ exclude: 'a b\n'.repeat(100) })).message).not.toContain('not listed')
})

describe('inputs that the mode does not use are named in a notice', () => {
  test.each<[Given, readonly string[]]>([
    [{}, []],
    [{ 'max-users': '9', exclude: 'id-1', 'github-token': 'ghs' }, []],
    [{ 'max-failures': '5' }, []],
    [{ 'max-failures': '6', message: 'bye' }, ['message']],
    [{ 'results-run-id': '1' }, ['results-run-id']],
    [{ 'notice-days': '30', 'canary-pause-seconds': '1' }, ['canary-pause-seconds', 'notice-days']],
    [{ mode: 'find', 'organization-id': 'o', 'notice-days': '30', include: 'a@example.com', 'max-users': '5' }, []],
    [
      {
        mode: 'find',
        'organization-id': 'o',
        'users-artifact': 'a',
        'users-run-id': '1',
        message: 'bye',
        'canary-size': '2',
      },
      ['users-artifact', 'users-run-id', 'canary-size', 'message'],
    ],
    [{ mode: 'restore', 'users-file': '', 'results-artifact': 'a', 'idle-days': '3' }, ['idle-days']],
    [{ mode: 'apply', comment: 'false', 'results-artifact': 'a' }, ['results-artifact', 'comment']],
    [{ mode: 'restore', 'results-artifact': 'a', message: 'x' }, ['users-file', 'message']],
    [{ mode: 'restore', 'users-file': '', 'results-artifact': 'a', 'results-run-id': '1', exclude: 'id-1' }, []],
    [
      { mode: 'verify', 'users-file': '', 'results-artifact': 'a', exclude: 'id-1', 'max-users': '7' },
      ['exclude', 'max-users'],
    ],
    [{ 'users-file': '', 'results-artifact': 'a', 'results-run-id': '1', comment: 'false' }, []],
    [
      { 'users-file': '', 'results-artifact': 'a', 'users-run-id': '1', waive: 'max-percent' },
      ['users-run-id', 'waive'],
    ],
  ])('%j: %j', (given, names) => {
    const notices = noticesOf(given)
    expect(notices).toHaveLength(names.length === 0 ? 0 : 1)
    expect(
      notices.flatMap((notice) =>
        [...notice.replace(/^Mode "[a-z]+"/, '').matchAll(/"([^"]+)"/g)].map(([, name]) => name),
      ),
    ).toEqual(names)
  })
})
