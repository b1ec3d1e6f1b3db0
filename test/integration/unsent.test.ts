import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AccountRecord } from '../../src/account/result.ts'
import { type Atlassian, openAtlassian } from '../../src/atlassian/atlassian.ts'
import { createPacer } from '../../src/atlassian/pacer.ts'
import type { Answer, ApiRequest } from '../../src/atlassian/transport.ts'
import { openJournal } from '../../src/ledger/journal.ts'
import { changeAccount } from '../../src/rollout/attempt.ts'
import type { RolloutContext } from '../../src/rollout/context.ts'
import { createStop, type Stop } from '../../src/rollout/stop.ts'
import { spedUp } from './run-main.ts'

const clock = spedUp(500)
const NO_CONNECTION: Answer = { kind: 'unsent', error: 'connect ECONNREFUSED' }
const DONE: Answer = { kind: 'answer', status: 204, headers: {}, body: '' }

function door(answers: (request: ApiRequest, call: number) => Answer): { atlassian: Atlassian; sent: ApiRequest[] } {
  const sent: ApiRequest[] = []
  const transport = {
    send: async (request: ApiRequest) => {
      sent.push(request)
      return answers(request, sent.length)
    },
    close: async () => undefined,
  }
  const options = { clock, random: Math.random, concurrency: 8, requestsPerSecond: Number.POSITIVE_INFINITY }
  return {
    atlassian: openAtlassian(transport, createPacer({ ...options, onPause: () => undefined }), clock, Math.random),
    sent,
  }
}

function rollout(
  atlassian: Atlassian,
  stop: Stop,
): { context: RolloutContext; record: AccountRecord; read: () => string } {
  const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal.jsonl')
  const journal = openJournal(path, (line) => line)
  journal.begin({ event: 'run', schemaVersion: 1, at: '', run: '', mode: 'apply', digest: '' })
  const common = { atlassian, directory: null, journal, clock, stop, concurrency: 8 }
  const record: AccountRecord = {
    id: 'a',
    email: '',
    name: '',
    line: 2,
    decision: 'deactivate',
    reason: '',
    state: 'not-attempted',
    verified: '',
    detail: '',
    httpStatus: 0,
    attempts: 0,
    startedAt: '',
    finishedAt: '',
    lastActive: '',
    canary: false,
  }
  return { context: { ...common, change: 'deactivate', message: '' }, record, read: () => readFileSync(path, 'utf8') }
}

const newStop = (): Stop => createStop(clock, () => undefined)

describe('a change for which no connection could be made', () => {
  test('is sent again without a read, and the tries before are no attempts', async () => {
    const { atlassian, sent } = door((_, call) => (call < 3 ? NO_CONNECTION : DONE))
    const { context, record } = rollout(atlassian, newStop())
    await changeAccount(context, record)
    expect(record).toMatchObject({ state: 'deactivated', attempts: 1, httpStatus: 204 })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
  })

  test('has failed after five tries, with nothing sent', async () => {
    const { atlassian } = door(() => NO_CONNECTION)
    const { context, record } = rollout(atlassian, newStop())
    await changeAccount(context, record)
    expect(record).toMatchObject({ state: 'failed', attempts: 0, httpStatus: 0, startedAt: '', finishedAt: '' })
    expect(record.detail).toContain('could not be reached')
  })
})

describe('a stop', () => {
  test('that comes while the intent is being written keeps the change from being sent', async () => {
    const { atlassian, sent } = door(() => DONE)
    const stop = newStop()
    const { context, record } = rollout(atlassian, stop)
    const { journal } = context
    const slow = {
      ...journal,
      toDisk: async () => {
        await journal.toDisk()
        stop.halt('too-many-failures')
      },
    }
    await changeAccount({ ...context, journal: slow }, record)
    expect(sent).toEqual([])
    expect(record).toMatchObject({ state: 'not-attempted', attempts: 0, startedAt: '' })
  })

  test('does not wait for a read that hangs', async () => {
    const stop = newStop()
    const { atlassian } = door(() => DONE)
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
    await atlassian.close()
  })
})

test('the intent is on disk before the request goes out, and what came of it when the account is through', async () => {
  let atSending = ''
  const { atlassian } = door(() => {
    atSending = read()
    return DONE
  })
  const { context, record, read } = rollout(atlassian, newStop())
  await changeAccount(context, record)
  expect(atSending).toContain('"event":"intent"')
  expect(atSending).not.toContain('"event":"answer"')
  expect(read()).toContain('"state":"deactivated"')
})
