import { tally } from '../account/counts.ts'
import type { Mode } from '../account/mode.ts'
import type { Ending } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'

/** The report of a run that has not read anything yet. @param at ISO 8601 */
export function emptyReport(mode: Mode, ending: Ending, at: string): RunReport {
  return {
    ...ending,
    mode,
    change: mode === 'restore' ? 'restore' : 'deactivate',
    planDigest: '',
    today: at.slice(0, 10),
    source: '',
    columns: '',
    organizationId: '',
    privacy: 'masked',
    live: false,
    counts: tally([]).counts,
    guards: [],
    warnings: [],
    emailed: 0,
    settings: {},
    accounts: [],
    pauses: [],
    canaryFinishedAt: '',
    activeBefore: null,
    activeAfterCanary: null,
    activeAfter: null,
    approvedBy: [],
    whom: [],
    startedBy: '',
    attemptStartedBy: '',
    commit: '',
    workflow: '',
    sha256: { list: '', excludeFile: '', includeFile: '' },
    byDirectoryAlone: 0,
    leftOut: [],
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
