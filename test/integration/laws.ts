import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AccountEvent } from '../../src/ledger/events.ts'
import { fold, untouched } from '../../src/ledger/fold.ts'
import { readResults } from '../../src/report/results-csv.ts'
import type { Call } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import type { Line, Ran } from './run-main.ts'

export const STATES = [
  'planned',
  'deactivated',
  'restored',
  'already-inactive',
  'already-active',
  'skipped',
  'failed',
  'unknown',
  'not-attempted',
]
/** States that say that this run did not change the account. */
const UNCHANGED = ['planned', 'already-inactive', 'already-active', 'skipped', 'failed', 'not-attempted']

/** Account statuses that show an account inactive; no other word does. */
const INACTIVE = ['inactive', 'closed']

export interface Case {
  readonly listed: readonly string[]
  readonly protected?: readonly string[]
  readonly canaries?: number
}

/** Every law of the contract that the run broke, by the stand-in's own record. */
export function brokenLaws(ran: Ran, { organization }: StandIn, { listed, protected: safe = [] }: Case): string[] {
  const broken: string[] = []
  const check = (holds: boolean, law: string): void => {
    if (!holds) broken.push(law)
  }
  const changeCalls = organization.calls.filter(isChange)
  for (const call of changeCalls) {
    check(listed.includes(call.accountId), `1: ${call.accountId} is not listed, and was called`)
    check(!safe.includes(call.accountId), `2: ${call.accountId} is protected, and was called`)
  }
  check(
    same(
      ran.rows.map(({ account_id: id }) => id ?? ''),
      listed,
    ),
    '5: the results hold exactly the listed accounts',
  )
  let sum = 0
  for (const state of STATES) {
    const rows = ran.rows.filter((row) => row.state === state).length
    check(ran.outputs[state] === String(rows), `5: output ${state} is ${ran.outputs[state]}, the results say ${rows}`)
    sum += rows
  }
  check(sum === listed.length && ran.outputs.listed === String(sum), '5: the counts add up to the listed accounts')
  const verified = ran.rows.filter((row) => row.verified === 'yes').length
  check(ran.outputs.verified === String(verified), '5: output verified is the count of the results')
  for (const row of ran.rows) {
    const id = row.account_id ?? ''
    const changes = organization.changes.filter((change) => change.accountId === id).length
    const calls = changeCalls.filter((call) => call.accountId === id)
    check(changes <= 1, `6: ${id} was changed ${changes} times`)
    const seenLast = showsLast(organization.calls, id)
    const lost = calls.some(({ status }) => isAmbiguous(status))
    if (UNCHANGED.includes(row.state ?? '')) {
      // A change whose answer was lost may land even after the last look.
      check(changes === 0 || (lost && seenLast === 'active'), `5: ${id} is ${row.state}, but was changed`)
      const judged = row.state === 'failed' || row.state === 'not-attempted'
      check(!lost || !judged || seenLast === 'active', `5: ${id} is ${row.state}, but was not read last of all`)
    }
    // A request that was given up after a cancel may not have arrived yet.
    const late = row.state === 'unknown' && Number(row.attempts) === calls.length + 1
    check(
      late || row.attempts === String(calls.length),
      `5: ${id} has ${row.attempts} attempts, ${calls.length} arrived`,
    )
    check((row.attempts !== '0') === (row.started_at !== ''), `5: ${id} has a start if something was sent`)
    check((row.attempts !== '0') === (row.finished_at !== ''), `5: ${id} has an end if something was sent`)
    const last = calls.at(-1)?.status ?? 0
    if (row.state !== 'unknown')
      check(row.http_status === (last === 0 ? '' : String(last)), `5: ${id} has status ${row.http_status}, not ${last}`)
    if (row.state === 'deactivated') {
      const shown = calls.some(({ status }) => status === 204) || sawInactive(organization.calls, id)
      check(shown, `5: ${id} is deactivated, but neither a 204 nor a read says so`)
    }
    check(readBetween(organization.calls, id), `6: ${id} was called again without a read`)
  }
  const taken = readResults(
    readFileSync(join(ran.folder, 'results.csv')),
    readFileSync(join(ran.folder, 'plan.json'), 'utf8'),
    false,
  )
  check(taken.ok, `8: a restore would refuse these results: ${taken.ok ? '' : taken.why}`)
  broken.push(...brokenOrder(ran.journal, ran))
  const green = ['planned', 'nothing-to-do', 'completed'].includes(ran.outputs.outcome ?? '')
  check((ran.exitCode === 0) === green, `12: exit code ${ran.exitCode} with ${ran.outputs.outcome}`)
  check(green === (ran.outputs.reason === ''), `12: ${ran.outputs.outcome} with reason "${ran.outputs.reason}"`)
  return broken
}

