import { countStates } from '../account/counts.ts'
import type { Mode } from '../account/mode.ts'
import type { Ending } from '../report/ending.ts'
import { NO_FIGURES, type RunReport } from '../report/report.ts'

/** The report of a run that has not read anything yet. @param at ISO 8601 */
export function emptyReport(mode: Mode, ending: Ending, at: string): RunReport {
  return {
    ...ending,
    ...NO_FIGURES,
    mode,
    change: mode === 'restore' ? 'restore' : 'deactivate',
    planDigest: '',
    today: at.slice(0, 10),
    organizationId: '',
    privacy: 'masked',
    counts: countStates([]),
    guards: [],
    warnings: [],
    emailed: 0,
    settings: {},
    accounts: [],
    whom: [],
    startedBy: '',
    attemptStartedBy: '',
    commit: '',
    workflow: '',
    activity: null,
    licences: null,
    startedAt: at,
    finishedAt: at,
    repository: '',
    runId: '',
    runAttempt: 1,
    runUrl: '',
    artifact: null,
    uses: 'OWNER/deactivate-atlassian-users@v1',
    resultsPath: '',
  }
}
