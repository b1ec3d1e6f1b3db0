import { lookAtAccounts } from '../atlassian/preflight.ts'
import { type Live, noteKeyRejected } from '../live.ts'
import { type Run, recordsOf } from '../run.ts'
import { count } from '../text.ts'
import { createProgress } from './progress.ts'

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
    if (facts.active)
      record.detail =
        facts.synced || facts.blockedBy === 'externalDirectory.scim' ? 'synced from an identity provider' : ''
  }
}
