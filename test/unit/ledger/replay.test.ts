import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import type { AccountResult } from '../../../src/account/result.ts'
import { writeCheckpoint } from '../../../src/ledger/checkpoint.ts'
import type { JournalEvent } from '../../../src/ledger/events.ts'
import { openJournal } from '../../../src/ledger/journal.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import { replay } from '../../../src/ledger/replay.ts'
import { contradictionIn } from '../../../src/report/contradictions.ts'
import { runs } from '../../runs.ts'
import { account, plan, rules } from '../plan/builders.ts'
import { runReport } from '../report/builder.ts'
import { at, events, FIRST, HISTORY, memoryJournal, PLAIN, resultsFolder } from './builders.ts'

const TARGETS = ['id-1', 'id-2', 'id-3']
const PEOPLE = [...TARGETS.map((id, index) => account({ id, line: index + 2 })), account({ id: 'left', active: false })]

type Mode = 'apply' | 'restore' | 'verify'
const changeOf = (mode: Mode) => (mode === 'restore' ? 'restore' : 'deactivate')

/** What main knew in memory after these events. */
function ledgerOf(said: readonly JournalEvent[], mode: Mode = 'apply'): Ledger {
  const ledger = openLedger(memoryJournal(), PLAIN)
  ledger.adopt(plan(PEOPLE, rules({ change: changeOf(mode) })))
  for (const event of said) ledger.note(event as never)
  return ledger
}

/** A run that was killed: what it left at its checkpoint, and a journal with this text. */
function killed(text: string | null, mode: Mode = 'apply'): string {
  const folder = resultsFolder()
  writeCheckpoint(folder, runReport({ mode, change: changeOf(mode), accounts: [] }), ledgerOf([], mode).results())
  if (text !== null) writeFileSync(join(folder, 'journal.jsonl'), text)
  return folder
}

function replayed(folder: string, mode: Mode = 'apply', more: readonly string[] = []): ReturnType<typeof replay> {
  return replay(folder, runReport({ mode, change: changeOf(mode), accounts: [] }), more)
}

const linesOf = (said: readonly JournalEvent[]): string[] => said.map((event) => `${JSON.stringify(event)}\n`)
const statesOf = (accounts: readonly AccountResult[]): string[] => accounts.map(({ state }) => state)

/** What happened to three accounts at once, and to the run, in one order. */
const ANY_RUN = fc
  .tuple(fc.tuple(HISTORY, HISTORY, HISTORY), fc.array(fc.nat(2), { maxLength: 60 }), fc.boolean())
  .map(([histories, picks, isStopped]): JournalEvent[] => {
    const rest = histories.map((words, index) => events(words, TARGETS[index]))
    const woven = [...picks, ...histories.flatMap((words, index) => words.split(' ').map(() => index))]
    const said = woven.flatMap((index) => rest[index]?.splice(0, 1) ?? [])
    const half = Math.floor(said.length / 2)
    const canary: JournalEvent = { event: 'canary', at: at(50), verdict: 'passed' }
    const pause: JournalEvent = { event: 'pause', at: at(51), until: at(52), why: 'HTTP 429' }
    const stop: JournalEvent = { event: 'stop', at: at(53), cause: 'cancelled' }
    return [FIRST, ...said.slice(0, half), canary, pause, ...said.slice(half), ...(isStopped ? [stop] : [])]
  })

describe('a journal that a kill cut off', () => {
  test('anywhere tells what main knew until then', async () => {
    await fc.assert(
      fc.asyncProperty(ANY_RUN, async (said) => {
        const lines = linesOf(said)
        const folder = killed('')
        for (let whole = 0; whole <= lines.length; whole++) {
          const next = lines[whole] ?? ''
          const known = (count: number): AccountResult[] => [...ledgerOf(said.slice(0, count)).results()]
          // At the end of a line, in the middle of the next one, and right before its end.
          const cuts: [string, number][] = [['', whole]]
          if (next !== '') cuts.push([next.slice(0, next.length / 2), whole], [next.trimEnd(), whole + 1])
          for (const [torn, count] of cuts) {
            writeFileSync(join(folder, 'journal.jsonl'), `${lines.slice(0, whole).join('')}${torn}`)
            const found = await replayed(folder)
            expect(found.accounts).toEqual(known(count))
            expect(found.unreadable).toBe('')
          }
        }
      }),
      runs(30),
    )
  }, 60_000)

  test('as main itself wrote it, down to the file', async () => {
    const folder = killed(null)
    const journal = openJournal(join(folder, 'journal.jsonl'))
    const ledger = openLedger(journal, PLAIN)
    ledger.adopt(plan(PEOPLE))
    for (const event of [FIRST, ...events('canary done inactive'), ...events('intent ambiguous', 'id-2')])
      ledger.note(event)
    journal.close()
    const { accounts } = await replayed(folder)
    expect(accounts).toEqual([...ledger.results()])
    expect(statesOf(accounts)).toEqual(['deactivated', 'unknown', 'not-attempted', 'already-inactive'])
  })

  test.each<[Mode, string, string[]]>([
    ['apply', 'intent done', ['deactivated', 'not-attempted', 'not-attempted', 'already-inactive']],
    ['restore', 'intent done', ['restored', 'not-attempted', 'not-attempted', 'not-attempted']],
    ['verify', 'active!', ['already-active', 'not-attempted', 'not-attempted', 'already-inactive']],
  ])('in %s', async (mode, words, states) => {
    const text = linesOf([FIRST, ...events(words, 'id-1', changeOf(mode))]).join('')
    expect(statesOf((await replayed(killed(text, mode), mode)).accounts)).toEqual(states)
  })

  test('lines that there was no room for are told by main, and come after those of the file', async () => {
    const said: JournalEvent[] = [FIRST, ...events('intent done inactive'), ...events('intent refused', 'id-2')]
    const lines = linesOf(said)
    for (let written = 1; written < lines.length; written++) {
      const torn = (lines[written] ?? '').slice(0, 9)
      for (const end of ['', torn]) {
        const folder = killed(`${lines.slice(0, written).join('')}${end}`)
        const { accounts, unreadable } = await replayed(folder, 'apply', lines.slice(written))
        expect([accounts, unreadable]).toEqual([[...ledgerOf(said).results()], ''])
      }
    }
  })

  test('says how main ended, what stopped it first, and whether the canary had passed', async () => {
    const canary: JournalEvent = { event: 'canary', at: at(1), verdict: 'passed' }
    const stop: JournalEvent = { event: 'stop', at: at(2), cause: 'deadline' }
    const end: JournalEvent = { event: 'end', at: at(3), outcome: 'partial', reason: 'deadline' }
    const found = async (said: JournalEvent[], mode: Mode = 'apply') => {
      const { end, stop, canaryPassed } = await replayed(killed(linesOf([FIRST, ...said]).join(''), mode), mode)
      return [end, stop, canaryPassed]
    }
    expect(await found([])).toEqual([null, null, false])
    expect(await found([], 'verify')).toEqual([null, null, true])
    expect(await found([canary])).toEqual([null, null, true])
    expect(await found([{ ...canary, verdict: 'stopped' }])).toEqual([null, null, false])
    expect(await found([canary, stop, { ...stop, cause: 'cancelled' }, end])).toEqual([end, stop, true])
  })

  test('an account that is not in the checkpoint is nobody', async () => {
    const { accounts } = await replayed(killed(linesOf([FIRST, ...events('intent done', 'stranger')]).join('')))
    expect(accounts).toEqual([...ledgerOf([]).results()])
  })
})

