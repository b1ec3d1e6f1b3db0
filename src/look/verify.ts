import type { AccountRecord } from '../account/result.ts'
import { readPermission } from '../atlassian/accounts.ts'
import { type Run, recordsOf } from '../run.ts'
import { count } from '../text/words.ts'
import { inParallel } from '../world/parallel.ts'
import { createProgress } from '../world/progress.ts'
import { lookAtAccounts } from './accounts.ts'
import { type Live, noteKeyRejected } from './live.ts'

/** Reads every account of earlier results again and notes who is active: a read, nothing is changed. */
export async function verifyAccounts(run: Run, live: Live): Promise<void> {
  const { settings, stop, world } = run
  const records = recordsOf(run)
  if (records.length === 0) return
  run.live = true
  world.log.info(`Verifying ${count(records.length, 'account')}.`)
  const progress = createProgress(records.length, world.clock, world.log.info)
  const seen = await lookAtAccounts(
    records.map(({ id }) => id),
    {
      ...live,
      orgAdmins: new Set(),
      concurrency: settings.concurrency,
      stop: stop.changes,
      maxUnreadable: Number.POSITIVE_INFINITY,
      permissions: false,
      needsDirectory: false,
      onProgress: progress.step,
    },
  )
  if (seen.kind === 'key-rejected' || seen.kind === 'directory-unreadable') return noteKeyRejected(run, seen)
  for (const record of records) {
    const facts = seen.facts.get(record.id)
    if (facts === undefined) continue
    if (facts.presence !== 'found') {
      record.state = 'unknown'
      record.verified = 'unread'
      record.detail = facts.detail
      continue
    }
    record.state = facts.active ? 'already-active' : 'already-inactive'
    record.verified = facts.active ? 'no' : 'yes'
    if (facts.active && facts.synced) record.detail = CAUSES['externalDirectory.scim']
  }
  await findCauses(run, live, records)
}

/** Why an account comes back by itself, by Atlassian's reason keys. */
const CAUSES = {
  'externalDirectory.scim': 'synced from an identity provider',
  'externalDirectory.google': 'synced from Google Workspace',
} as const

/** Asks about those who came back whether an identity provider manages them: it brings them back with every sync. */
async function findCauses(run: Run, { atlassian }: Live, records: readonly AccountRecord[]): Promise<void> {
  const { stop, settings } = run
  await inParallel(
    records.filter(({ state, detail }) => state === 'already-active' && detail === ''),
    settings.concurrency,
    async (record) => {
      const read = await readPermission(atlassian, record.id, stop.changes)
      if (read.kind !== 'permission' || read.allowed || !Object.hasOwn(CAUSES, read.reason)) return
      record.detail = CAUSES[read.reason as keyof typeof CAUSES]
    },
    () => stop.cause() !== null,
  )
}
