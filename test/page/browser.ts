import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { reportPage } from '../../src/report/page.ts'
import type { RunReport } from '../../src/report/report.ts'

/** Where Chromium is; empty where none is installed. */
export const CHROMIUM = [process.env.CHROMIUM ?? '', '/usr/bin/chromium'].find((path) => existsSync(path)) ?? ''

/** What to say where these tests cannot run. */
export const NO_CHROMIUM =
  'skipped: no Chromium at $CHROMIUM or /usr/bin/chromium; install it with: apt-get update && apt-get install -y chromium'

export function launch(): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update']
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
  })
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page
  /** Console messages, errors of scripts, breaches of the policy. */
  readonly complaints: readonly string[]
  /** Addresses that the page asked for, itself left out. */
  readonly requests: readonly string[]
}

/** Opens the page of a report from disk, as somebody does who has downloaded it. */
export async function open(
  browser: Browser,
  report: RunReport,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const folder = mkdtempSync(join(tmpdir(), 'report-page-'))
  const file = join(folder, 'report.html')
  writeFileSync(file, [...reportPage(report)].join(''))
  const url = pathToFileURL(file).href
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url())
  })
  await page.goto(url)
  return {
    page,
    complaints,
    requests,
    [Symbol.asyncDispose]: async () => {
      await page.context().close()
      rmSync(folder, { recursive: true })
    },
  }
}
