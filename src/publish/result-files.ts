import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { junitXml } from '../report/junit.ts'
import { reportPage } from '../report/page.ts'
import { planJson } from '../report/plan-json.ts'
import type { RunReport } from '../report/report.ts'
import { resultsCsv } from '../report/results-csv.ts'
import { writeChunks } from '../world/files.ts'
import { FOUND_LIST } from './found-list.ts'

/** The results artifact's files (contract, section 6), in the order in which people look for them. */
const FILES = ['results.csv', 'report.html', 'plan.json', 'junit.xml', 'journal.jsonl'] as const

/** Writes all result files but the journal, which is there already. @returns the paths of all */
export function writeResultFiles(folder: string, report: RunReport): string[] {
  const sha256 = writeChunks(join(folder, 'results.csv'), resultsCsv(report.accounts))
  writePage(folder, report)
  writeChunks(join(folder, 'plan.json'), [planJson(report, sha256)])
  writeChunks(join(folder, 'junit.xml'), junitXml(report))
  const list = join(folder, FOUND_LIST)
  return [...FILES.map((file) => join(folder, file)), ...(existsSync(list) ? [list] : [])]
}

/** Writes `report.html`: again once the artifact is uploaded, because only then it can link to it. @returns its path */
export function writePage(folder: string, report: RunReport): string {
  const path = join(folder, 'report.html')
  writeChunks(path, reportPage(report))
  return path
}
