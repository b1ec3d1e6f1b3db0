import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeResultFiles } from '../../../src/publish/result-files.ts'
import { maskAccount } from '../../../src/report/report.ts'
import { parseResultsCsv } from '../../../src/report/results-csv.ts'
import { manyAccounts, runReport } from '../report/builder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'result-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('writes all files, and names them in the order in which people look for them', () => {
  const files = writeResultFiles(folder, runReport())
  expect(files.map((file) => basename(file))).toEqual([
    'results.csv',
    'report.html',
    'plan.json',
    'junit.xml',
    'journal.jsonl',
  ])
  for (const file of files.filter((one) => !one.endsWith('journal.jsonl')))
    expect(statSync(file).size).toBeGreaterThan(100)
})

test('results.csv has the byte order mark that Excel looks for, and reads back from the disk', () => {
  writeResultFiles(folder, runReport())
  const bytes = readFileSync(join(folder, 'results.csv'))
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(parseResultsCsv(bytes)).toMatchObject({ ok: true })
})

test('a masked report leaves no name and no address in any file', () => {
  const accounts = manyAccounts(40).map(maskAccount)
  for (const file of writeResultFiles(folder, runReport({ accounts, privacy: 'masked' })).slice(0, 4)) {
    expect(readFileSync(file, 'utf8')).not.toMatch(/Andersson|andersson|Chloé|chloé\.|\w{2,}@example\.com/)
  }
})

test('100,000 accounts stay within what people can open', () => {
  const sizes = writeResultFiles(folder, runReport({ accounts: manyAccounts(100_000) }))
    .slice(0, 4)
    .map((file) => statSync(file).size / 2 ** 20)
  const [csv = 0, html = 0, plan = 0, junit = 0] = sizes
  expect(csv).toBeLessThan(32)
  expect(html).toBeLessThan(16)
  expect(plan).toBeLessThan(1)
  expect(junit).toBeLessThan(32)
})
