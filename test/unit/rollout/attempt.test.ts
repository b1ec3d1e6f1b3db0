import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../../src/atlassian/transport.ts'
import { openJournal } from '../../../src/ledger/journal.ts'
import { openLedger } from '../../../src/ledger/ledger.ts'
import { narrow } from '../../../src/plan/plan.ts'
import { changeAccount } from '../../../src/rollout/attempt.ts'
import { runs } from '../../runs.ts'
import { createVirtualClock } from '../atlassian/virtual-clock.ts'
import { FIRST, memoryJournal, PLAIN } from '../ledger/builders.ts'
import { createDisk } from '../ledger/disk.ts'
import { account, excluding, facts, plan, rules, seen, targetIds } from '../plan/builders.ts'
import { anyFacts, anyListed, anyRules } from '../plan/generated.ts'
import { answer, DONE, LOST, NO_CONNECTION, openRollout, profile, shortly } from './context.ts'

const people = [
  account(),
  account({ id: 'id-2' }),
  account({ id: 'excluded' }),
  account({ id: 'inactive', active: false }),
  account({ id: 'admin', roles: ['Org admin'] }),
]

describe('only the targets of the plan are ever changed', () => {
  const approved = plan(people, rules({ exclude: excluding('excluded'), owners: new Set(['id-2']) }))
  const narrowed = narrow(plan(people), seen({ 'id-1': facts({ synced: true }), 'id-2': facts() }))

  test.each([
    ['somebody who is not listed', approved, 'stranger'],
    ['nobody', approved, ''],
    ['the name of a method', approved, 'constructor'],
    ['somebody excluded', approved, 'excluded'],
    ['the executing user', approved, 'id-2'],
    ['somebody who is inactive already', approved, 'inactive'],
    ['an admin', approved, 'admin'],
    ['somebody whom a look took out', narrowed, 'id-1'],
  ])('asked to change %s, it sends nothing, writes nothing, and throws', async (_, made, id) => {
    const clock = createVirtualClock()
    const journal = memoryJournal()
    const { context, sent } = openRollout(clock, () => DONE, { plan: made, ledger: openLedger(journal, PLAIN) })
    await expect(clock.until(changeAccount(context, id))).rejects.toThrow('not to be changed')
    expect([sent, journal.events]).toEqual([[], []])
  })

  test('asked to change a target, it does', async () => {
    const clock = createVirtualClock()
    const { context, sent } = openRollout(clock, () => DONE, { plan: narrowed })
    await clock.until(changeAccount(context, 'id-2'))
    expect(shortly(sent)).toEqual(['POST id-2'])
  })

  test('whatever the plan, the sight and the id', async () => {
    const ids = ['id-1', 'id-2', 'stranger']
    await fc.assert(
      fc.asyncProperty(
        anyListed,
        anyListed,
        anyRules,
        anyFacts,
        fc.constantFrom(...ids),
        async (one, other, rule, live, id) => {
          const clock = createVirtualClock()
          const accounts = [account(one), account({ ...other, id: 'id-2' })]
          const made = narrow(plan(accounts, rules(rule)), seen({ 'id-1': live }))
          const { context, sent } = openRollout(clock, () => DONE, { plan: made })
          await clock.until(changeAccount(context, id)).catch(() => undefined)
          const path = `/users/${id}/manage/lifecycle/${rule.change === 'restore' ? 'enable' : 'disable'}`
          expect(sent.map((request) => request.path)).toEqual(targetIds(made).includes(id) ? [path] : [])
        },
      ),
      runs(200),
    )
  })
})

/** Answers in turn to changes and to reads; the last one of each again and again. */
async function attempt(changes: readonly Answer[], reads: readonly Answer[] = []) {
  const clock = createVirtualClock()
  let [changed, read] = [0, 0]
  const { context, ledger, sent } = openRollout(clock, ({ method }) => {
    const [answers, turn] = method === 'POST' ? [changes, changed++] : [reads, read++]
    return answers[Math.min(turn, answers.length - 1)] ?? answer(500)
  })
  await clock.until(changeAccount(context, 'id-1'))
  const fate = ledger.fate('id-1')
  const posts = sent.filter(({ method }) => method === 'POST').length
  return { fate, posts, gets: sent.length - posts, sent, stop: context.stop, clock }
}

