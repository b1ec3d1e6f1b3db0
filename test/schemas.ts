import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })

/** Checks against one of the published schemas. */
export function schemaOf(name: 'plan' | 'result' | 'journal'): ValidateFunction {
  const path = join(import.meta.dirname, '..', 'schemas', `${name}-v1.json`)
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')))
}

const isPlan = schemaOf('plan')
const isResult = schemaOf('result')
const isEvent = schemaOf('journal')

/**
 * What a run left that is not as `schemas/` says: its output `result`, and of the files of its folder those that are
 * there. A line of the journal that was cut off is none.
 */
export function schemaErrors(folder: string, outputs: Readonly<Record<string, string>>): string[] {
  const file = (name: string): string => {
    const path = join(folder, name)
    return folder !== '' && existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  const lines = file('journal.jsonl').split('\n')
  return [
    ...errorsOf('plan.json', isPlan, file('plan.json')),
    ...errorsOf('result', isResult, outputs.result ?? ''),
    ...lines.flatMap((line, index) =>
      line.endsWith('}') ? errorsOf(`journal.jsonl:${index + 1}`, isEvent, line) : [],
    ),
  ]
}

function errorsOf(what: string, is: ValidateFunction, text: string): string[] {
  if (text === '' || is(JSON.parse(text))) return []
  return (is.errors ?? []).map(({ instancePath, message, params }) => {
    return `${what}${instancePath} ${message} ${JSON.stringify(params)}`
  })
}