/** What the journal's order shows: nothing is sent after a stop, the canary is first, what came of it is written. */
function brokenOrder(journal: readonly Line[], ran: Ran): string[] {
  const broken: string[] = []
  const stop = journal.findIndex((line) => line.event === 'stop')
  const lastIntent = journal.findLastIndex((line) => line.event === 'intent')
  const answered = (line: Line, index: number): boolean =>
    journal
      .slice(index + 1)
      .some(
        (later) =>
          later.event === 'answer' &&
          later.account === line.account &&
          later.attempt === line.attempt &&
          later.meaning === 'unsent',
      )
  if (stop >= 0 && lastIntent > stop && !answered(journal[lastIntent] ?? {}, lastIntent))
    broken.push('7: an intent after the stop')
  const passed = journal.findIndex((line) => line.event === 'canary' && line.verdict === 'passed')
  const canaries = new Set(
    journal.filter((line) => line.event === 'intent' && line.canary === true).map((line) => line.account),
  )
  for (const [index, line] of journal.entries()) {
    if (line.event !== 'intent' || canaries.has(line.account) || (passed >= 0 && index > passed)) continue
    const replaced = ran.row(String(line.account)).state?.startsWith('already-')
    if (replaced !== true && stop < 0) broken.push(`4: ${String(line.account)} was begun before the canary had passed`)
  }
  for (const row of ran.rows) {
    const told = fateIn(journal, row.account_id ?? '', ran.outputs)
    if (row.attempts !== '0' && told !== row.state) {
      broken.push(`11: the journal leaves ${row.account_id} as ${told}, the results as ${row.state}`)
    }
  }
  return broken
}

/** The state that the journal's lines leave an account in. */
function fateIn(journal: readonly Line[], id: string, { restored }: Readonly<Record<string, string>>): string {
  const events = journal.filter((line) => line.account === id) as unknown as readonly AccountEvent[]
  const wanted = restored === '0' ? 'inactive' : 'active'
  return events.reduce((fate, event) => fold(fate, event, wanted), untouched('not-attempted')).state
}

/** Law 6: after a change whose answer is neither done, refused nor throttled, the account is read before the next. */
function readBetween(calls: readonly Call[], id: string): boolean {
  let open = false
  for (const call of calls) {
    if (call.accountId !== id) continue
    if (call.route === 'profile') open = false
    if (!isChange(call)) continue
    if (open) return false
    // After a 204 no read justifies another change in the same run.
    if (
      calls.some(
        (other) =>
          other.accountId === id &&
          isChange(other) &&
          other.status === 204 &&
          other !== call &&
          calls.indexOf(other) < calls.indexOf(call),
      )
    )
      return false
    open = call.status !== 429
  }
  return true
}

/** Law 5: a profile that was read after the first request shows it done. */
function sawInactive(calls: readonly Call[], id: string): boolean {
  const first = calls.findIndex((call) => call.accountId === id && isChange(call))
  return calls.some((call, index) => index > first && call.accountId === id && INACTIVE.includes(call.shows))
}

/** What the account's profile showed after the last request of the run for a change; empty where nobody read it. */
function showsLast(calls: readonly Call[], id: string): string {
  const last = calls.findLastIndex(isChange)
  return calls.findLast((call, index) => index > last && call.accountId === id && call.shows !== '')?.shows ?? ''
}

/** An answer that leaves open whether the change was made. */
function isAmbiguous(status: number): boolean {
  return status !== 204 && (status < 400 || status >= 500 || status === 408 || status === 425)
}

function isChange(call: Call): boolean {
  return call.route === 'disable' || call.route === 'enable'
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
