import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as core from '@actions/core'
import { artifactNameOf } from '../publish/artifact-name.ts'
import { writeResultsCsv } from '../publish/result-files.ts'
import { UNFINISHED } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { parseResultsCsv } from '../report/results-csv.ts'
import { type Run, reportOf, reportWithoutAccounts } from '../run.ts'
import { outcomeFromJournal } from './fold.ts'
import { parseJournal } from './journal.ts'

/** What main leaves for the post step, in case it cannot publish itself. */
export interface Saved {
  readonly resultsPath: string
  readonly artifactName: string
  /** Days; null: as the repository is set. */
  readonly retentionDays: number | null
}

/** Names of the states that main hands to the post step. */
const STATE = { saved: 'saved', published: 'published' }

/**
 * The report without its accounts. They stand in a results.csv beside it, in the run's own folder: in the results folder
 * it would be taken for the true one, and be torn when main dies while it writes that.
 */
const REPORT_FILE = 'report.json'

/** Tells the post step where everything is, before anything can go wrong. */
export function saveForPost(run: Run): void {
  const { settings, resultsPath } = run
  const saved: Saved = { resultsPath, artifactName: artifactNameOf(run), retentionDays: settings.retentionDays }
  writeReport(run)
  core.saveState(STATE.saved, JSON.stringify(saved))
}

/**
 * Writes the results as they would be if the process died now: all targets not attempted. From then on the journal
 * holds what becomes of them.
 */
export function writeCheckpoint(run: Run): void {
  writeReport(run)
  const [folder, draft] = [dirname(run.resultsPath), draftFolder(run)]
  writeResultsCsv(draft, reportOf(run, UNFINISHED).accounts)
  renameSync(join(draft, 'results.csv'), join(folder, 'results.csv'))
}

/** What a kill tears stays in here: a file comes out whole, by its renaming. */
function draftFolder({ resultsPath }: Run): string {
  const folder = join(dirname(resultsPath), 'draft')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Tells the post step that there is nothing left to do. */
export function markPublished(): void {
  core.saveState(STATE.published, 'true')
}

/** What main saved; null where it published itself, or never came to save anything. */
export function readSaved(): Saved | null {
  const text = core.getState(STATE.saved)
  return text === '' || core.getState(STATE.published) === 'true' ? null : (JSON.parse(text) as Saved)
}

/** The report of a run that died, from its checkpoint and its journal. */
export function rebuildReport({ resultsPath }: Saved, finishedAt: string): RunReport {
  const report = JSON.parse(readFileSync(join(dirname(resultsPath), REPORT_FILE), 'utf8')) as RunReport
  const events = parseJournal(readText(join(resultsPath, 'journal.jsonl')))
  const parsed = parseResultsCsv(readText(join(dirname(resultsPath), 'results.csv')))
  return outcomeFromJournal(report, parsed.ok ? parsed.results : [], events, finishedAt)
}

function writeReport(run: Run): void {
  const draft = join(draftFolder(run), REPORT_FILE)
  writeFileSync(draft, JSON.stringify(reportWithoutAccounts(run, UNFINISHED)))
  renameSync(draft, join(dirname(run.resultsPath), REPORT_FILE))
}

/** A file that main did not come to write is empty. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
