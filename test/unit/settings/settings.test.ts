import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/account/settings.ts'
import { INPUT_NAMES, INPUTS, type InputName } from '../../../src/settings/inputs.ts'
import { parseSettings, plansRestore, type SettingsOutcome } from '../../../src/settings/settings.ts'

type Given = Partial<Record<InputName, string>>

/** The settings of a plan with these inputs, as the runner passes them. */
function parsed(given: Given, env: NodeJS.ProcessEnv = {}): SettingsOutcome {
  const values: Record<InputName, string> = { ...defaults(), 'users-file': 'users.csv', ...given }
  return parseSettings({
    ...Object.fromEntries(INPUT_NAMES.map((name) => [`INPUT_${name.toUpperCase()}`, values[name]])),
    ...env,
  })
}

function defaults(): Record<InputName, string> {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, INPUTS[name].default])) as Record<InputName, string>
}

function settingsOf(given: Given): Settings {
  const outcome = parsed(given)
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'))
  return outcome.settings
}

function problemsOf(given: Given, env: NodeJS.ProcessEnv = {}): readonly string[] {
  const outcome = parsed(given, env)
  return outcome.ok ? [] : outcome.problems
}

function noticesOf(given: Given): readonly string[] {
  const outcome = parsed(given)
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'))
  return outcome.notices
}

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
  expect(parseSettings({ 'INPUT_USERS-FILE': 'users.csv' })).toEqual(parsed({}))
})

describe('an empty value is no default', () => {
  test.each(INPUT_NAMES.filter((name) => INPUTS[name].default !== ''))('of %s', (name) => {
    for (const empty of ['', '  ', '\n']) {
      expect(problemsOf({ [name]: empty })).toEqual([
        expect.stringMatching(new RegExp(`^Input "${name}": found an empty value, allowed is .*Leave the input out`)),
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
    ['idle-days', 0, 3650],
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
        `Input "${name}": found "${wrong}", allowed is a whole number from ${least} to ${most}, in digits.`,
      ])
    }
  })

  test.each(['1.0', '+1', '-1', '1e1', '0x1', '01', '1,000', '1 0', 'one', '١', 'NaN', '9'.repeat(30)])(
    '%j is none',
    (text) => {
      for (const [name] of limits) expect(problemsOf({ [name]: text })).toHaveLength(1)
    },
  )
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
    ['approved-plan', 'sha256:abc'],
    ['approved-plan', 'None'],
    ['approved-plan', `sha256:${'A'.repeat(64)}`],
    ['require-approval', 'environment:'],
    ['require-approval', 'production'],
    ['require-approval', 'pull_request'],
    ['waive', 'max-users'],
    ['waive', 'admins-unknown, all'],
    ['waive', '*'],
    ['executing-user', 'a@example.com, b@example.com'],
    ['executing-user', 'Ada Lovelace'],
    ['executing-user', '*@example.com'],
    ['artifact-name', 'a/b'],
    ['users-artifact', 'a:b'],
    ['results-artifact', 'a\n../b'],
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
  ])('%s: %j', (name, given) => {
    const shown = given.replaceAll('\n', ' ')
    const problems = problemsOf({ [name]: given })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^Input "${name}": found `))
    expect(problems[0]).toContain(shown.slice(0, 70))
    expect(problems[0]).toContain(', allowed is ')
  })

  test('a key is never shown', () => {
    for (const key of ['Bearer ATCT-secret', 'ATCT-sec\nret', 'ATCT-secr€t']) {
      const [problem = '', ...more] = problemsOf({ 'api-key': key })
      expect(more).toEqual([])
      expect(problem).toMatch(/^Input "api-key": found a value that is not shown, allowed is /)
      expect(problem).not.toContain('sec')
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
    [{ 'atlassian-api-url': 'http://[::1]:8080' }, { atlassianApiUrl: 'http://[::1]:8080' }],
    [{ 'users-file': '', 'results-artifact': 'a\r\n\n b \na' }, { resultsArtifacts: ['a', 'b'] }],
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
  ])('%s', (wrong, right) => {
    expect(problemsOf({}, { [`INPUT_${wrong.toUpperCase()}`]: '' })).toEqual([
      expect.stringContaining(`"${wrong}" does not exist. Did you mean "${right}"`),
    ])
  })
})

test('a process that checks no certificates is refused', () => {
  expect(problemsOf({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
    expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
  ])
  expect(problemsOf({}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
})

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

describe('inputs that the mode does not use are named in a notice', () => {
  test.each<[Given, readonly string[]]>([
    [{}, []],
    [{ 'max-users': '9', exclude: 'id-1', 'github-token': 'ghs' }, []],
    [{ 'max-failures': '5' }, []],
    [{ 'max-failures': '6', message: 'bye' }, ['max-failures', 'message']],
    [{ 'results-run-id': '1' }, ['results-run-id']],
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
