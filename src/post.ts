import { readSaved, rebuildReport } from './ledger/checkpoint.ts'
import { endingText, uploadReport, writeSummary } from './publish/publish.ts'
import { writeResultFiles } from './publish/result-files.ts'
import { isGreen } from './report/ending.ts'
import { contextOf } from './run.ts'
import { timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/**
 * Publishes what a main step left behind that was killed or cancelled before it could: from its journal, never by
 * asking Atlassian. Does nothing when main has published.
 */
export async function post(world: World): Promise<void> {
  const saved = readSaved()
  if (saved === null) return
  const { log } = world
  const draft = rebuildReport(saved, timestamp(world.clock.now()))
  log.showPersonalData(draft.privacy === 'full')
  const files = writeResultFiles(saved.resultsPath, draft)
  const { artifactName, retentionDays } = saved
  const report = await uploadReport(draft, files, {
    context: contextOf(world),
    log,
    artifactName,
    retentionDays,
    hurried: false,
  })
  await writeSummary(report, world)
  if (isGreen(report.outcome)) log.info(endingText(report))
  else log.error(endingText(report))
}
