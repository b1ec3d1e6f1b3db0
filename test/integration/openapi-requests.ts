import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv'

/** A request as it arrived. */
export interface Request {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly contentType: string
  readonly body: string
}

interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: AnySchemaObject
}

interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema: AnySchemaObject }>>
  }
}

interface Document {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Lists the organization's keys. Atlassian's documents leave it out, though its own web page asks it; the action can
 * do without an answer.
 */
const UNDOCUMENTED = /^GET \/admin\/api-access\/v1\/orgs\/[A-Za-z0-9-]+\/api-keys\?pageSize=\d+(&cursor=[^&]*)?$/

const DOCUMENTS = ['organization.json', 'user-management.json'].map(load)

/** What is wrong with a request by Atlassian's OpenAPI documents; nothing where it is as they describe it. */
export function problemsOf(request: Request): string[] {
  const [path = '', query = ''] = request.path.split('?')
  const asked = `${request.method} ${request.path}`
  if (UNDOCUMENTED.test(asked) && request.body === '') return []
  for (const document of DOCUMENTS) {
    const base = new URL(document.servers[0]?.url ?? '').pathname.replace(/\/$/, '')
    for (const [template, operations] of Object.entries(document.paths)) {
      const segments = match(base + template, path)
      if (segments === null) continue
      const operation = operations[request.method.toLowerCase()]
      if (operation === undefined) return [`${asked}: the method is not documented`]
      const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter))
      return [
        ...pathProblems(document, parameters, segments),
        ...queryProblems(document, parameters, new URLSearchParams(query)),
        ...bodyProblems(document, operation, request),
      ].map((problem) => `${asked}: ${problem}`)
    }
  }
  return [`${asked}: the path is not documented`]
}

function pathProblems(
  document: Document,
  parameters: readonly Parameter[],
  segments: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(segments).flatMap(([name, value]) => {
    const parameter = parameters.find((known) => known.in === 'path' && known.name === name)
    return parameter === undefined
      ? [`the path parameter ${name} is not documented`]
      : check(document, parameter.schema, value, name)
  })
}

function queryProblems(document: Document, parameters: readonly Parameter[], query: URLSearchParams): string[] {
  return [...new Set(query.keys())].flatMap((name) => {
    const parameter = parameters.find((known) => known.in === 'query' && known.name === name)
    if (parameter === undefined) return [`the query parameter ${name} is not documented`]
    const schema = inlined(document, parameter.schema)
    const values = query.getAll(name)
    return check(document, schema, schema.type === 'array' ? values : values.join(), name)
  })
}

function bodyProblems(document: Document, { requestBody }: Operation, { body, contentType }: Request): string[] {
  if (requestBody === undefined) return body === '' ? [] : ['a body is not documented']
  if (body === '') return requestBody.required === true ? ['the body is missing'] : []
  const [type = ''] = contentType.split(';')
  const content = requestBody.content[type]
  if (content === undefined) return [`the content type ${type} is not documented`]
  // A misspelt member would be ignored by the service: the filter that it was meant to be would be missing.
  const schema = { ...inlined(document, content.schema), additionalProperties: false }
  return check(document, schema, JSON.parse(body), 'body')
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
/** By their text: a schema is made anew for each request, and compiling it takes long. */
const checks = new Map<string, ValidateFunction>()

function check(document: Document, schema: AnySchemaObject, value: unknown, name: string): string[] {
  const whole = inlined(document, schema)
  const text = JSON.stringify(whole)
  const validate = checks.get(text) ?? ajv.compile(whole)
  checks.set(text, validate)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`)
}

/** The schema itself where it is only referred to, its pattern for the whole text and without the stray line break. */
function inlined(document: Document, schema: AnySchemaObject): AnySchemaObject {
  const own = typeof schema.$ref === 'string' ? (lookUp(document, schema.$ref) as AnySchemaObject) : schema
  return typeof own.pattern === 'string' ? { ...own, pattern: `^(?:${own.pattern.trim()})$` } : own
}

function resolve(document: Document, parameter: Parameter | { readonly $ref: string }): Parameter {
  return '$ref' in parameter ? (lookUp(document, parameter.$ref) as Parameter) : parameter
}

function lookUp({ components }: Document, reference: string): unknown {
  const [, , kind = '', name = ''] = reference.split('/')
  const found = components[kind]?.[name]
  if (found === undefined) throw new Error(`${reference} is missing in the document.`)
  return found
}

/** The parameters of a path that has the template's form, percent-decoded; null for any other. */
function match(template: string, path: string): Record<string, string> | null {
  const [wanted, found] = [template.split('/'), path.split('/')]
  if (wanted.length !== found.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const segment = found[index] ?? ''
    const name = /^\{(.+)\}$/.exec(part)?.[1]
    if (name === undefined && part !== segment) return null
    if (name !== undefined) parameters[name] = decodeURIComponent(segment)
  }
  return parameters
}

function load(name: string): Document {
  const file = join(import.meta.dirname, '..', 'fixtures', 'openapi', name)
  return JSON.parse(readFileSync(file, 'utf8')) as Document
}
