import { createReadStream, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { licencesOf } from '../account/licences.ts'
import type { AccountResult } from '../account/result.ts'
import type { RunReport } from '../report/report.ts'
import { writeChunks } from '../world/files.ts'
import { untouched } from './fold.ts'
import { withFate } from './results.ts'

/**
 * What a run would publish if the process died now, in the run's own folder beside the results: in the results folder it
 * would be taken for the true one. From then on the journal says what becomes of the accounts.
 *
 * @param report without its accounts
 * @param accounts as they may be shown; left out where they are not known yet
 */
export function writeCheckpoint(resultsPath: string, report: RunReport, accounts: Iterable<AccountResult> = []): void {
  whole(resultsPath, REPORT, [JSON.stringify(report)])
  whole(resultsPath, ACCOUNTS, lines(accounts))
}

const REPORT = 'report.json'
const ACCOUNTS = 'accounts.jsonl'

/** What a kill tears stays in a folder of drafts: a file comes out whole, by its renaming. */
function whole(resultsPath: string, name: string, chunks: Iterable<string>): void {
  const folder = dirname(resultsPath)
  mkdirSync(join(folder, 'draft'), { recursive: true })
  writeChunks(join(folder, 'draft', name), chunks)
  renameSync(join(folder, 'draft', name), join(folder, name))
}

/** A line holds what a decision says of an account; the rest of a result is the journal's. */
function* lines(accounts: Iterable<AccountResult>): Generator<string> {
  for (const { id, email, name, line, decision, reason, state, cause, lastActive, licences } of accounts) {
    yield `${JSON.stringify([id, email, name, line, decision, reason, state, cause, lastActive, licences])}\n`
  }
}

type Line = [
  id: string,
  email: string,
  name: string,
  line: number,
  decision: AccountResult['decision'],
  reason: AccountResult['reason'],
  state: AccountResult['state'],
  cause: AccountResult['cause'],
  lastActive: string,
  licences: AccountResult['licences'],
]

/** The report that main left, without its accounts. */
export function readCheckpoint(resultsPath: string): RunReport {
  return JSON.parse(readFileSync(join(dirname(resultsPath), REPORT), 'utf8')) as RunReport
}

/** The accounts that main left, line by line: a text of all of them would be too long for JavaScript. */
export async function* checkpointAccounts(resultsPath: string): AsyncGenerator<AccountResult> {
  for await (const text of linesOf(join(dirname(resultsPath), ACCOUNTS))) {
    const [id, email, name, line, decision, reason, state, cause, lastActive, told] = JSON.parse(text) as Line
    const licences = told === null ? null : licencesOf(told.products, told.billable)
    yield withFate({ id, email, name, line, decision, reason, lastActive, licences }, { ...untouched(state), cause })
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
