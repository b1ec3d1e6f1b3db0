import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const { jobs } = parse(readFileSync('.github/workflows/deactivate-users.yml', 'utf8'))
const SCRIPT: string = jobs.results.steps[0].run

/** What one attempt's job said, in the order of the step's variables. */
const attempt = (...said: readonly (string | number)[]): string => said.join('|')
const SKIPPED = attempt('skipped', '', '', '', '', '')

/** The outputs, the summary and the folder of the step that adds up what the attempts said. */
function addUp(plan: string, ...attempts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'results-'))
  const said = Object.fromEntries(
    [1, 2, 3, 4, 5].map((number) => [`ATTEMPT_${number}`, attempts[number - 1] ?? SKIPPED]),
  )
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')]
  const env = {
    PATH: process.env.PATH,
    PLAN: plan,
    ...said,
    RUN_ID: '1',
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
  }
  // As the runner starts "shell: bash".
  const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', SCRIPT]
  const { status, stderr } = spawnSync('bash', args, { cwd: folder, env, encoding: 'utf8' })
  const read = { outputs: outputsOf(readFileSync(output, 'utf8')), summary: readFileSync(summary, 'utf8') }
  const wasRun = existsSync(join(folder, 'was-run'))
  rmSync(folder, { recursive: true })
  return { status, stderr, wasRun, ...read }
}

/** As the runner reads GITHUB_OUTPUT: the last value of a name counts. */
function outputsOf(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name = '', end] = /^([^=<]+)<<(.*)$/.exec(line) ?? []
    if (end === undefined) {
      if (line !== '') outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
      continue
    }
    outputs[name] = lines.splice(0, lines.indexOf(end)).join('\n')
    lines.shift()
  }
  return outputs
}

describe('the results of the attempts', () => {
  test('are added up', () => {
    const first = attempt('success', 'partial', 'deadline', 58_900, 0, 'atlassian-users-apply-1')
    const second = attempt('success', 'completed', '', 41_100, 0, 'atlassian-users-apply-1-2')
    const { status, outputs, summary } = addUp('planned|', first, second)
    expect(status).toBe(0)
    expect(outputs).toEqual({
      outcome: 'completed',
      reason: '',
      deactivated: '100000',
      restored: '0',
      'results-artifacts': 'atlassian-users-apply-1\natlassian-users-apply-1-2',
    })
    expect(summary).toContain('| 1 | partial | deadline | 58900 | 0 | `atlassian-users-apply-1` |')
    expect(summary).toContain('<pre>\natlassian-users-apply-1\natlassian-users-apply-1-2\n</pre>')
  })

  test('are those of the plan where no attempt was made', () => {
    expect(addUp('refused|invalid-list').outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
  })

  test.each([
    ['failure', '', '', '', '', ''],
    ['cancelled', '', '', '', '', ''],
  ])('of a job that was %s without a word are failed', (...said) => {
    expect(addUp('planned|', attempt(...said)).outputs).toMatchObject({ outcome: 'failed', deactivated: '0' })
  })

  test.each(['a[$(touch was-run)]', '$(touch was-run)', '`touch was-run`', 'x=1', 'PATH', '-1', '08', '1+1', ' 1'])(
    'evaluate no text that says it is a number: %j',
    (text) => {
      const { status, outputs, wasRun } = addUp('planned|', attempt('success', 'completed', '', text, text, 'a'))
      expect({ status, wasRun }).toEqual({ status: 0, wasRun: false })
      expect(outputs).toMatchObject({ deactivated: '0' })
    },
  )

  test('are forged by no name of an artifact', () => {
    const names = ['end-of-names', 'outcome=forged', '&lt;b&gt; </pre> @all', 'a` @all `b', '$(touch was-run)']
    const attempts = names.map((name) => attempt('success', 'completed', '', 1, 0, name))
    const { outputs, summary, wasRun } = addUp('planned|', ...attempts)
    expect(wasRun).toBe(false)
    expect(outputs).toMatchObject({ outcome: 'completed', deactivated: '5', 'results-artifacts': names.join('\n') })
    expect(summary).toContain('\n&amp;lt;b&amp;gt; &lt;/pre> @all\n')
    expect(summary).toContain('| 4 | completed |  | 1 | 0 | `a @all b` |')
  })

  test('are forged by no outcome and no reason', () => {
    const { outputs, summary } = addUp('x y|<b>', attempt('success', 'completed **', '[a](b)', 1, 0, 'a'))
    expect(outputs).toMatchObject({ outcome: 'failed', reason: '' })
    expect(summary).not.toMatch(/\]\(|\*\* \*\*/)
  })
})
