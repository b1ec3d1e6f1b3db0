import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SKIP_REASONS } from '../../src/account/decision.ts'
import { REASONS } from '../../src/account/reasons.ts'
import { OUTCOMES } from '../../src/account/result.ts'

const text = readFileSync('docs/operations.md', 'utf8')

function sectionOf(heading: string): string {
  return text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
}

/** The first cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = sectionOf(heading)
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name)
}

test('every reason that a run can end with has its cause and fix, and no other', () => {
  const before = sectionOf('Reasons: a guard refused').split(/^### /m).slice(1)
  const onTheWay = sectionOf('Reasons: on the way').split(/^### /m).slice(1)
  const told = [...before, ...onTheWay].map((section) => /^`([a-z-]+)`\n/.exec(section)?.[1])
  expect(told.toSorted()).toEqual([...REASONS].toSorted())
  for (const section of [...before, ...onTheWay]) {
    expect(section).toContain('- **Cause:** ')
    expect(section).toContain('- **Fix:** ')
  }
  for (const section of onTheWay) expect(section).toContain('- **Changed:** ')
})

test('every outcome is told', () => {
  expect(firstCells('Outcomes')).toEqual(expect.arrayContaining([...OUTCOMES]))
})

test('every reason to leave an account alone is told, in its order', () => {
  expect(firstCells('Accounts left alone')).toEqual([...SKIP_REASONS])
})
