import type { Mode } from './mode.ts'
import type { Selector } from './selector.ts'

export type Approval =
  | { readonly kind: 'none' }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'pull-request' }

export const WAIVABLE = ['admins-unknown', 'max-percent'] as const
export type Waivable = (typeof WAIVABLE)[number]

/** What a run was asked to do. Read once, never changed. */
export interface Settings {
  readonly mode: Mode
  readonly usersFile: string
  readonly usersArtifact: string
  /** Empty: this run. */
  readonly usersRunId: string
  readonly exclude: readonly Selector[]
  readonly excludeFile: string
  /** Empty where `include-file` is to say it all. */
  readonly include: readonly Selector[]
  readonly includeFile: string
  /** Account id or e-mail; empty where the workflow names nobody. */
  readonly executingUser: string
  readonly apiKey: string
  readonly organizationId: string
  readonly canarySize: number
  readonly canaryPauseSeconds: number
  readonly maxUsers: number
  readonly maxPercent: number
  readonly maxFailures: number
  /** Days without any activity; 0: no rule. */
  readonly idleDays: number
  /** Days from today to the date of a new row; for `find`. */
  readonly noticeDays: number
  readonly concurrency: number
  /** Infinity: no ceiling. */
  readonly requestsPerSecond: number
  readonly deadlineMinutes: number
  readonly message: string
  /** Empty: any plan. */
  readonly approvedPlan: string
  readonly requireApproval: Approval
  readonly waive: ReadonlySet<Waivable>
  readonly resultsArtifact: readonly string[]
  /** Empty: this run. */
  readonly resultsRunId: string
  readonly privacy: 'auto' | 'full' | 'masked'
  /** Empty: made from mode and attempt. */
  readonly artifactName: string
  /** Days; null: as the repository is set. */
  readonly retentionDays: number | null
  readonly comment: boolean
  readonly githubToken: string
  /** Origin, without a path. */
  readonly atlassianApiUrl: string
  /** The inputs as given, secrets left out, for the reports. */
  readonly given: Readonly<Record<string, string>>
}
