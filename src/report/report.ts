import type { Approver } from '../account/approver.ts'
import type { Change, Mode } from '../account/decision.ts'
import type { LateActivity } from '../account/facts.ts'
import type { GuardFinding } from '../account/guard.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { FreedLicences } from '../account/licences.ts'
import { type AccountResult, type Pause, tally } from '../account/result.ts'
import { maskEmail, maskText } from '../text/mask.ts'
import type { Ending } from './ending.ts'

/** Whom a plan would change, masked where privacy asks for it. `due` is `YYYY-MM-DD`; all three may be empty. */
export type Target = Pick<AccountResult, 'id' | 'email' | 'name' | 'line'> &
  Readonly<Record<'groups' | 'lastActive' | 'due', string>>

/** What a run learns beside the fate of its accounts. */
export type Figures = Readonly<typeof NO_FIGURES>

/** Nothing was learned yet. */
export const NO_FIGURES = {
  /** Where the list came from, for people: `users.csv` or `artifact export of run 7: users.csv`. */
  source: '',
  /** In words, which column of the list was taken for what; empty where there is no list. */
  columns: '',
  /** Something was read from Atlassian. */
  live: false,
  /** Active managed accounts as the directory counts them; null where it was not read. */
  activeBefore: null as number | null,
  activeAfterCanary: null as number | null,
  activeAfter: null as number | null,
  /** ISO 8601 UTC with milliseconds; empty where there was no canary or it did not end. */
  canaryFinishedAt: '',
  pauses: [] as readonly Pause[],
  approvedBy: [] as readonly Approver[],
  /** Accounts whose status the directory alone told: it may lag. */
  byDirectoryAlone: 0,
  /** Hex digits, of the files as they were read; empty where there is none. */
  sha256: { list: '', excludeFile: '', includeFile: '' },
  /** In `find`: who is not in its list, although somebody may look for them there. */
  leftOut: [] as readonly LeftOut[],
}

/** Everything that the reports tell of a run. Plain data; personal data is already masked where privacy asks for it. */
export type RunReport = Ending & Figures & Readonly<typeof NOTHING_READ>

const NOTHING_READ = {
  mode: 'plan' as Mode,
  /** What is planned or done to the accounts; `verify` only reads. */
  change: 'deactivate' as Change,
  planDigest: '',
  /** The day taken as today, `YYYY-MM-DD`, UTC. */
  today: '',
  organizationId: '',
  privacy: 'masked' as 'full' | 'masked',
  counts: tally([]).counts,
  guards: [] as readonly GuardFinding[],
  warnings: [] as readonly string[],
  /** People whom Atlassian will e-mail (plan) or has e-mailed (apply). */
  emailed: 0,
  /** Inputs in force, secrets left out, in the order of `action.yml`. */
  settings: {} as Readonly<Record<string, string | number | boolean>>,
  /** In list order, one for each listed account. */
  accounts: [] as readonly AccountResult[],
  /** The first of those whom a plan would change. */
  whom: [] as readonly Target[],
  /** Who started the run, and this attempt of it, as GitHub says. */
  startedBy: '',
  attemptStartedBy: '',
  commit: '',
  /** `owner/repo/.github/workflows/x.yml@refs/heads/main`. */
  workflow: '',
  /** Both are null where nobody is to be deactivated, or nobody looked. */
  activity: null as LateActivity | null,
  licences: null as FreedLicences | null,
  /** ISO 8601 UTC with milliseconds. */
  startedAt: '',
  finishedAt: '',
  repository: '',
  runId: '',
  runAttempt: 1,
  /** Page of the workflow run; empty outside of one. */
  runUrl: '',
  /** The results artifact; null while, or because, it is not uploaded. */
  artifact: null as { readonly name: string; readonly id: number; readonly url: string } | null,
  uses: 'OWNER/deactivate-atlassian-users@v1',
  resultsPath: '',
}

/** The report of a run that has not read anything yet. @param at ISO 8601 */
export function emptyReport(mode: Mode, ending: Ending, at: string): RunReport {
  const change = mode === 'restore' ? 'restore' : 'deactivate'
  const known = { mode, change, today: at.slice(0, 10), startedAt: at, finishedAt: at } as const
  return { ...ending, ...NO_FIGURES, ...NOTHING_READ, ...known }
}

/** Somebody without the name, and with the address shortened. */
export function maskPerson<T extends Pick<AccountResult, 'email' | 'name'>>(person: T): T {
  return { ...person, name: '', email: person.email && maskEmail(person.email) }
}

/** The line of results so, and of Atlassian's own words only keys: its sentences name people. */
export function maskAccount(account: AccountResult): AccountResult {
  const { cause } = account
  return { ...maskPerson(account), lastActive: '', cause: cause && { ...cause, key: maskText(cause.key), words: '' } }
}
