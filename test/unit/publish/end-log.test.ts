import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { createLog } from '../../../src/log.ts'
import { refused } from '../../../src/plan/guards.ts'
import { endingText, figuresLine, tellEnding } from '../../../src/publish/end-log.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { accountResult, runReport } from '../report/builder.ts'

const NO_LINES = { file: '', problems: [] }
const account = (number: number, overrides: Parameters<typeof accountResult>[0] = {}) =>
  accountResult({ id: `id-${number}`, name: `Person ${number}`, email: `p${number}@example.com`, ...overrides })
const failed = (number: number) =>
  account(number, {
    state: 'failed',
    verified: '',
    httpStatus: 403,
    cause: causeOf('refused', 'externalDirectory.google'),
  })

let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

function told(report: RunReport, lines: Parameters<typeof tellEnding>[2] = NO_LINES): string {
  const log = createLog()
  log.showPersonalData(true)
  tellEnding(log, report, lines)
  return written
}

describe('the last line', () => {
  test.each<[Partial<RunReport>, string]>([
    [{}, 'Apply complete: 2 deactivated, 1 failed, 0 unknown, 0 not attempted · 2 read back · 60 s'],
    [{ outcome: 'halted' }, 'Apply halted: 2 deactivated, 1 failed, 0 unknown, 0 not attempted · 2 read back · 60 s'],
    [{ mode: 'plan', outcome: 'planned' }, 'Plan complete: 0 to deactivate, 2 left alone, 1 unread · 60 s'],
    [{ mode: 'verify' }, 'Verify complete: 0 still inactive, 0 came back, 0 unread · 60 s'],
  ])('%o', (overrides, line) => {
    const report = runReport({ accounts: [account(1), account(2), failed(3)], ...overrides })
    expect(figuresLine(report)).toBe(line)
    expect(told(report).trimEnd().split('\n').at(-1)).toBe(line)
  })
})

test('failures are told by name, cause and link, the first twenty of them', () => {
  const accounts = Array.from({ length: 25 }, (_, index) => failed(index))
  const log = told(runReport({ accounts, outcome: 'failed', reason: 'accounts-failed', organizationId: 'org-1' }))
  expect(log).toContain('25 accounts need attention:')
  expect(log).toContain(
    '✗ Person 0 p0@example.com id-0: The account is linked to Google Workspace (externalDirectory.google) https://admin.atlassian.com/o/org-1/users/id-0\n',
  )
  expect(log.match(/✗/g)).toHaveLength(20)
  expect(log).toContain('… and 5 more, all in results.csv')
})

test('a refusal is one annotation, with a title, a capital and a line for each guard', () => {
  const guards = [
    refused('key-missing', { found: '', limit: '', message: 'No key.', fix: 'Give one.' }),
    refused('max-users', { found: '', limit: '', message: 'Too many.', fix: 'Allow them.' }),
  ]
  const report = runReport({ outcome: 'refused', reason: 'key-missing', changed: 'Nothing was changed.', guards })
  expect(endingText(report)).toBe(
    'Refused (key-missing): Nothing was changed.\nNo key. Give one.\nToo many. Allow them.',
  )
  expect(told(report)).toBe(
    '::error title=Refused::Refused (key-missing): Nothing was changed.%0ANo key. Give one.%0AToo many. Allow them.\n',
  )
})

test('nine wrong lines are annotated with their place, the others are in the log and counted', () => {
  const problems = Array.from({ length: 12 }, (_, index) => ({ line: index + 2, text: `Found "${index}".` }))
  const log = told(runReport({ outcome: 'refused', reason: 'invalid-list', guards: [] }), {
    file: 'users.csv',
    problems,
  })
  expect(log.match(/::error title=User list%2C line \d+,file=users.csv,line=\d+::/g)).toHaveLength(9)
  expect(log).toContain('::group::3 more problems of the list\nLine 11: Found "9".\n')
})
