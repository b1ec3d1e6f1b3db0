import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openAtlassian } from '../../src/atlassian/atlassian.ts'
import { createPacer } from '../../src/atlassian/pacer.ts'
import { openJournal } from '../../src/ledger/journal.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { causeText } from '../../src/report/cause-words.ts'
import { changeAccount } from '../../src/rollout/attempt.ts'
import { createStop } from '../../src/rollout/stop.ts'
import { FIRST, PLAIN } from '../unit/ledger/builders.ts'
import { type Answers, DONE, NO_CONNECTION, openRollout } from '../unit/rollout/context.ts'
import { spedUp } from './in-process.ts'

const clock = spedUp(500)
const ID = 'id-1'

/** A rollout of one account, with a journal on the disk. */
function rollout(answers: Answers) {
  const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal.jsonl')
  const ledger = openLedger(openJournal(path), PLAIN)
  ledger.note(FIRST)
  return { ...openRollout(clock, answers, { ledger }), read: () => readFileSync(path, 'utf8') }
}

describe('a change for which no connection could be made', () => {
  test('is sent again without a read, and the tries before are no attempts', async () => {
    const { context, ledger, sent } = rollout((_, call) => (call < 3 ? NO_CONNECTION : DONE))
    await changeAccount(context, ID)
    expect(ledger.fate(ID)).toMatchObject({ state: 'deactivated', attempts: 1, httpStatus: 204 })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
  })

  test('has failed after five tries, with nothing sent', async () => {
    const { context, ledger, sent } = rollout(() => NO_CONNECTION)
    await changeAccount(context, ID)
    const fate = ledger.fate(ID)
    expect(fate).toMatchObject({ state: 'failed', attempts: 0, httpStatus: 0, startedAt: '', finishedAt: '' })
    expect(causeText(fate.cause)).toContain('could not be reached')
    expect(sent).toHaveLength(5)
  })
})

describe('a stop', () => {
  test('that comes while the intent is being written keeps the change from being sent', async () => {
    const { context, ledger, sent } = rollout(() => DONE)
    const slow = {
      ...ledger,
      toDisk: async () => {
        const isOnDisk = await ledger.toDisk()
        context.stop.halt('too-many-failures')
        return isOnDisk
      },
    }
    await changeAccount({ ...context, ledger: slow }, ID)
    expect(sent).toEqual([])
    expect(ledger.fate(ID)).toMatchObject({ state: 'not-attempted', attempts: 0, startedAt: '' })
  })

  test('does not wait for a read that hangs', async () => {
    const stop = createStop(clock, () => undefined)
    const pending = openAtlassian(
      { send: () => new Promise(() => undefined), close: () => new Promise(() => undefined) },
      createPacer({
        clock,
        random: Math.random,
        concurrency: 1,
        requestsPerSecond: Number.POSITIVE_INFINITY,
        onPause: () => undefined,
      }),
      clock,
      Math.random,
    )
    const reading = pending.read({ method: 'GET', path: '/' }, stop.changes)
    stop.halt('deadline')
    expect(await reading).toEqual({ kind: 'withheld' })
    await pending.close()
  })
})

test('the intent is on disk before the request goes out, and what came of it when the account is through', async () => {
  let atSending = ''
  const { context, read } = rollout(() => {
    atSending = read()
    return DONE
  })
  await changeAccount(context, ID)
  expect(atSending).toContain('"event":"intent"')
  expect(atSending).not.toContain('"event":"answer"')
  expect(read()).toContain('"event":"answer"')
  expect(read()).toContain('"meaning":"done","status":204')
})
