import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MODES } from '../../../src/account/decision.ts'
import { GUARDS, type GuardFinding } from '../../../src/account/guard.ts'
import { OUTCOMES } from '../../../src/account/result.ts'
import { OUTPUTS, outputsOf } from '../../../src/publish/outputs.ts'
import { UNFINISHED } from '../../../src/report/ending.ts'
import { emptyReport, type RunReport } from '../../../src/report/report.ts'
import { runs } from '../../runs.ts'
import { runReport } from '../report/builder.ts'

const schema = JSON.parse(readFileSync('schemas/result-v1.json', 'utf8'))
const isValid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

/** The result, once it is what its schema says, and all outputs together are small enough. */
function checked(report: RunReport): Record<string, unknown> {
  const outputs = outputsOf(report)
  expect(Object.keys(outputs).toSorted()).toEqual(OUTPUTS.toSorted())
  const bytes = Object.entries(outputs)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  expect(bytes).toBeLessThan(64 * 1024)
  const result = JSON.parse(outputs.result) as Record<string, unknown>
  expect(isValid(result) ? [] : isValid.errors).toEqual([])
  for (const [name, text] of Object.entries(outputs)) {
    const key = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (name !== 'result') expect([name, String(result[key] ?? '')]).toEqual([name, text])
  }
  return result
}

const finding = (message: string, overrides: Partial<GuardFinding> = {}): GuardFinding => {
  return {
    guard: 'invalid-input',
    verdict: 'refused',
    found: '100 problems',
    limit: 'x',
    message,
    fix: '',
    ...overrides,
  }
}

describe('result', () => {
  test('holds every other output, counts as numbers, and more', () => {
    const result = checked(runReport())
    expect(result).toMatchObject({
      schemaVersion: 1,
      outcome: 'completed',
      deactivated: 1,
      notAttempted: 0,
      verified: 1,
    })
    expect(result).toMatchObject({ artifactId: 99, resultsPath: '/tmp/results', activeBefore: 1204, warningCount: 0 })
  })

  test('is whole before anything is known', () => {
    for (const mode of MODES) {
      expect(checked(emptyReport(mode, UNFINISHED, '2026-03-02T08:00:00.000Z'))).toMatchObject({
        ...{ outcome: 'failed', reason: 'unexpected', listed: 0, artifactId: null, mode },
      })
    }
  })

  test('has a schema that names all outcomes and modes, and refuses what is not there', () => {
    expect(schema.properties.outcome.enum).toEqual([...OUTCOMES])
    expect(schema.properties.mode.enum).toEqual([...MODES])
    expect(Object.keys(schema.properties)).toEqual(schema.required)
    const result = checked(runReport())
    for (const name of Object.keys(result))
      expect([name, isValid({ ...result, [name]: undefined })]).toEqual([name, false])
    expect(isValid({ ...result, more: 1 })).toBe(false)
    expect(isValid({ ...result, listed: '1' })).toBe(false)
  })

  test('is not cut where all fits', () => {
    const warnings = Array.from({ length: 100 }, (_, index) => `Warning ${index}: ${'w'.repeat(150)}`)
    const message = 'm'.repeat(15_000)
    expect(checked(runReport({ warnings, headline: message }))).toMatchObject({ warnings, headline: message })
  })
})

describe('all outputs together stay below 64 KiB', () => {
  const LETTERS = ['a', '"', '\\', '\n', '\u0001', 'é', '€', '🙂', '\ud83d', '\u2028', '<']

  test.each(LETTERS)('with 100 problems of 200 %j in each', (letter) => {
    const message = Array.from({ length: 100 }, (_, line) => `Input "x", line ${line}: ${letter.repeat(200)}`).join(
      '\n',
    )
    const result = checked(
      runReport({ outcome: 'refused', headline: message, guards: [finding(message)], warnings: [message] }),
    )
    expect(result.headline).toMatch(/^Input "x", line 0: .*…$/s)
    expect(result.guards).toEqual([expect.objectContaining({ guard: 'invalid-input', found: '100 problems' })])
  })

  test.each(LETTERS)('with 1,000 warnings of 1,500 %j', (letter) => {
    const warnings = Array.from({ length: 1000 }, (_, index) => `${index} ${letter.repeat(1500)}`)
    const result = checked(runReport({ warnings }))
    expect(result.warningCount).toBe(1000)
    expect(result.warnings).toHaveLength(100)
    expect(result.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^99 .*…$/s)]))
  })

  test.each(['"', '\u0001', '🙂'])('with 1 MB of %j in every text, and every guard many times', (letter) => {
    const huge = letter.repeat(1_000_000 / letter.length)
    const guards = Array.from({ length: 40 }, () => GUARDS)
      .flat()
      .map((guard) => finding(huge, { guard, found: huge, limit: huge, fix: huge }))
    const texts = {
      headline: huge,
      changed: huge,
      next: huge,
      guards,
      warnings: Array.from({ length: 1000 }, () => huge),
    }
    const path = letter.repeat(8000 / Buffer.byteLength(JSON.stringify(letter)))
    const result = checked(runReport({ ...texts, resultsPath: path, artifact: { name: path, id: 1, url: path } }))
    expect(result).toMatchObject({ guardCount: guards.length, warningCount: 1000, deactivated: 1, verified: 1 })
  })

  test('a path is whole or left out, but never a part', () => {
    const path = `/${'folder/'.repeat(500)}`
    expect(outputsOf(runReport({ resultsPath: path }))['results-path']).toBe(path)
    expect(checked(runReport({ resultsPath: path.repeat(20) })).resultsPath).toBe('')
  })

  test('no character is cut in half', () => {
    for (const odd of ['', 'x']) {
      const { headline } = checked(runReport({ headline: `${odd}${'🙂'.repeat(20_000)}` }))
      expect(String(headline).isWellFormed()).toBe(true)
      expect(headline).toMatch(/🙂…$/u)
    }
  })

  test('whatever the texts are', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 30 })
      .chain((piece) => fc.nat(3000).map((times) => piece.repeat(times)))
    const report = fc.record({
      headline: text,
      next: text,
      warnings: fc.array(text, { maxLength: 30 }),
      guards: fc.array(
        text.map((message) => finding(message)),
        { maxLength: 20 },
      ),
      resultsPath: text,
    })
    fc.assert(
      fc.property(report, (overrides) => void checked(runReport(overrides))),
      runs(60),
    )
  })
})
