import { contextOf } from './job.ts'
import { readCheckpoint } from './ledger/checkpoint.ts'
import { replay } from './ledger/replay.ts'
import { endingText } from './publish/end-log.ts'
import { readSaved } from './publish/keep.ts'
import { writeSummary } from './publish/outputs.ts'
import { uploadPageAlone, uploadReport } from './publish/publish.ts'
import { reportOfDead } from './publish/report-of.ts'
import { writeResultFiles } from './publish/result-files.ts'
import { isGreen } from './report/ending.ts'
import { hideSecrets } from './settings/inputs.ts'
import { timestamp } from './world/clock.ts'
import type { World } from './world/world.ts'

/** Publishes what a killed main step left behind, from its journal alone; does nothing where main published it all. */
export async function post(world: World): Promise<void> {
  const { resultsPath, artifactName: name, retentionDays, published, artifact, unwritten } = readSaved()
  if (resultsPath === '' || (published && artifact === '')) return
  const { log } = world
  // Not for what they ask: an answer may echo them here too.
  hideSecrets(world)
  const upload = { context: contextOf(world), log, name, retentionDays, hurried: false }
  if (published) {
    await uploadPageAlone(resultsPath, artifact, upload)
    return
  }
  const before = readCheckpoint(resultsPath)
  log.showPersonalData(before.privacy === 'full')
  const found = await replay(resultsPath, before, unwritten)
  const draft = reportOfDead(before, found, timestamp(world.clock.now()))
  const report = await uploadReport(draft, writeResultFiles(resultsPath, draft), upload)
  await writeSummary(report, world)
  if (report.artifact !== null) await uploadPageAlone(resultsPath, report.artifact.name, upload)
  if (isGreen(report.outcome)) log.info(endingText(report))
  else log.error(endingText(report))
}
