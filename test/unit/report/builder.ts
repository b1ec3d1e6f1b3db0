import { causeOf } from '../../../src/account/cause.ts'
import { type AccountResult, type State, tally } from '../../../src/account/result.ts'
import { causeText } from '../../../src/report/cause-words.ts'
import type { RunReport } from '../../../src/report/report.ts'
import type { ResultsRow } from '../../../src/report/results-csv.ts'

/** When every report begins: 2026-03-02 08:00 UTC. Milliseconds since the epoch. */
export const START = Date.UTC(2026, 2, 2, 8)

/** One line of the results, by default an account that was deactivated and read back. */
export function accountResult(overrides: Partial<AccountResult> = {}): AccountResult {
  return {
    id: '557058:00000000-0000-4000-8000-000000000001',
    email: 'jane.doe@example.com',
    name: 'Jane Doe',
    line: 2,
    decision: 'deactivate',
    reason: '',
    state: 'deactivated',
    verified: 'yes',
    cause: null,
    httpStatus: 204,
    attempts: 1,
    startedAt: at(1000),
    finishedAt: at(1400),
    lastActive: '',
    licences: null,
    canary: false,
    ...overrides,
  }
}

/** The account as it comes back from results.csv: why it is so has become a text, and canaries are no longer told. */
export function fromCsv(account: AccountResult): ResultsRow {
  return { ...account, cause: null, detail: causeText(account.cause), canary: false }
}

/** A report of a run that deactivated one account; counts follow from the accounts unless they are given. */
export function runReport(overrides: Partial<RunReport> = {}): RunReport {
  const accounts = overrides.accounts ?? [accountResult({ canary: true })]
  const counts = overrides.counts ?? tally(accounts).counts
  return {
    mode: 'apply',
    change: 'deactivate',
    outcome: 'completed',
    reason: '',
    headline: '1 account was deactivated and confirmed by a read.',
    changed: `${counts.deactivated} accounts were deactivated.`,
    next: '',
    planDigest: `sha256:${'ab12'.repeat(16)}`,
    today: '2026-03-02',
    source: 'lists/leavers.csv',
    columns: '',
    organizationId: '2a4f5c6d-0000-4000-8000-00000000beef',
    privacy: 'full',
    live: true,
    guards: [
      { guard: 'max-users', verdict: 'passed', found: '1 account', limit: 'at most 500', message: '', fix: '' },
      { guard: 'max-percent', verdict: 'passed', found: '1 % of 1,204', limit: 'at most 25 %', message: '', fix: '' },
    ],
    warnings: [],
    emailed: counts.planned + counts.deactivated,
    settings: { mode: 'apply', 'users-file': 'lists/leavers.csv', 'max-users': 500 },
    pauses: [],
    approvedBy: [],
    byDirectoryAlone: 0,
    whom: [],
    startedBy: 'ada',
    attemptStartedBy: 'ada',
    commit: 'c0ffee'.padEnd(40, '0'),
    workflow: 'octo-org/leavers/.github/workflows/leavers.yml@refs/heads/main',
    sha256: { list: '12'.repeat(32), excludeFile: '', includeFile: '' },
    canaryFinishedAt: at(2000),
    activeBefore: 1204,
    activeAfterCanary: 1203,
    activeAfter: 1203,
    leftOut: [],
    activity: null,
    licences: null,
    startedAt: at(0),
    finishedAt: at(60_000),
    repository: 'octo-org/leavers',
    runId: '4711',
    runAttempt: 1,
    runUrl: 'https://github.com/octo-org/leavers/actions/runs/4711',
    artifact: {
      name: 'atlassian-users-apply-1',
      id: 99,
      url: 'https://github.com/octo-org/leavers/actions/runs/4711/artifacts/99',
    },
    uses: 'octo-org/deactivate-atlassian-users@v1',
    resultsPath: '/tmp/results',
    ...overrides,
    accounts,
    counts,
  }
}

const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hana',
  'Ines',
  'Jörg',
  'Kenji',
  'Lotte',
]
const LAST_NAMES = ['Andersson', 'Bianchi', 'Castro', 'Dubois', 'Evans', 'Fischer', 'García', 'Haddad', 'Ito', 'Jansen']
const DOMAINS = ['example.com', 'partner.example', 'contractors.example.org']

/** Many accounts as an organization has them: some left alone, some failed, the rest deactivated at 12 a second. */
export function manyAccounts(count: number, overrides: (index: number) => Partial<AccountResult> = () => ({})) {
  return Array.from({ length: count }, (_, index) => {
    const first = FIRST_NAMES[index % FIRST_NAMES.length] ?? ''
    const last = LAST_NAMES[Math.floor(index / FIRST_NAMES.length) % LAST_NAMES.length] ?? ''
    const base = accountResult({
      id: `557058:${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
      email: `${first}.${last}.${index}@${DOMAINS[index % DOMAINS.length]}`.toLowerCase(),
      name: `${first} ${last}`,
      line: index + 2,
      startedAt: at(index * 83),
      finishedAt: at(index * 83 + 400 + (index % 7) * 40),
      canary: index === 0,
    })
    return { ...base, ...usual(index), ...overrides(index) }
  })
}

function usual(index: number): Partial<AccountResult> {
  const untouched = { verified: '', httpStatus: 0, attempts: 0, startedAt: '', finishedAt: '' } as const
  if (index % 17 === 5) return { ...untouched, decision: 'skip', reason: 'excluded', state: 'skipped' }
  if (index % 23 === 7) return { ...untouched, decision: 'skip', reason: 'org-admin', state: 'skipped' }
  if (index % 29 === 9)
    return { ...untouched, decision: 'skip', reason: 'already-inactive', state: 'already-inactive' as State }
  if (index % 211 === 11) {
    return {
      state: 'failed',
      verified: '',
      httpStatus: 403,
      cause: causeOf('refused', 'externalDirectory.scim', 'the account is managed elsewhere'),
    }
  }
  if (index % 503 === 13)
    return { state: 'unknown', verified: '', httpStatus: 0, cause: causeOf('answer-lost-unread', 'socket hang up') }
  return {}
}

function at(milliseconds: number): string {
  return new Date(START + milliseconds).toISOString()
}
