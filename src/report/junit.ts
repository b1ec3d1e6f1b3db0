import type { AccountResult } from '../account/result.ts'
import { escapeXml } from '../text/escape.ts'
import { joinFilled } from '../text/words.ts'
import { causeText, explain } from './cause-words.ts'
import type { RunReport } from './report.ts'
import { attentionOf } from './sift.ts'
import { stateWords } from './words.ts'

type Verdict = 'passed' | 'failure' | 'error' | 'skipped'

/**
 * `junit.xml` for CI dashboards: a test case per target (an account that is not left alone). Not confirmed and come
 * back are failures, unknown is an error; what was not attempted, or only planned, is skipped.
 */
export function* junitXml(report: RunReport): Generator<string> {
  const targets = report.accounts.filter(({ decision }) => decision !== 'skip')
  yield head(report, targets)
  for (const account of targets) yield testCase(account, report)
  yield tail(report)
}

function verdictOf(account: AccountResult, { mode }: RunReport): Verdict {
  if (account.state === 'planned') return 'skipped'
  const attention = attentionOf(account, mode)
  if (attention === '') return 'passed'
  if (attention === 'not-attempted') return 'skipped'
  return attention === 'unknown' ? 'error' : 'failure'
}

function head(report: RunReport, targets: readonly AccountResult[]): string {
  const { mode, outcome, reason, planDigest, source, runUrl, startedAt, finishedAt } = report
  const verdicts = { passed: 0, failure: 0, error: 0, skipped: 0 }
  for (const account of targets) verdicts[verdictOf(account, report)]++
  const suite = attributes({
    name: `Atlassian users: ${mode}`,
    tests: targets.length,
    failures: verdicts.failure,
    errors: verdicts.error,
    skipped: verdicts.skipped,
    time: seconds(startedAt, finishedAt),
  })
  const properties = Object.entries({ outcome, reason, 'plan-digest': planDigest, source, run: runUrl })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${suite}>`,
    // Without milliseconds and zone: that is all that the schema of Ant allows.
    `  <testsuite${suite}${attributes({ timestamp: startedAt.slice(0, 19), hostname: 'github' })}>`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    '',
  ].join('\n')
}

function testCase(account: AccountResult, report: RunReport): string {
  const { id, email, decision, state, startedAt, finishedAt, cause } = account
  const name = email === '' ? id : `${email} (${id})`
  const time = seconds(startedAt, finishedAt)
  const start = `    <testcase classname="atlassian-users.${decision}" name="${escapeXml(name)}" time="${time}"`
  const verdict = verdictOf(account, report)
  if (verdict === 'passed') return `${start}/>\n`
  const message = escapeXml(messageOf(account, report))
  const type = attentionOf(account, report.mode) || state
  const told =
    verdict === 'skipped'
      ? `<skipped message="${message}"/>`
      : `<${verdict} type="${type}" message="${message}">${escapeXml(causeText(cause))}</${verdict}>`
  return `${start}>\n      ${told}\n    </testcase>\n`
}

function messageOf(account: AccountResult, { mode }: RunReport): string {
  if (account.state === 'planned') return 'Planned: nothing was changed.'
  const explained = explain(account.cause)
  const why = explained === null ? causeText(account.cause) : `${explained.words}. ${explained.advice}`
  return account.cause === null ? stateWords(account.state, mode) : `${stateWords(account.state, mode)}: ${why}`
}

function tail({ headline, changed, next }: RunReport): string {
  const out = joinFilled([headline, changed, next], '\n')
  return `    <system-out>${escapeXml(out)}</system-out>\n  </testsuite>\n</testsuites>\n`
}

/** With a blank before each. */
function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}

/** Time from one to the other, in seconds as JUnit writes them; 0 where one is missing. */
function seconds(from: string, until: string): string {
  const time = (Date.parse(until) - Date.parse(from)) / 1000
  return Number.isFinite(time) && time > 0 ? time.toFixed(3) : '0'
}
