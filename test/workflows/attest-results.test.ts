import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const { jobs } = parse(readFileSync('.github/workflows/attest-results.yml', 'utf8'))
const SCRIPT: string = jobs.attest.steps[0].run

/** The exit code of the step that checks the names, and what it hands to the download. */
function check(names: string): { status: number | null; handed: string } {
  const folder = mkdtempSync(join(tmpdir(), 'attest-'))
  const output = join(folder, 'output')
  writeFileSync(output, '')
  const env = { PATH: process.env.PATH, NAMES: names, GITHUB_OUTPUT: output }
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', SCRIPT], { env })
  const handed = readFileSync(output, 'utf8')
  rmSync(folder, { recursive: true })
  return { status, handed }
}

describe('the names of what is attested', () => {
  test.each([
    ['one\n', 'pattern=one\n'],
    ['one\ntwo 2\n\n', 'pattern={one,two 2}\n'],
  ])('%j are handed on', (names, handed) => {
    expect(check(names)).toEqual({ status: 0, handed })
  })

  test.each(['', '\n', '*', 'one\nt?o', '{a,b}', '!(one)', 'a,b', '[ab]'])('%j are refused', (names) => {
    expect(check(names)).toEqual({ status: 1, handed: '' })
  })

  test('lead to plan and results alone, with nothing but what signing needs', () => {
    const [, , { with: attested }] = jobs.attest.steps
    expect(attested['subject-path'].trim().split('\n')).toEqual(['results/**/plan.json', 'results/**/results.csv'])
    expect(jobs.attest.permissions).toEqual({ 'id-token': 'write', attestations: 'write' })
  })
})
