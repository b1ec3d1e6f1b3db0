import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { headingsOf, linksOf } from './markdown.ts'

const DOCUMENT = 'docs/threat-model.md'
const LAWS = 12

/** Each invariant's part of the page, by its number. */
const sections = readFileSync(DOCUMENT, 'utf8')
  .split(/^### I/m)
  .slice(1)
  .map((text) => text.split(/^## /m)[0] ?? '')

test('every law is an invariant, in order', () => {
  const numbers = headingsOf(DOCUMENT).flatMap(({ text }) => /^I(\d+) /.exec(text)?.slice(1) ?? [])
  expect(numbers).toEqual(Array.from({ length: LAWS }, (_, index) => String(index + 1)))
})

test.each(sections)('I%s', (section) => {
  expect(section.match(/^- \[`.+`\]\(\.\.\/test\/.+\.test\.ts\)$/gm)?.length ?? 0).toBeGreaterThan(0)
})

describe('a test that is named', () => {
  const named = linksOf(DOCUMENT).filter(({ target }) => target.endsWith('.test.ts'))

  test.each(named)('$text is one of $target', ({ text, target }) => {
    const titles = readFileSync(join('docs', target), 'utf8').matchAll(/\('((?:[^'\\]|\\.)*)',/g)
    expect([...titles].map(([, title = '']) => title.replaceAll("\\'", "'"))).toContain(text)
  })
})
