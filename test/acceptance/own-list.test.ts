import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { planOwnList } from '../demo/own-list.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-list-'))
const said: string[] = []
vi.spyOn(console, 'log').mockImplementation((text) => said.push(String(text)))
vi.spyOn(console, 'error').mockImplementation((text) => said.push(String(text)))
afterEach(() => said.splice(0))

/** What "npm run demo -- my-users.csv" does with a file of this content. */
async function plan(content: string): Promise<{ exitCode: number; files: readonly string[]; told: string }> {
  const [path, output] = [join(folder, 'my-users.csv'), join(folder, 'output')]
  writeFileSync(path, content)
  const exitCode = await planOwnList(path, output)
  return { exitCode, files: readdirSync(output), told: said.join('\n') }
}

describe('a list of your own', () => {
  test('is planned offline, and where the plan lies is told', async () => {
    const { exitCode, files, told } = await plan('Atlassian ID;Email\r\n5b10ac8d82e05b22cc7d4ef5;jane@example.com\r\n')
    expect(exitCode).toBe(0)
    expect(told).toContain('jane@example.com')
    expect(told).toMatch(/summary .*summary\.md\n.*page +file:\/\/.*report\.html\n.*results .*results\.csv$/)
    expect(told).not.toContain('artifact service')
    expect(files).toEqual(expect.arrayContaining(['summary.md', 'report.html', 'results.csv', 'plan.json']))
  })

  test('that cannot be read says in which line, and shows no page', async () => {
    const { exitCode, told } = await plan('account_id\n5.57E+23\n')
    expect(exitCode).toBe(1)
    expect(told).toMatch(/line 2/i)
    expect(told).not.toContain('report.html')
  })

  test('that is not there says so', async () => {
    expect(await planOwnList(join(folder, 'nothing.csv'), join(folder, 'output'))).toBe(1)
    expect(said.join('\n')).toContain('nothing.csv')
  })
})
