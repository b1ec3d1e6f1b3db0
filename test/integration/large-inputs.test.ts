import { describe, expect, test } from 'vitest'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { type Ran, runMain } from './run-main.ts'
import { csv, IDS_ALONE, openScene, TARGETS } from './scene.ts'

/** GitHub drops all outputs of a job above this. Bytes. */
const LARGEST_OUTPUTS = 64 * 1024

/** An offline plan: nobody is asked anything. */
const PLAN = { mode: 'plan', 'api-key': '', waive: '' }

const sizeOf = ({ outputs }: Ran): number =>
  Object.entries(outputs).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0)

const annotations = ({ log }: Ran): number => log.split('\n').filter((line) => line.startsWith('::error')).length

test('fifty thousand columns of groups are read in seconds', async () => {
  await using standIn = await openScene()
  const groups = Array.from({ length: 50_000 }, (_, index) => `Group ${index + 1}`)
  const rows = TARGETS.map((id) => [id, ...groups.map((_, index) => (index === 49_999 ? 'Leadership' : 'Staff'))])
  const began = performance.now()
  const ran = await runMain(standIn, {
    inputs: { ...PLAN, exclude: 'group:Leadership' },
    files: { 'users.csv': csv(['User id', ...groups], rows) },
  })
  expect(performance.now() - began).toBeLessThan(8000)
  expect(ran.outputs).toMatchObject({ listed: '4', skipped: '4' })
})

describe('what is wrong is told in at most a hundred problems, and outputs that GitHub takes:', () => {
  const people = crowd(20_000)

  test('a list given as the exclusions', async () => {
    await using standIn = await openScene()
    const ran = await runMain(standIn, {
      inputs: { ...PLAN, 'exclude-file': 'keep.txt' },
      files: { 'users.csv': IDS_ALONE, 'keep.txt': toDirectoryCsv(people) },
    })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
    expect(sizeOf(ran)).toBeLessThan(LARGEST_OUTPUTS)
    const told = new Set(ran.log.match(/"exclude-file", line \d+/g))
    expect(told.size).toBeGreaterThan(0)
    expect(told.size).toBeLessThanOrEqual(100)
    expect(ran.log).toMatch(/20,00\d|19,90\d/)
    expect(Buffer.byteLength(ran.summary)).toBeLessThan(1024 * 1024)
  })

  test('a list whose every row is bad', async () => {
    await using standIn = await openScene()
    const rows = people.map(({ email }) => ['', email])
    const ran = await runMain(standIn, { inputs: PLAN, files: { 'users.csv': csv(['User id', 'email'], rows) } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
    expect(sizeOf(ran)).toBeLessThan(LARGEST_OUTPUTS)
    expect(annotations(ran)).toBeLessThanOrEqual(101)
    expect(ran.log).toContain('20,000')
  })

  test('one line of a megabyte', async () => {
    await using standIn = await openScene()
    const line = `grop:${'x'.repeat(1024 * 1024)}`
    const ran = await runMain(standIn, { inputs: { ...PLAN, exclude: line } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
    expect(sizeOf(ran)).toBeLessThan(LARGEST_OUTPUTS)
    expect(ran.log).not.toContain('x'.repeat(201))
  })

  test('more selectors that match nobody than anybody reads', async () => {
    await using standIn = await openScene()
    const lines = Array.from({ length: 5000 }, (_, index) => `nobody.${index}@example.org`).join('\n')
    const ran = await runMain(standIn, {
      inputs: { ...PLAN, 'exclude-file': 'keep.txt' },
      files: { 'keep.txt': lines },
    })
    expect(ran.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
    expect(sizeOf(ran)).toBeLessThan(LARGEST_OUTPUTS)
  })
})
