import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { licencesOf } from '../account/licences.ts'
import type { AccountResult } from '../account/result.ts'
import type { RunReport } from '../report/report.ts'
import { replaceFile } from '../world/replace-file.ts'
import { untouched, withFate } from './fold.ts'

/** In the run's own folder beside the results: in the results folder they would be taken for the true ones. */
const REPORT = '../report.json'
const ACCOUNTS = '../accounts.jsonl'

/** What a line holds: what a decision says of an account; the rest of a result is the journal's. */
const KEPT = ['id', 'email', 'name', 'line', 'decision', 'reason', 'state', 'cause', 'lastActive', 'licences'] as const

/** Keeps what a run would publish if it died now, as it may be shown. What becomes of accounts then, the journal says. */
export function writeCheckpoint(resultsPath: string, report: RunReport, accounts: Iterable<AccountResult>): void {
  replaceFile(resultsPath, REPORT, [JSON.stringify(report)])
  replaceFile(resultsPath, ACCOUNTS, lines(accounts))
}

function* lines(accounts: Iterable<AccountResult>): Generator<string> {
  for (const account of accounts) yield `${JSON.stringify(KEPT.map((member) => account[member]))}\n`
}

/** The report that main left, without its accounts. */
export function readCheckpoint(resultsPath: string): RunReport {
  return JSON.parse(readFileSync(join(resultsPath, REPORT), 'utf8')) as RunReport
}

/** The accounts that main left, line by line: a text of all of them would be too long for JavaScript. */
export async function* checkpointAccounts(resultsPath: string): AsyncGenerator<AccountResult> {
  for await (const text of linesOf(join(resultsPath, ACCOUNTS))) {
    const values = JSON.parse(text) as unknown[]
    const members = KEPT.map((member, index) => [member, values[index]])
    const { state, cause, ...who } = Object.fromEntries(members) as Pick<AccountResult, (typeof KEPT)[number]>
    const licences = who.licences && licencesOf(who.licences.products, who.licences.billable)
    yield withFate({ ...who, licences }, untouched(state, cause))
  }
}

/** The lines of a file with their ends, however long it is; the last may have none. @throws where it cannot be read */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield `${line}\n`
  }
  if (rest !== '') yield rest
}
