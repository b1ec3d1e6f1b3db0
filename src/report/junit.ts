import type { AccountResult } from '../account/result.ts'
import { escapeXml } from '../text/escape.ts'
import { explain } from './atlassian-reasons.ts'
import { causeText } from './cause-words.ts'
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
  const verdicts = { passed: 0, failure: 0, error: 0, skipped: 0 }
  for (const account of targets) verdicts[verdictOf(account, report)]++
  const name = attribute('name', `Atlassian users: ${report.mode}`)
  const figures = `tests="${targets.length}" failures="${verdicts.failure}" errors="${verdicts.error}" skipped="${verdicts.skipped}"`
  const time = `time="${seconds(report.startedAt, report.finishedAt)}"`
  // Without milliseconds and zone: that is all that the schema of Ant allows.
  const timestamp = attribute('timestamp', report.startedAt.slice(0, 19))
  const properties = [
    ['outcome', report.outcome],
    ['reason', report.reason],
    ['plan-digest', report.planDigest],
    ['source', report.source],
    ['run', report.runUrl],
  ] as const
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${name} ${figures} ${time}>`,
    `  <testsuite ${name} ${figures} ${time} ${timestamp} hostname="github">`,
    '    <properties>',
    ...properties.map(([key, value]) => `      <property name="${key}" ${attribute('value', value)}/>`),
    '    </properties>',
    '',
  ].join('\n')
}

function testCase(account: AccountResult, report: RunReport): string {
  const name = account.email === '' ? account.id : `${account.email} (${account.id})`
  const time = seconds(account.startedAt, account.finishedAt)
  const start = `    <testcase classname="atlassian-users.${account.decision}" ${attribute('name', name)} time="${time}"`
  const verdict = verdictOf(account, report)
  if (verdict === 'passed') return `${start}/>\n`
  const type = attribute('type', attentionOf(account, report.mode) || account.state)
  const message = attribute('message', messageOf(account, report))
  if (verdict === 'skipped') return `${start}>\n      <skipped ${message}/>\n    </testcase>\n`
  return `${start}>\n      <${verdict} ${type} ${message}>${escapeXml(causeText(account.cause))}</${verdict}>\n    </testcase>\n`
}

function messageOf(account: AccountResult, { mode }: RunReport): string {
  if (account.state === 'planned') return 'Planned: nothing was changed.'
  const explained = explain(account.cause)
  const state = stateWords(account.state, mode)
  if (explained !== null) return `${state}: ${explained.words}. ${explained.advice}`
  return account.cause === null ? state : `${state}: ${causeText(account.cause)}`
}

function tail({ headline, changed, next }: RunReport): string {
  const out = [headline, changed, next].filter((sentence) => sentence !== '').join('\n')
  return `    <system-out>${escapeXml(out)}</system-out>\n  </testsuite>\n</testsuites>\n`
}

function attribute(name: string, value: string): string {
  return `${name}="${escapeXml(value)}"`
}

/** Time from one to the other, in seconds as JUnit writes them; 0 where one is missing. */
function seconds(from: string, until: string): string {
  const time = (Date.parse(until) - Date.parse(from)) / 1000
  return Number.isFinite(time) && time > 0 ? time.toFixed(3) : '0'
}
