import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import type { Decision } from '../../../src/account/decision.ts'
import { shownBy } from '../../../src/job.ts'
import type { JournalEvent } from '../../../src/ledger/events.ts'
import { initialFate } from '../../../src/ledger/fold.ts'
import { openJournal } from '../../../src/ledger/journal.ts'
import { openLedger } from '../../../src/ledger/ledger.ts'
import { createLog } from '../../../src/log.ts'
import { narrow } from '../../../src/plan/plan.ts'
import type { World } from '../../../src/world/world.ts'
import { account, facts, NOW, plan, rules, seen } from '../plan/builders.ts'
import { HOSTILE } from '../report/hostile.ts'
import { at, events, FIRST, memoryJournal, PLAIN } from './builders.ts'
import { createDisk } from './disk.ts'

const three = [account(), account({ id: 'id-2', line: 3 }), account({ id: 'id-3', line: 4, active: false })]

function open(overrides: Partial<Parameters<typeof plan>[2]> = {}) {
  const journal = memoryJournal()
  const ledger = openLedger(journal, PLAIN)
  ledger.adopt(plan(three, rules(), overrides))
  return { journal, ledger }
}

describe('what a decision alone makes of an account', () => {
  const skip = (reason: 'excluded' | 'already-inactive' | 'already-active'): Decision => ({
    kind: 'skip',
    reason,
    cause: null,
  })
  test.each<[Decision, string]>([
    [{ kind: 'deactivate' }, 'planned'],
    [{ kind: 'restore' }, 'planned'],
    [skip('excluded'), 'skipped'],
    [skip('already-inactive'), 'already-inactive'],
    [skip('already-active'), 'already-active'],
    [{ kind: 'unreadable', cause: causeOf('unreadable', 'HTTP 500') }, 'failed'],
  ])('%j', (decision, state) => expect(initialFate(decision, 'planned')).toMatchObject({ state, attempts: 0, open: 0 }))

  test('a target waits as the run says', () => {
    expect(initialFate({ kind: 'deactivate' }, 'not-attempted').state).toBe('not-attempted')
  })

  test('the cause goes on', () => {
    const cause = causeOf('blocked', 'authPolicy.saml', 'Words')
    expect(initialFate({ kind: 'skip', reason: 'not-manageable', cause }, 'planned').cause).toEqual(cause)
    expect(initialFate({ kind: 'unreadable', cause }, 'planned').cause).toEqual({ ...cause, code: 'unreadable' })
  })
})

describe('the ledger', () => {
  test('has one result for each listed account, in list order, as the plan says it', () => {
    const { ledger } = open()
    const [first, second, third] = ledger.results()
    expect(first).toEqual({
      id: 'id-1',
      email: 'ada@example.com',
      name: 'Ada',
      line: 2,
      decision: 'deactivate',
      reason: '',
      state: 'not-attempted',
      verified: '',
      cause: null,
      httpStatus: 0,
      attempts: 0,
      startedAt: '',
      finishedAt: '',
      lastActive: '',
      licences: null,
      canary: false,
    })
    expect(second).toMatchObject({ id: 'id-2', line: 3, state: 'not-attempted' })
    expect(third).toMatchObject({ decision: 'skip', reason: 'already-inactive', state: 'already-inactive' })
    expect(ledger.tally()).toMatchObject({
      targets: 2,
      counts: { listed: 3, 'not-attempted': 2, 'already-inactive': 1 },
    })
  })

  test('an account that nobody could read is a failed target', () => {
    const { ledger } = open()
    const unreadable = facts({ presence: 'unreadable', cause: causeOf('unreadable', 'HTTP 500') })
    ledger.adopt(narrow(plan(three), seen({ 'id-1': unreadable })))
    const [first] = ledger.results()
    expect(first).toMatchObject({
      decision: 'deactivate',
      reason: '',
      state: 'failed',
      cause: causeOf('unreadable', 'HTTP 500'),
    })
    expect(ledger.tally()).toMatchObject({ targets: 2, counts: { failed: 1 } })
  })

  test('writes the line of an event, then folds it', () => {
    const { journal, ledger } = open()
    ledger.note(FIRST)
    const said = events('canary done inactive')
    for (const event of said) ledger.note(event)
    expect(journal.events).toEqual([FIRST, ...said])
    expect(ledger.fate('id-1')).toMatchObject({ state: 'deactivated', verified: 'yes', canary: true })
    expect(ledger.fate('id-2')).toMatchObject({ state: 'not-attempted' })
    expect(ledger.tally().counts).toMatchObject({ deactivated: 1, verified: 1, 'not-attempted': 1 })
  })

  test('knows for which requests nobody knows what came of them', () => {
    const { ledger } = open()
    expect(ledger.open()).toEqual([])
    for (const event of [...events('intent ambiguous', 'id-2'), ...events('intent')]) ledger.note(event)
    expect(ledger.open().toSorted()).toEqual(['id-1', 'id-2'])
    for (const event of events('intent done').slice(1)) ledger.note(event)
    expect(ledger.open()).toEqual(['id-2'])
  })

  test('a change that nobody read back is unread', () => {
    const { ledger } = open()
    for (const event of events('intent done')) ledger.note(event)
    const [first] = ledger.results()
    expect([first?.verified, ledger.fate('id-1').verified, ledger.tally().unconfirmed]).toEqual(['unread', '', 1])
  })

  test('goes by the change of its plan', () => {
    const { ledger } = open()
    ledger.adopt(plan(three, rules({ change: 'restore' })))
    for (const event of events('intent done active', 'id-1', 'restore')) ledger.note(event)
    expect(ledger.fate('id-1')).toMatchObject({ state: 'restored', verified: 'yes' })
  })

  test('a narrower plan keeps what became of the accounts', () => {
    const { ledger } = open()
    for (const event of events('intent done')) ledger.note(event)
    ledger.adopt(narrow(plan(three), seen({ 'id-2': facts({ synced: true }) })))
    const [first, second] = ledger.results()
    expect([first?.state, second?.state, second?.reason]).toEqual(['deactivated', 'skipped', 'scim-managed'])
  })

  test.each([
    [{ kind: 'at', at: NOW }, at(0)],
    [{ kind: 'never' }, 'never'],
    [{ kind: 'not-told' }, ''],
  ] as const)('tells the last activity: %j', (lastActive, text) => {
    const { ledger } = open()
    ledger.adopt(narrow(plan(three), seen({ 'id-1': facts({ lastActive }) })))
    expect([...ledger.results()].map((result) => result.lastActive)).toEqual([text, '', ''])
  })

  test('an account that is in no plan is none that is to be changed', () => {
    const { ledger } = open()
    expect(ledger.fate('stranger')).toMatchObject({ state: 'skipped', attempts: 0 })
    expect(openLedger(memoryJournal(), PLAIN).fate('id-1')).toMatchObject({ state: 'skipped' })
  })

  test('before there is a plan, what happens to the run is written all the same', () => {
    const journal = memoryJournal()
    const ledger = openLedger(journal, PLAIN)
    ledger.note({ event: 'stop', at: at(0), cause: 'cancelled' })
    expect(journal.events).toEqual([{ event: 'stop', at: at(0), cause: 'cancelled' }])
    expect([[...ledger.results()], ledger.plan(), ledger.tally().counts.listed]).toEqual([[], null, 0])
  })

  test('is on the disk where its journal is', async () => {
    const journal = memoryJournal()
    const on = openLedger(journal, PLAIN)
    const off = openLedger({ ...journal, toDisk: async () => false }, PLAIN)
    expect([await on.toDisk(), await off.toDisk()]).toEqual([true, false])
  })

  test('a plan of a run that changes nobody waits as planned', () => {
    const { ledger } = open({ waiting: 'planned' })
    expect(ledger.tally().counts).toMatchObject({ planned: 2, 'already-inactive': 1, 'not-attempted': 0 })
  })
})

