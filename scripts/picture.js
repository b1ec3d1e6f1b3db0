// Draws docs/plan.png, the README's picture, from the page of the demo's plan: "npm run picture" runs the demo first.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const PAGE = resolve('demo-output/plan/report.html')
const PICTURE = 'docs/plan.png'
/** Most bytes that a visitor of the README should load for it. */
const MOST = 300_000

const executablePath = [process.env.CHROMIUM ?? '', '/usr/bin/chromium'].find((path) => existsSync(path))
if (executablePath === undefined) throw new Error('There is no Chromium at $CHROMIUM or /usr/bin/chromium.')
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 1240, height: 830 }, deviceScaleFactor: 1.5 })
await page.goto(pathToFileURL(PAGE).href)
await page.screenshot({ path: PICTURE })
await browser.close()
const { size } = statSync(PICTURE)
if (size > MOST) throw new Error(`${PICTURE} has ${size} bytes, at most ${MOST} are allowed.`)
console.log(`${PICTURE}: ${size} bytes`)
