import type { LateActivity } from '../account/activity.ts'
import type { Approver } from '../account/approver.ts'
import type { Change } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { FreedLicences } from '../account/licences.ts'
import type { Mode } from '../account/mode.ts'
import type { AccountResult, Counts, Outcome, Pause } from '../account/result.ts'

/** Somebody whom a plan would change, as a reviewer wants to see it; masked where privacy asks for it. */
export interface Target {
  readonly id: string
  readonly email: string
  readonly name: string
  /** Line in the list. */
  readonly line: number
  /** These may be empty. */
  readonly groups: string
  readonly lastActive: string
  /** `YYYY-MM-DD`. */
  readonly due: string
}

/** Everything that the reports tell of a run. Plain data; personal data is already masked where privacy asks for it. */
export interface RunReport {
  readonly mode: Mode
  /** What is planned or done to the accounts; `verify` only reads. */
  readonly change: Change
  readonly outcome: Outcome
  /** Guard or cause; empty on success. */
  readonly reason: string
  /** What happened, in one sentence. */
  readonly headline: string
  /** What was changed so far, in one sentence. */
  readonly changed: string
  /** What to do next, in one or more sentences; empty when nothing is left to do. */
  readonly next: string
  readonly planDigest: string
  /** The day taken as today, `YYYY-MM-DD`, UTC. */
  readonly today: string
  /** Where the list came from, for people: `users.csv` or `artifact export of run 7: users.csv`. */
  readonly source: string
  /** In words, which column of the list was taken for what; empty where there is no list. */
  readonly columns: string
  readonly organizationId: string
  readonly privacy: 'full' | 'masked'
  /** False for a plan without a key: nothing was read from Atlassian. */
  readonly live: boolean
  readonly counts: Counts
  readonly guards: readonly GuardFinding[]
  readonly warnings: readonly string[]
  /** People whom Atlassian will e-mail (plan) or has e-mailed (apply). */
  readonly emailed: number
  /** Inputs in force, secrets left out, in the order of `action.yml`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** In list order, one for each listed account. */
  readonly accounts: readonly AccountResult[]
  readonly pauses: readonly Pause[]
  /** ISO 8601 UTC with milliseconds; empty where there was no canary or it did not end. */
  readonly canaryFinishedAt: string
  /** Active managed accounts as the directory counts them; null where it was not read. */
  readonly activeBefore: number | null
  readonly activeAfterCanary: number | null
  readonly activeAfter: number | null
  readonly approvedBy: readonly Approver[]
  /** The first of those whom a plan would change. */
  readonly whom: readonly Target[]
  /** Who started the run, and this attempt of it, as GitHub says. */
  readonly startedBy: string
  readonly attemptStartedBy: string
  /** That the run is on. */
  readonly commit: string
  /** `owner/repo/.github/workflows/x.yml@refs/heads/main`. */
  readonly workflow: string
  /** Hex digits, of the files as they were read; empty where there is none. */
  readonly sha256: { readonly list: string; readonly excludeFile: string; readonly includeFile: string }
  /** Accounts whose status the directory alone told: it may lag. */
  readonly byDirectoryAlone: number
  /** In `find`: who is not in its list, although somebody may look for them there. */
  readonly leftOut: readonly LeftOut[]
  /** Null where nobody is to be deactivated, or nobody looked. */
  readonly activity: LateActivity | null
  /** Null where nobody is to be deactivated, or nobody looked. */
  readonly licences: FreedLicences | null
  /** ISO 8601 UTC with milliseconds. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly repository: string
  readonly runId: string
  readonly runAttempt: number
  /** Page of the workflow run; empty outside of one. */
  readonly runUrl: string
  /** The results artifact; null while, or because, it is not uploaded. */
  readonly artifact: { readonly name: string; readonly id: number; readonly url: string } | null
  /** The action as a workflow names it, `owner/name@v1`. */
  readonly uses: string
  /** Folder on the runner that holds the files. */
  readonly resultsPath: string
}
