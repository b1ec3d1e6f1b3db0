import { Parser } from 'commonmark'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import type { AccountResult } from '../../../src/account/result.ts'
import { junitXml } from '../../../src/report/junit.ts'
import { isPlainUrl } from '../../../src/report/model.ts'
import { reportPage } from '../../../src/report/page.ts'
import { planJson } from '../../../src/report/plan-json.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { parseResultsCsv, resultsCsv } from '../../../src/report/results-csv.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { escapeMarkdown } from '../../../src/text/escape.ts'
import { visibleLine, visibleText } from '../../../src/text/visible.ts'
import { accountResult, fromCsv, runReport } from './builder.ts'
import { HOSTILE } from './hostile.ts'
import { cellsOfSpreadsheets, type Element, isFormula, readHtml, readMarkdown, readXml } from './read-back.ts'

/** A report with the text in every field that text can get into, from a list, an answer, an input or GitHub. */
function reportWith(text: string): RunReport {
  const account = (number: number, overrides: Partial<AccountResult>): AccountResult =>
    accountResult({
      id: `557058:${number}`,
      line: number + 1,
      email: text,
      name: text,
      cause: causeOf('refused', '', text),
      ...overrides,
    })
  const guard = { found: text, limit: text, message: text, fix: text } as const
  return runReport({
    outcome: 'failed',
    reason: 'accounts-failed',
    headline: text,
    changed: text,
    next: text,
    source: text,
    organizationId: text,
    repository: text,
    runUrl: text,
    artifact: { name: text, id: 1, url: text },
    warnings: [text, text],
    guards: [
      { guard: 'max-users', verdict: 'refused', ...guard },
      { guard: 'max-percent', verdict: 'waived', ...guard },
      { guard: 'admins-unknown', verdict: 'reported', ...guard },
    ],
    settings: { message: text, exclude: text },
    whom: [{ id: '557058:1', email: text, name: text, line: 2, groups: text, lastActive: text, due: text }],
    startedBy: text,
    attemptStartedBy: text,
    runAttempt: 2,
    commit: text,
    workflow: text,
    approvedBy: [{ id: 1, login: text, through: { kind: 'environment', name: text }, commit: text }],
    pauses: [{ from: Date.UTC(2026, 2, 2, 8), until: Date.UTC(2026, 2, 2, 8, 0, 2), why: text }],
    accounts: [
      account(1, { canary: true }),
      account(2, { state: 'failed', verified: '' }),
      account(3, { state: 'unknown', verified: '', cause: causeOf('conflict', text) }),
      account(4, { verified: 'no' }),
      account(5, { state: 'not-attempted', verified: '', attempts: 0, httpStatus: 0, startedAt: '', finishedAt: '' }),
      account(6, {
        decision: 'skip',
        reason: 'excluded',
        state: 'skipped',
        verified: '',
        attempts: 0,
        httpStatus: 0,
        startedAt: '',
        finishedAt: '',
      }),
    ],
  })
}

const page = (report: RunReport): string => [...reportPage(report)].join('')
const junit = (report: RunReport): string => [...junitXml(report)].join('')
const csv = (report: RunReport): string => [...resultsCsv(report.accounts)].join('')
const summary = (report: RunReport): string => summaryMarkdown(report)
const names = (elements: readonly Element[]): string[] => elements.map(({ name }) => name)
const show = (text: string): string => JSON.stringify(text).slice(0, 60)

/** What XML can hold of a text. */
const xmlText = (text: string): string =>
  text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')

test('the corpus is large enough', () => {
  expect(new Set(HOSTILE).size).toBeGreaterThanOrEqual(60)
})