/** A ledger as a run has it that writes down texts of Atlassian. */
function shownIn(privacy: 'full' | 'masked') {
  const log = createLog()
  log.showPersonalData(privacy === 'full')
  const disk = createDisk()
  const journal = openJournal('journal.jsonl', disk)
  const ledger = openLedger(journal, shownBy({ privacy, world: { log } as World }))
  ledger.adopt(plan([account()]))
  ledger.note(FIRST)
  return { disk, ledger }
}

/** Every event with a text from outside in every place that such a text can get into. */
function withText(key: string, words: string): JournalEvent[] {
  const [intent, refused, unread] = events('intent refused unreadable!')
  return [
    ...(intent === undefined ? [] : [intent]),
    ...[refused, unread].flatMap((event) => (event === undefined ? [] : [{ ...event, key, words } as JournalEvent])),
    { event: 'cause', at: at(3), account: 'id-1', cause: causeOf('synced', key, words) },
    { event: 'pause', at: at(4), until: at(5), why: key },
  ]
}

describe('texts of Atlassian', () => {
  const WORDS = 'Jane Doe of jane.doe@example.com owns a site'

  test('are written in full privacy', () => {
    const { disk, ledger } = shownIn('full')
    for (const event of withText('forbidden.x', WORDS)) ledger.note(event as never)
    expect(disk.text().split(WORDS)).toHaveLength(4)
    expect(ledger.fate('id-1').cause).toEqual(causeOf('synced', 'forbidden.x', WORDS))
  })

  test('masked, only its keys are: no words, no address, in the file as in memory', () => {
    const { disk, ledger } = shownIn('masked')
    for (const event of withText('refused for jane.doe@example.com', WORDS)) ledger.note(event as never)
    expect(disk.text()).not.toMatch(/Jane|jane\.|owns a site/)
    expect(disk.text()).toContain('refused for j…@example.com')
    expect(ledger.fate('id-1').cause).toEqual(causeOf('synced', 'refused for j…@example.com'))
  })

  test.each(['full', 'masked'] as const)('make lines that are JSON, whatever is in them: %s', (privacy) => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE))
    fc.assert(
      fc.property(text, text, (key, words) => {
        const { disk, ledger } = shownIn(privacy)
        const said = withText(key, words)
        for (const event of said) ledger.note(event as never)
        const lines = disk.text().split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((line) => (JSON.parse(line) as JournalEvent).event)).toEqual([
          'run',
          ...said.map(({ event }) => event),
        ])
        const told = lines.flatMap((line) => [...line.matchAll(/"words":"(.*?)"[,}]/g)].map(([, found]) => found))
        if (privacy === 'masked') expect(told).toEqual(['', '', ''])
      }),
    )
  })
})
