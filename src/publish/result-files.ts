import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { junitXml } from '../report/junit.ts'
import { reportPage } from '../report/page.ts'
import { planJson } from '../report/plan-json.ts'
import type { RunReport } from '../report/report.ts'
import { resultsCsv } from '../report/results-csv.ts'
import { writeChunks } from '../world/files.ts'
import { FOUND_LIST } from './found-list.ts'

/** Writes all result files but the journal, which is there already. @returns the paths of all */
export function writeResultFiles(folder: string, report: RunReport): string[] {
  const at = (file: string): string => join(folder, file)
  const hash = createHash('sha256')
  writeChunks(at('results.csv'), resultsCsv(report.accounts), 'w', hash)
  writePage(folder, report)
  writeChunks(at('plan.json'), [planJson(report, hash.digest('hex'))])
  writeChunks(at('junit.xml'), junitXml(report))
  // In the order in which people look for them.
  const files = ['results.csv', 'report.html', 'plan.json', 'junit.xml', 'journal.jsonl'].map(at)
  return existsSync(at(FOUND_LIST)) ? [...files, at(FOUND_LIST)] : files
}

/** Writes `report.html`: again once the artifact is uploaded, because only then it can link to it. */
export function writePage(folder: string, report: RunReport): void {
  writeChunks(join(folder, 'report.html'), reportPage(report))
}
