import type { Mode } from '../account/decision.ts'
import type { AccountResult } from '../account/result.ts'
import { escapeXml } from '../text/escape.ts'
import { joinFilled } from '../text/words.ts'
import { causeText, explain } from './cause-words.ts'
import type { RunReport } from './report.ts'
import { attentionOf } from './sift.ts'
import { stateWords } from './words.ts'

/** `junit.xml`: a case per target. Not confirmed or back: failure; unknown: error; not attempted, or only planned: skipped. */
export function* junitXml(report: RunReport): Generator<string> {
  const { mode, outcome, reason, planDigest, source, runUrl, startedAt, finishedAt, headline, changed, next } = report
  const targets = report.accounts.filter(({ decision }) => decision !== 'skip')
  const verdicts = { passed: 0, failure: 0, error: 0, skipped: 0 }
  for (const account of targets) verdicts[verdictOf(account, mode)]++
  const { failure, error, skipped } = verdicts
  const time = seconds(startedAt, finishedAt)
  const figures = `tests="${targets.length}" failures="${failure}" errors="${error}" skipped="${skipped}" time="${time}"`
  const suite = `name="Atlassian users: ${mode}" ${figures}`
  const properties = Object.entries({ outcome, reason, 'plan-digest': planDigest, source, run: runUrl }).map(
    ([name, value]) => `      <property name="${name}" value="${escapeXml(value)}"/>\n`,
  )
  // Without milliseconds and zone: that is all that the schema of Ant allows.
  yield `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${suite}>
  <testsuite ${suite} timestamp="${escapeXml(startedAt.slice(0, 19))}" hostname="github">
    <properties>
${properties.join('')}    </properties>
`
  for (const account of targets) yield testCase(account, mode)
  yield `    <system-out>${escapeXml(joinFilled([headline, changed, next], '\n'))}</system-out>
  </testsuite>
</testsuites>
`
}

function verdictOf(account: AccountResult, mode: Mode) {
  const attention = attentionOf(account, mode)
  if (account.state === 'planned' || attention === 'not-attempted') return 'skipped'
  if (attention === '') return 'passed'
  return attention === 'unknown' ? 'error' : 'failure'
}

function testCase(account: AccountResult, mode: Mode): string {
  const { id, email, decision, state, startedAt, finishedAt, cause } = account
  const name = escapeXml(email === '' ? id : `${email} (${id})`)
  const time = seconds(startedAt, finishedAt)
  const start = `    <testcase classname="atlassian-users.${decision}" name="${name}" time="${time}"`
  const verdict = verdictOf(account, mode)
  if (verdict === 'passed') return `${start}/>\n`
  const words = stateWords(state, mode)
  const why = cause === null ? words : `${words}: ${explain(cause)?.join('. ') ?? causeText(cause)}`
  const message = escapeXml(state === 'planned' ? 'Planned: nothing was changed.' : why)
  const type = attentionOf(account, mode)
  const told =
    verdict === 'skipped'
      ? `<skipped message="${message}"/>`
      : `<${verdict} type="${type}" message="${message}">${escapeXml(causeText(cause))}</${verdict}>`
  return `${start}>\n      ${told}\n    </testcase>\n`
}

/** Time from one to the other, in seconds as JUnit writes them; 0 where one is missing. */
function seconds(from: string, until: string): string {
  const time = (Date.parse(until) - Date.parse(from)) / 1000
  return time > 0 ? time.toFixed(3) : '0'
}
