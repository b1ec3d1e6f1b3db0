import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SKIP_REASONS } from '../../src/plan/decision.ts'
import { GUARDS } from '../../src/plan/guard.ts'
import { OUTCOMES } from '../../src/report/report.ts'
import { STOP_CAUSES } from '../../src/rollout/stop.ts'
import { headingsOf } from './markdown.ts'

const DOCUMENT = 'docs/operations.md'
const text = readFileSync(DOCUMENT, 'utf8')

/** The first cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name)
}

test('every reason that a run can end with has its cause and fix, and no other', () => {
  const told = headingsOf(DOCUMENT)
    .filter(({ level }) => level === 3)
    .map(({ text: name }) => name)
  const ended = ['accounts-failed', 'accounts-not-verified', 'accounts-reactivated', 'not-published', 'unexpected']
  expect(told.toSorted()).toEqual([...new Set([...GUARDS, ...STOP_CAUSES, ...ended])].toSorted())
  for (const section of text.split(/^### /m).slice(1)) {
    expect(section).toContain('- **Cause:** ')
    expect(section).toContain('- **Fix:** ')
  }
})

test('every outcome is told', () => {
  expect(firstCells('Outcomes')).toEqual(expect.arrayContaining([...OUTCOMES]))
})

test('every reason to leave an account alone is told, in its order', () => {
  expect(firstCells('Accounts left alone')).toEqual([...SKIP_REASONS])
})
