import { expect, test } from 'vitest'
import { openDirectory } from '../../../src/atlassian/directory.ts'
import { changeAccount } from '../../../src/rollout/attempt.ts'
import { openBulkReads } from '../../../src/rollout/bulk-reads.ts'
import { createVirtualClock } from '../atlassian/virtual-clock.ts'
import { account, plan } from '../plan/builders.ts'
import { DONE, openRollout } from './context.ts'

test('an error of a search made between changes holds up no change, and is thrown once they are made', async () => {
  const clock = createVirtualClock()
  const ids = Array.from({ length: 100 }, (_, index) => `id-${index}`)
  const { context } = openRollout(clock, () => DONE, { plan: plan(ids.map((id) => account({ id }))) })
  const broken = { ...context.atlassian, read: () => Promise.reject(new Error('a mistake in the search')) }
  const bulk = openBulkReads(context, openDirectory(broken, 'o', false, clock.now))
  for (const id of ids) {
    await clock.until(changeAccount(context, id))
    bulk.changed(id)
  }
  await clock.advance(60_000)
  bulk.changed('id-0')
  await clock.advance(1000)
  bulk.changed('id-1')
  await expect(bulk.finish(ids)).rejects.toThrow('a mistake in the search')
})