describe('a journal that cannot be read', () => {
  const unknown = { state: 'unknown', verified: '', cause: causeOf('journal-unreadable') }

  test.each<[string, (path: string) => void]>([
    ['is missing', () => undefined],
    ['is a folder', (path) => mkdirSync(path)],
  ])('because it %s leaves every target unknown, and nobody else', async (_, spoil) => {
    const folder = killed(null)
    spoil(join(folder, 'journal.jsonl'))
    const { accounts, unreadable } = await replayed(folder)
    expect(accounts.slice(0, 3)).toMatchObject([unknown, unknown, unknown])
    expect(accounts[3]).toMatchObject({ state: 'already-inactive', cause: null })
    expect(unreadable).not.toBe('')
    for (const result of accounts) expect(contradictionIn(result)).toBeNull()
  })

  test('leaves a verification as it was: nothing was changed', async () => {
    const folder = killed(null, 'verify')
    const { accounts } = await replayed(folder, 'verify')
    expect(statesOf(accounts)).toEqual(['not-attempted', 'not-attempted', 'not-attempted', 'already-inactive'])
  })

  test.each([
    ['a half line', '{"event":"intent","acc\n'],
    ['no object', '7\n'],
    ['nothing', 'null\n'],
    ['an object that is no event', '{"account":"id-2"}\n'],
    ['holes', `${'\0'.repeat(99)}\n`],
  ])('in one line, also in the last, says only what the others prove: %s', async (_, damaged) => {
    const before = linesOf([FIRST, ...events('canary done inactive'), ...events('intent refused', 'id-2')])
    const after = linesOf(events('intent done', 'id-3'))
    const states = async (...parts: string[]) => statesOf((await replayed(killed(parts.join('')))).accounts)
    expect(await states(...before, damaged)).toEqual(['deactivated', 'failed', 'unknown', 'already-inactive'])
    expect(await states(...before, damaged, ...after)).toEqual([
      'deactivated',
      'failed',
      'deactivated',
      'already-inactive',
    ])
    expect(await states(damaged)).toEqual(['unknown', 'unknown', 'unknown', 'already-inactive'])
  })

  test('wherever and how often it is damaged, nobody is not attempted, and nothing is claimed that did not happen', async () => {
    await fc.assert(
      fc.asyncProperty(ANY_RUN, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), async (said, picks) => {
        const damaged = new Set(picks.map((pick) => pick % said.length))
        const folder = killed(
          linesOf(said)
            .map((line, index) => (damaged.has(index) ? '{"event":\n' : line))
            .join(''),
        )
        const { accounts, unreadable } = await replayed(folder)
        const truth = [...ledgerOf(said).results()]
        expect(unreadable).not.toBe('')
        expect(accounts[3]).toEqual(truth[3])
        for (const [index, result] of accounts.slice(0, 3).entries()) {
          const told = truth[index]?.state
          // A refusal stands where the read behind it is lost.
          expect(['unknown', told, told === 'already-inactive' ? 'failed' : told]).toContain(result.state)
          expect(result.state).not.toBe('not-attempted')
          expect(contradictionIn(result)).toBeNull()
          if (result.state !== 'deactivated') continue
          const proof = said.filter(
            (event, line) => event.event === 'answer' && event.meaning === 'done' && !damaged.has(line),
          )
          expect(proof.some((event) => 'account' in event && event.account === result.id)).toBe(true)
        }
      }),
      runs(500),
    )
  }, 60_000)
})

test('the checkpoint of a run stays beside its results, and is left as it is', async () => {
  const folder = killed(linesOf([FIRST, ...events('intent done')]).join(''))
  const before = readFileSync(join(folder, '..', 'accounts.jsonl'), 'utf8')
  await replayed(folder)
  expect(readFileSync(join(folder, '..', 'accounts.jsonl'), 'utf8')).toBe(before)
  rmSync(folder, { recursive: true })
})
