import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import type { StandIn } from '../stand-in/server.ts'
import { type Line, type Ran, type Row, runMain, runPost } from './run-main.ts'
import { openScene, TARGETS } from './scene.ts'

/** A run in which every kind of thing happens to an account. */
async function runThroughMuch(): Promise<{ standIn: StandIn; ran: Ran }> {
  const standIn = await openScene()
  standIn.faults.order({ route: 'disable', account: 'account-2', times: 1, fault: FAULTS.resetAfterChange })
  standIn.faults.order({ route: 'disable', account: 'account-3', times: 2, fault: FAULTS.throttled() })
  standIn.faults.order({ route: 'disable', account: 'account-3', times: 1, fault: FAULTS.unavailable })
  standIn.faults.order({ route: 'disable', account: 'account-4', fault: FAULTS.refused('authPolicy.saml') })
  const ran = await runMain(standIn)
  return { standIn, ran }
}

/** The post step of a main that was killed when the journal held this text. */
async function postAfter(ran: Ran, journal: string): Promise<{ rows: readonly Row[]; log: string }> {
  writeFileSync(join(ran.folder, 'journal.jsonl'), journal)
  rmSync(join(ran.folder, 'results.csv'), { force: true })
  return runPost(ran)
}

test('the post step says the same as main would have, from the whole journal', async () => {
  const { standIn, ran } = await runThroughMuch()
  await using _open = standIn
  const { rows } = await postAfter(ran, readFileSync(join(ran.folder, 'journal.jsonl'), 'utf8'))
  expect(rows).toEqual(ran.rows)
})

test('a kill after any line of the journal, or in the middle of one, loses nobody and claims nothing', async () => {
  const { standIn, ran } = await runThroughMuch()
  await using _open = standIn
  const calls = standIn.organization.calls.length
  const lines = readFileSync(join(ran.folder, 'journal.jsonl'), 'utf8').split('\n').filter(Boolean)
  expect(lines.length).toBeGreaterThan(20)
  for (const [index, torn] of lines.entries()) {
    const whole = lines.slice(0, index)
    const events = whole.map((line) => JSON.parse(line) as Line)
    const { rows } = await postAfter(ran, `${whole.join('\n')}\n${torn.slice(0, torn.length / 2)}`)
    expect(rows.map((row) => row.account_id)).toEqual(TARGETS)
    for (const row of rows) expect([row.account_id, claimable(events, row)]).toEqual([row.account_id, [row.state]])
  }
  expect(standIn.organization.calls).toHaveLength(calls)
})

/** What may be claimed of an account after these events, by whoever reads them without knowing the action. */
function claimable(events: readonly Line[], { account_id: id }: Row): readonly string[] {
  const own = events.filter((line) => line.account === id)
  const sent = own.filter((line) => line.event === 'intent').length
  const answers = own.filter((line) => line.event === 'answer').map((line) => String(line.meaning))
  const settled = answers.filter((meaning) => meaning !== 'ambiguous').length
  const seen = own.some((line) => line.event === 'read' && line.found === 'inactive')
  if (sent === 0) return ['not-attempted']
  if (answers.includes('done')) return ['deactivated']
  if (seen) return sent > settled ? ['deactivated'] : ['already-inactive']
  if (sent > settled) return ['unknown']
  const looked =
    own.findLastIndex((line) => line.event === 'read') > own.findLastIndex((line) => line.event === 'answer')
  if (answers.at(-1) === 'conflict') return [looked ? 'failed' : 'unknown']
  return answers.at(-1) === 'refused' ? ['failed'] : ['not-attempted']
}

test('a main that was killed in the look beforehand leaves a line for every account', async () => {
  await using standIn = await openScene()
  const ran = await runMain(standIn)
  const { rows, log } = await postAfter(
    ran,
    `${readFileSync(join(ran.folder, 'journal.jsonl'), 'utf8').split('\n')[0]}\n`,
  )
  expect(rows.map((row) => [row.account_id, row.state, row.attempts])).toEqual(
    TARGETS.map((id) => [id, 'not-attempted', '0']),
  )
  expect(log).toContain('Failed (unexpected)')
})

test.each([
  ['completed', '', {}],
  ['failed', 'accounts-failed', { fault: FAULTS.forbidden }],
] as const)(
  'a main that was killed while it published ends as it had ended: %s',
  async (outcome, reason, { fault }: { fault?: typeof FAULTS.forbidden }) => {
    await using standIn = await openScene()
    if (fault !== undefined) standIn.faults.order({ route: 'disable', account: 'account-3', fault })
    const ran = await runMain(standIn)
    const { log } = await postAfter(ran, readFileSync(join(ran.folder, 'journal.jsonl'), 'utf8'))
    const word = outcome === 'completed' ? 'Completed' : 'Failed'
    expect(log).toContain(reason === '' ? `${word}: ` : `${word} (${reason}): `)
  },
)

test('a results file that main was writing when it was killed is not taken for the accounts', async () => {
  await using standIn = await openScene()
  const ran = await runMain(standIn)
  writeFileSync(join(ran.folder, 'results.csv'), readFileSync(join(ran.folder, 'results.csv'), 'utf8').slice(0, 250))
  const { rows } = await runPost(ran)
  expect(rows).toEqual(ran.rows)
})

test('a stop that main had noted is the reason, also when main was killed afterwards', async () => {
  await using standIn = await openScene()
  standIn.faults.order({ route: 'disable', account: 'account-3', fault: FAULTS.unauthorized })
  const ran = await runMain(standIn, { inputs: { concurrency: '1' } })
  const lines = readFileSync(join(ran.folder, 'journal.jsonl'), 'utf8').split('\n').filter(Boolean)
  const { rows, log } = await postAfter(ran, lines.slice(0, -1).join('\n'))
  expect(log).toContain('Halted (key-rejected)')
  expect(rows.map(({ state }) => state)).toEqual(['deactivated', 'deactivated', 'not-attempted', 'not-attempted'])
})
