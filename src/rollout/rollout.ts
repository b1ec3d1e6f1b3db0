import { hasFailed } from '../account/result.ts'
import { inParallel } from '../world/parallel.ts'
import { changeAccount } from './attempt.ts'
import { openBulkReads } from './bulk-reads.ts'
import type { RolloutContext } from './context.ts'
import { lookAt, readBack, unconfirmed } from './read-back.ts'

/**
 * Changes the targets that the canary left, several at a time, until the stop switch is thrown, and reads back what was
 * changed: what has settled meanwhile, because after a deadline there is no time left for hours of changes, then the rest.
 *
 * @param maxFailures more failed accounts than this halt the run; those before count too
 * @param onProgress called whenever an account is through
 */
export async function rollOut(
  context: RolloutContext,
  targets: readonly string[],
  maxFailures: number,
  failedBefore: number,
  onProgress: () => void,
): Promise<void> {
  const { ledger, stop, directory } = context
  const rest = targets.filter((id) => ledger.fate(id).attempts === 0 && ledger.fate(id).state === 'not-attempted')
  let failures = failedBefore
  // With a directory, changes are read back many at a time; one by one otherwise, right after the change.
  const bulk = directory === null ? null : openBulkReads(context, directory)
  await inParallel(
    rest,
    context.concurrency,
    async (id) => {
      await changeAccount(context, id)
      if (hasFailed(ledger.fate(id)) && ++failures > maxFailures) stop.halt('too-many-failures')
      if (bulk === null && unconfirmed(context, [id]).length > 0) await lookAt(context, id)
      bulk?.changed(id)
      onProgress()
    },
    () => stop.cause() !== null,
  )
  await bulk?.finish(rest)
  await readBack(context, rest)
}
