import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { causeOf } from '../../src/account/cause.ts'
import type { RunReport } from '../../src/report/report.ts'
import { accountResult, manyAccounts, runReport, START } from '../unit/report/builder.ts'
import { HOSTILE } from '../unit/report/hostile.ts'
import { CHROMIUM, launch, NO_CHROMIUM, open } from './browser.ts'

if (CHROMIUM === '') process.stderr.write(`test/page: ${NO_CHROMIUM}\n`)

const ACCOUNTS = manyAccounts(1200)
const REPORT: RunReport = runReport({
  outcome: 'failed',
  reason: 'accounts-failed',
  headline: '6 of 1,000 accounts failed; 994 were deactivated.',
  next: 'The table of failures says what to do for each.',
  accounts: ACCOUNTS,
  warnings: ['The list has 3 rows whose status is "Pending"; they count as active.'],
  pauses: [{ from: START + 20_000, until: START + 32_000, why: 'Atlassian answered 429' }],
})

/** What a person reads above the table. */
const found = (page: Page): Promise<string> => page.locator('#found').innerText()
const rows = (page: Page): Promise<string[]> => page.locator('#rows tr').allInnerTexts()
const number = (value: number): string => value.toLocaleString('en-US')

describe.skipIf(CHROMIUM === '')(`report.html in Chromium${CHROMIUM === '' ? ` (${NO_CHROMIUM})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test('opens from disk without a request and without a complaint', async () => {
    await using opened = await open(browser, REPORT)
    expect(await opened.page.title()).toBe('6 of 1,000 accounts failed; 994 were deactivated')
    expect(await found(opened.page)).toBe(`${number(ACCOUNTS.length)} accounts`)
    expect(await rows(opened.page)).toHaveLength(50)
    await opened.page.locator('details summary').first().click()
    await opened.page.waitForTimeout(200)
    expect(opened.complaints).toEqual([])
    expect(opened.requests).toEqual([])
  })

  test('the search finds names, e-mails, ids and details, all words at once', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    const search = page.getByRole('searchbox', { name: 'Search' })
    for (const [words, expected] of [
      [ACCOUNTS[77]?.id ?? '', 1],
      [ACCOUNTS[78]?.email ?? '', 1],
      [
        'ADA partner.example',
        ACCOUNTS.filter(({ name, email }) => /ada/i.test(name + email) && /partner/.test(email)).length,
      ],
      ['externalDirectory.scim', ACCOUNTS.filter(({ cause }) => cause?.key === 'externalDirectory.scim').length],
    ] as const) {
      await search.fill(words)
      await expect.poll(() => found(page)).toBe(`${number(expected)} of ${number(ACCOUNTS.length)} accounts match`)
    }
    await search.fill('nobody has this name')
    await expect.poll(() => rows(page)).toEqual(['No account matches. Change the search or the filters.'])
    await page.getByRole('button', { name: 'Reset' }).click()
    expect(await found(page)).toBe(`${number(ACCOUNTS.length)} accounts`)
  })

  test('filters by state, by reason, and by what needs attention', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    const state = page.getByLabel('State')
    const failed = ACCOUNTS.filter((account) => account.state === 'failed').length
    await state.selectOption({ label: `Failed (${failed})` })
    expect(await found(page)).toBe(`${failed} of ${number(ACCOUNTS.length)} accounts match`)
    expect((await rows(page)).every((row) => row.includes('Failed'))).toBe(true)
    await state.selectOption('')
    const admins = ACCOUNTS.filter((account) => account.reason === 'org-admin').length
    await page.getByLabel('Reason').selectOption({ label: `Administrator of the organization (${admins})` })
    expect(await found(page)).toBe(`${admins} of ${number(ACCOUNTS.length)} accounts match`)
    await page.getByLabel('Reason').selectOption('')
    await page.getByRole('checkbox', { name: 'Needs attention' }).check()
    const urgent = ACCOUNTS.filter(({ state: one }) => one === 'failed' || one === 'unknown').length
    expect(await found(page)).toBe(`${urgent} of ${number(ACCOUNTS.length)} accounts match`)
  })

  test('sorts by a column, up and down, and tells so', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    const head = page.getByRole('columnheader', { name: 'Line' })
    const lines = async (): Promise<number[]> =>
      (await page.locator('#rows tr td:nth-child(3)').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect((await lines()).slice(0, 3)).toEqual([2, 3, 4])
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect((await lines()).slice(0, 3)).toEqual([1201, 1200, 1199])
  })

  test('turns pages, also by keyboard alone', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Next' }).focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#page').innerText()).toBe('51 to 100 of 1,200')
    await page.getByRole('button', { name: 'Last', exact: true }).press('Space')
    expect(await page.locator('#page').innerText()).toBe('1,151 to 1,200 of 1,200')
    await page.getByLabel('Rows').selectOption('500')
    expect(await rows(page)).toHaveLength(500)
  })

  test('reaches every control with the tab key', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    const reached = new Set<string>()
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()'))
    }
    for (const name of ['search', 'state', 'reason', 'urgent', 'reset', 'Line', 'next', 'last', 'size'])
      expect(reached).toContain(name)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      test(`axe finds nothing, ${colorScheme}, ${width} pixels wide`, async () => {
        await using opened = await open(browser, REPORT, { colorScheme, viewport: { width, height: 900 } })
        const { page } = opened
        await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        // Through the debugger: the page's own policy would not let axe in.
        await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
        const result: { violations: { id: string; impact: string; nodes: { html: string }[] }[] } =
          await page.evaluate('axe.run()')
        expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      })
    }
  }

  test('shows on a narrow screen who and in which state, each account on one line', async () => {
    await using opened = await open(browser, REPORT, { viewport: { width: 390, height: 800 } })
    const { page } = opened
    const first = page.locator('#rows tr').first()
    const [who, state] = [await first.locator('td.who').boundingBox(), await first.locator('td.state').boundingBox()]
    expect((state?.x ?? 999) + (state?.width ?? 999)).toBeLessThanOrEqual(390)
    expect(who?.height).toBeLessThan(50)
  })

  test('nothing is wider than a narrow screen', async () => {
    await using opened = await open(browser, REPORT, { viewport: { width: 360, height: 800 } })
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  })

  test('shows hostile text as text', async () => {
    const accounts = HOSTILE.map((text, index) =>
      accountResult({
        id: `557058:${index}`,
        name: text,
        email: text,
        cause: causeOf('refused', '', text),
        state: 'failed',
        line: index + 2,
      }),
    )
    await using opened = await open(
      browser,
      runReport({ accounts, warnings: [...HOSTILE], headline: HOSTILE.join('\n') }),
    )
    await opened.page.getByLabel('Rows').selectOption('500')
    expect(await rows(opened.page)).toHaveLength(HOSTILE.length)
    expect(await opened.page.locator('img, iframe, #rows a, #rows script').count()).toBe(0)
    expect(opened.complaints).toEqual([])
    expect(opened.requests).toEqual([])
  })

  test('the policy stops a script that got in all the same', async () => {
    await using opened = await open(browser, REPORT)
    await opened.page.evaluate(
      "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.bitten=1\">')",
    )
    await opened.page.waitForTimeout(200)
    expect(await opened.page.evaluate('window.bitten')).toBeUndefined()
    expect(opened.complaints.join('\n')).toContain('Content Security Policy')
  })

  test('stays quick with 50,000 accounts', async () => {
    const accounts = manyAccounts(50_000)
    await using opened = await open(browser, runReport({ accounts }))
    const { page } = opened
    const took: number = await page.evaluate(`(async () => {
      const search = document.getElementById('search'), begin = performance.now()
      document.querySelector('[data-sort=who] button').click()
      search.value = 'ada castro'
      search.dispatchEvent(new Event('input'))
      await new Promise((resolve) => setTimeout(resolve, 150))
      return performance.now() - begin
    })()`)
    await expect.poll(() => found(page)).toMatch(/ of 50,000 accounts match$/)
    // Far more than it takes: only a page that hangs is caught here.
    expect(took).toBeLessThan(10_000)
  })

  test('prints all that is folded, and more than one page of the table', async () => {
    await using opened = await open(browser, REPORT)
    const { page } = opened
    await page.emulateMedia({ media: 'print' })
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await page.locator('details:not([open])').count()).toBe(0)
    expect((await rows(page)).length).toBe(1000)
    const urgent = ACCOUNTS.filter(({ state: one }) => one === 'failed' || one === 'unknown').length
    const printed = await rows(page)
    const isUrgent = (row: string): boolean => /Failed|Unknown/.test(row)
    expect(printed.slice(0, urgent).every(isUrgent)).toBe(true)
    expect(printed.slice(urgent).some(isUrgent)).toBe(false)
    expect(await page.getByRole('button', { name: 'Next' }).isVisible()).toBe(false)
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(await rows(page)).toHaveLength(50)
  })
})
