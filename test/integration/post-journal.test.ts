import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import type { StandIn } from '../stand-in/server.ts'
import { type Ran, runMain, runPost } from './run-main.ts'
import { CANARY, FOURTH, openScene, SECOND, TARGETS, VICTIM } from './scene.ts'

/** A main that did much, and was killed before it could write its results. */
async function killedMain(): Promise<{ standIn: StandIn; ran: Ran; journal: string }> {
  const standIn = await openScene({ [FOURTH]: { accountStatus: 'inactive' } })
  standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.forbidden })
  const ran = await runMain(standIn)
  expect(ran.rows.map(({ state }) => state)).toEqual(['deactivated', 'deactivated', 'failed', 'already-inactive'])
  rmSync(join(ran.folder, 'results.csv'))
  return { standIn, ran, journal: join(ran.folder, 'journal.jsonl') }
}

/** What the post step says of everybody. */
const statesOf = (rows: readonly Readonly<Record<string, string>>[]): (string | undefined)[] =>
  rows.map(({ state }) => state)

describe('a journal that the post step cannot read', () => {
  test.each<[string, (path: string) => void]>([
    ['is gone', (path) => rmSync(path)],
    [
      'is a folder',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    [
      'leads in circles',
      (path) => {
        rmSync(path)
        symlinkSync(path, path)
      },
    ],
  ])('because it %s leaves every target unknown: it may have been changed', async (_, spoil) => {
    const { standIn, ran, journal } = await killedMain()
    await using _open = standIn
    spoil(journal)
    const { rows, log } = await runPost(ran)
    expect(rows.map((row) => row.account_id)).toEqual(TARGETS)
    expect(statesOf(rows)).toEqual(['unknown', 'unknown', 'unknown', 'already-inactive'])
    expect(rows.slice(0, 3).map(({ detail }) => detail)).not.toContain('')
    expect(log).toMatch(/::error.*Failed \(unexpected\)/)
    expect(log).toContain('unknown')
  })

  test('in the middle leaves those unknown whose lines may have stood there', async () => {
    const { standIn, ran, journal } = await killedMain()
    await using _open = standIn
    const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean)
    const ofSecond = lines.map((line) => line.includes(`"${SECOND}"`))
    expect(ofSecond.filter(Boolean).length).toBeGreaterThan(1)
    // The last lines are whole: the damage is no line that a kill has torn.
    writeFileSync(journal, lines.map((line, index) => `${ofSecond[index] ? line.slice(0, 12) : line}\n`).join(''))
    const { rows } = await runPost(ran)
    expect(statesOf(rows)).toEqual(['deactivated', 'unknown', 'failed', 'already-inactive'])
  })

  test.each([
    ['holes, as a disk leaves them that lost its power', '\0'.repeat(4096)],
    ['a line that is no object', '7\n'],
    ['a line of an event that is not known', '{"event":"later","account":"account-2"}\n'],
  ])('to its end for %s says what stands before it, and claims nothing of the others', async (_, tail) => {
    const { standIn, ran, journal } = await killedMain()
    await using _open = standIn
    const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean)
    const first = lines.findIndex((line) => line.includes(`"${SECOND}"`))
    writeFileSync(journal, `${lines.slice(0, first).join('\n')}\n${tail}`)
    const { rows } = await runPost(ran)
    expect(rows.map((row) => row.account_id)).toEqual(TARGETS)
    expect(rows[0]).toMatchObject({ account_id: CANARY, state: 'deactivated' })
    expect(['unknown', 'not-attempted']).toContain(rows[1]?.state)
  })
})

test('a journal of more than half a gibibyte, as seven hundred thousand accounts leave it, is read to its end', async () => {
  const { standIn, ran, journal } = await killedMain()
  await using _open = standIn
  const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean)
  const half = Math.floor(lines.length / 2)
  const pause = {
    event: 'pause',
    at: '2026-01-01T00:00:00.000Z',
    until: '2026-01-01T00:00:00.000Z',
    why: 'x'.repeat(500),
  }
  const megabyte = `${JSON.stringify(pause)}\n`.repeat(1800)
  writeFileSync(journal, `${lines.slice(0, half).join('\n')}\n`)
  for (let size = 0; size < 540 * 1024 * 1024; size += megabyte.length) appendFileSync(journal, megabyte)
  appendFileSync(journal, `${lines.slice(half).join('\n')}\n`)
  try {
    const { rows } = await runPost(ran)
    expect(rows).toEqual(ran.rows)
  } finally {
    truncateSync(journal)
  }
}, 120_000)