describe.each(HOSTILE.filter((text) => text !== '').map((text) => [show(text), text] as const))('%s', (_, text) => {
  const report = reportWith(text)

  test('comes back from results.csv exactly, and is no formula there', () => {
    const parsed = parseResultsCsv(csv(report))
    expect(parsed).toEqual({
      ok: true,
      results: report.accounts.map(fromCsv).map((account) => ({
        ...account,
        email: account.email.toWellFormed(),
        name: account.name.toWellFormed(),
        detail: account.detail.toWellFormed(),
      })),
    })
    for (const account of report.accounts) expect(fromCsv(account).detail).toBe(text)
    const rows = parse(csv(report), { bom: true, record_delimiter: '\r\n' }) as string[][]
    expect(rows).toHaveLength(7)
    expect(cellsOfSpreadsheets(csv(report)).filter(isFormula)).toEqual([])
  })

  test('comes back from plan.json', () => {
    const plan = JSON.parse(planJson(report, 'ab'.repeat(32)))
    expect(plan.guards).toEqual(JSON.parse(JSON.stringify(report.guards)))
    expect([plan.source, plan.organizationId, plan.settings.message, plan.warnings]).toEqual([
      text,
      text,
      text,
      [text, text],
    ])
  })

  test('comes back from junit.xml as text', () => {
    const elements = readXml(junit(report))
    const cases = elements.filter(({ name }) => name === 'testcase')
    expect(cases.map(({ attributes }) => attributes.name)).toEqual(
      [1, 2, 3, 4, 5].map((number) => `${xmlText(text)} (557058:${number})`),
    )
    expect(elements.find(({ name }) => name === 'failure')?.text).toBe(xmlText(text))
    expect(elements.find(({ name }) => name === 'system-out')?.text).toContain(xmlText(text))
    expect(elements.some(({ name, attributes }) => name === 'property' && attributes.value === xmlText(text))).toBe(
      true,
    )
    expect(names(elements)).toEqual(names(readXml(junit(reportWith('plain')))))
  })

  test('comes back from report.html as text', () => {
    const elements = readHtml(page(report))
    // An address of a page is a link there, under words of ours.
    const harmless = isPlainUrl(text) ? linkedPageTags : pageTags
    expect(names(elements).filter((name) => name !== 'a')).toEqual(harmless.filter((name) => name !== 'a'))
    const texts = new Set(elements.map((element) => element.text))
    expect(texts).toContain(visibleText(text))
    for (const { name, attributes, text: shown } of elements) {
      expect(Object.keys(attributes).filter((attribute) => /^on|^style$|^src$/i.test(attribute))).toEqual([])
      if (name === 'a') expect(attributes.href).toMatch(/^(#|https?:)/)
      if (name === 'a') expect(['Skip to the accounts', 'Workflow run', 'Results artifact']).toContain(shown)
    }
    const data = JSON.parse(elements.find(({ attributes }) => attributes.id === 'data')?.text ?? '')
    expect(data.rows).toHaveLength(6)
    for (const row of data.rows) expect([row[1], row[2], row[7]]).toEqual([text, text, text].map(visibleLine))
  })

  test('comes back from the summary as text', () => {
    const markdown = summary(report)
    const elements = readMarkdown(markdown)
    const body = elements.find(({ name }) => name === 'body')?.text ?? ''
    // As often as in a harmless report: no place has swallowed it.
    const occurrences = body.split(visibleLine(text)).length - 1
    expect(occurrences).toBeGreaterThanOrEqual(visibleLine(text).trim() === '' ? 1 : 20)
    for (const { name, attributes } of elements) {
      expect(['img', 'script', 'iframe', 'style', 'svg', 'input', 'sup', 'del', 'h1']).not.toContain(name)
      expect(Object.keys(attributes).filter((attribute) => !['align', 'href', 'class'].includes(attribute))).toEqual([])
    }
    for (const tag of [
      'h2',
      'h3',
      'table',
      'tr',
      'td',
      'details',
      'summary',
      'pre',
      'li',
      'blockquote',
      'strong',
      'em',
    ])
      expect([tag, names(elements).filter((name) => name === tag).length]).toEqual([
        tag,
        (isPlainUrl(text) ? linkedSummaryTags : summaryTags).filter((name) => name === tag).length,
      ])
    // A second parser, of another make, finds no link, no image and no list of theirs either.
    const walker = new Parser().parse(markdown).walker()
    for (let step = walker.next(); step !== null; step = walker.next()) {
      if (step.node.type === 'image') expect.fail('an image in the summary')
      if (step.node.type === 'link') expect(step.node.destination).toMatch(/^https?:/)
    }
  })
})

let pageTags: string[] = []
let summaryTags: string[] = []
// The run's address is shown only where it is one.
let linkedPageTags: string[] = []
let linkedSummaryTags: string[] = []
beforeAll(() => {
  pageTags = names(readHtml(page(reportWith('plain'))))
  summaryTags = names(readMarkdown(summary(reportWith('plain'))))
  linkedPageTags = names(readHtml(page(reportWith('https://example.com/'))))
  linkedSummaryTags = names(readMarkdown(summary(reportWith('https://example.com/'))))
})

test('the summary shows a mention only behind a character that GitHub does not read over', () => {
  const elements = readHtml(escapeMarkdown('ask @octocat about #12'))
  expect(elements.at(-1)?.text).toBe('ask @\u200boctocat about #\u200b12')
})