describe('what an answer leads to', () => {
  const refusal = answer(403, { key: 'forbidden.targetUnverified' })
  const conflict = answer(409, { key: 'conflict.lifecycleErrors' })

  test.each<[string, Answer[], Answer[], string, string, number, number]>([
    ['done', [DONE], [], 'deactivated', '', 1, 0],
    ['refused', [refusal], [], 'failed', 'refused', 1, 0],
    ['a conflict, and it is inactive', [conflict], [profile('inactive')], 'already-inactive', 'conflict', 1, 1],
    ['a conflict, and it is active', [conflict], [profile('active')], 'failed', 'refused', 1, 1],
    ['throttled, then done', [answer(429), answer(429), DONE], [], 'deactivated', '', 3, 0],
    ['no connection without end', [NO_CONNECTION], [], 'failed', 'unreachable', 5, 0],
    ['a rejected key', [answer(401)], [answer(401)], 'not-attempted', 'key-rejected', 1, 1],
    ['a rejected key, and it is inactive', [answer(401)], [profile('inactive')], 'already-inactive', '', 1, 1],
    // A lost answer: read first, sent again only where two reads show it undone.
    ['lost, and done', [LOST], [profile('inactive')], 'deactivated', 'answer-lost-done', 1, 1],
    [
      'lost, and done a moment later',
      [LOST],
      [profile('active'), profile('inactive')],
      'deactivated',
      'answer-lost-done',
      1,
      2,
    ],
    ['lost, and undone', [LOST, DONE], [profile('active')], 'deactivated', '', 2, 2],
    ['lost, and undone, without end', [LOST], [profile('active')], 'unknown', 'answer-lost', 5, 10],
    ['lost, and unreadable', [LOST, DONE], [answer(404)], 'unknown', 'answer-lost-unread', 1, 1],
    ['lost, and a status that proves nothing', [LOST, DONE], [profile('gone')], 'unknown', 'answer-lost-unread', 1, 1],
    ['an answer of 500, and done', [answer(500)], [profile('closed')], 'deactivated', 'answer-lost-done', 1, 1],
    ['an answer of 200, which no change has', [answer(200, {}), DONE], [profile('active')], 'deactivated', '', 2, 2],
    ['lost, undone, then refused', [LOST, refusal], [profile('active')], 'unknown', 'refused', 2, 2],
  ])('%s', async (_, changes, reads, state, code, posts, gets) => {
    const found = await attempt(changes, reads)
    expect([found.fate.state, found.fate.cause?.code ?? '']).toEqual([state, code])
    expect([found.posts, found.gets]).toEqual([posts, gets])
  })

  test('throttled without end is given up in the end, without a read', async () => {
    const { fate, posts, gets } = await attempt([answer(429)], [])
    expect([fate.state, fate.cause?.code, gets]).toEqual(['failed', 'throttled', 0])
    expect(posts).toBeGreaterThan(5)
  })

  test('a rejected key stops the run', async () => {
    const { stop } = await attempt([answer(401)], [answer(401)])
    expect([stop.cause(), stop.keyRejected(), stop.changes.aborted]).toEqual(['key-rejected', true, true])
  })

  test('no other refusal does', async () => {
    for (const one of [refusal, conflict, answer(500)])
      expect((await attempt([one], [profile('active')])).stop.cause()).toBeNull()
  })

  test('the message goes with it, and Atlassian gets a JSON body also without one', async () => {
    const { sent } = await attempt([DONE])
    expect(sent[0]).toEqual({ method: 'POST', path: '/users/id-1/manage/lifecycle/disable', body: {} })
    const clock = createVirtualClock()
    const { context, sent: more } = openRollout(clock, () => DONE)
    await clock.until(changeAccount({ ...context, message: 'Bye' }, 'id-1'))
    expect(more[0]?.body).toEqual({ message: 'Bye' })
  })
})

describe('a journal that does not reach the disk', () => {
  test('keeps the change from being sent, and stops the run', async () => {
    const clock = createVirtualClock()
    const ledger = { ...openLedger(memoryJournal(), PLAIN), toDisk: async () => false }
    const { context, sent } = openRollout(clock, () => DONE, { ledger })
    await clock.until(changeAccount(context, 'id-1'))
    expect([sent, context.stop.cause()]).toEqual([[], 'unexpected'])
    expect(ledger.fate('id-1')).toMatchObject({ state: 'not-attempted', attempts: 0 })
  })

  test('because the disk is full: nothing is sent from then on', async () => {
    const clock = createVirtualClock()
    const disk = createDisk()
    const journal = openJournal('journal.jsonl', disk)
    const made = plan([account(), account({ id: 'id-2' }), account({ id: 'id-3' })])
    const { context, ledger, sent } = openRollout(clock, () => DONE, { plan: made, ledger: openLedger(journal, PLAIN) })
    ledger.note(FIRST)
    await clock.until(changeAccount(context, 'id-1'))
    disk.room = 10
    for (const id of ['id-2', 'id-3']) await clock.until(changeAccount(context, id))
    expect(shortly(sent)).toEqual(['POST id-1'])
    expect(ledger.tally().counts).toMatchObject({ deactivated: 1, 'not-attempted': 2 })
    expect(context.stop.cause()).toBe('unexpected')
  })
})

test('once the run is stopped, nothing is sent', async () => {
  const clock = createVirtualClock()
  const { context, ledger, sent } = openRollout(clock, () => DONE)
  context.stop.halt('cancelled')
  await clock.until(changeAccount(context, 'id-1'))
  expect([sent, ledger.fate('id-1').state]).toEqual([[], 'not-attempted'])
})
