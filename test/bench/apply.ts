import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ran, runAction, tempFolder } from './processes.ts'
import { type StandInOrder, type StandInReport, startBenchStandIn } from './stand-in.ts'

export interface Applied extends Ran {
  readonly report: StandInReport
}

/** Deactivates all the listed of a fresh stand-in with the built action, preflight and read-back on. */
export async function applyToAll(order: StandInOrder, withDirectory: boolean): Promise<Applied> {
  await using folder = await tempFolder()
  await using standIn = await startBenchStandIn(order)
  await writeFile(join(folder.path, 'users.csv'), standIn.list)
  const directory = withDirectory ? { 'organization-id': standIn.organizationId } : { waive: 'admins-unknown' }
  const ran = await runAction(
    folder.path,
    {
      mode: 'apply',
      'users-file': 'users.csv',
      'executing-user': standIn.executingUser,
      'api-key': standIn.key,
      'atlassian-api-url': standIn.url,
      'max-users': '1000000',
      'max-percent': '100',
      concurrency: '8',
      ...directory,
    },
    standIn.artifactEnvironment,
  )
  const report = await standIn.report()
  const { listed = order.people } = order
  if (report.changes !== listed) throw new Error(`${report.changes} of ${listed} accounts were changed.`)
  return { ...ran, report }
}
