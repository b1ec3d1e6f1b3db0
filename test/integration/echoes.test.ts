import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, expect, test } from 'vitest'
import { createOrganization, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { readHtml, readXml } from '../unit/report/read-back.ts'
import { KEY, SPELLINGS } from '../unit/text/spellings.ts'
import { type Ran, runMain } from './run-main.ts'

/** Fewer characters of a spelling than this say nothing: of every 12 characters of the key some may be left. */
const TELLING = 13 * 14

const admin = person({ id: 'admin', email: 'the.admin@example.com', roles: ['atlassian/org-admin'] })

/** Bodies of errors as Atlassian and its gateways write them, with a text in them. */
const BODIES: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify({ key: 'forbidden', context: text }),
  (text) =>
    JSON.stringify({ key: 'conflict.lifecycleErrors', context: { message: text, errorCodes: [{ message: text }] } }),
  (text) => JSON.stringify({ errors: [{ code: 'x', title: text, detail: text }] }),
  (text) => JSON.stringify({ message: text }),
  // As it stands in the answer itself: what is escaped there, JSON undoes.
  (text) => `{"key":"forbidden","context":{"message":"${text}"}}`,
  (text) => `<html><body>${text}</body></html>`,
]

let standIn: StandIn
afterEach(() => standIn.close())

/** An organization of one person for every order. */
async function open(people: readonly Person[]): Promise<void> {
  standIn = await startStandIn(createOrganization({ people: [admin, ...people], key: KEY }))
}

/** All that a run shows, as readers of its files see it: every text that it left, escapes undone. */
function textsOf(ran: Ran): readonly (readonly [string, string])[] {
  const files = readdirSync(ran.folder).map((name): [string, string] => [
    name,
    readFileSync(join(ran.folder, name), 'utf8'),
  ])
  const file = (name: string): string => files.find(([known]) => known === name)?.[1] ?? ''
  const values = (value: unknown): string =>
    typeof value === 'object' && value !== null ? Object.values(value).map(values).join('\n') : String(value)
  const elements = (found: ReturnType<typeof readXml>): string =>
    found.map(({ attributes, text }) => `${values(attributes)}\n${text}`).join('\n')
  const page = readHtml(file('report.html'))
  return [
    ...files,
    ['cells of results.csv', (parse(file('results.csv'), { bom: true }) as string[][]).flat().join('\n')],
    ['values of plan.json', values(JSON.parse(file('plan.json')))],
    ['values of journal.jsonl', ran.journal.map(values).join('\n')],
    ['texts of junit.xml', elements(readXml(file('junit.xml')))],
    ['texts of report.html', elements(page)],
    ['data of report.html', values(JSON.parse(page.find(({ attributes }) => attributes.id === 'data')?.text ?? '{}'))],
    ['the summary', ran.summary],
    ['the outputs', values(ran.outputs)],
    ['the output "result"', values(JSON.parse(ran.outputs.result ?? '{}'))],
    ['the state', values(ran.state)],
    [
      'the log',
      ran.log
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n'),
    ],
    ...standIn.github.comments.map(({ body }): [string, string] => ['the comment', body]),
  ]
}

/** Where so much of the key stands in a text that it tells it. */
function leaks(texts: readonly (readonly [string, string])[]): string[] {
  const found: string[] = []
  for (const [name, spell] of Object.entries(SPELLINGS)) {
    const spelt = spell(KEY)
    const telling = name === 'as it stands' || name.startsWith('in ') ? 32 : TELLING
    for (let at = 0; at + telling <= spelt.length; at += 16) {
      const part = spelt.slice(at, at + telling)
      found.push(...texts.filter(([, text]) => text.includes(part)).map(([place]) => `${name} in ${place}`))
    }
  }
  return [...new Set(found)]
}

test('the key is told nowhere, in whatever spelling and body an answer echoes it', async () => {
  const cases = BODIES.flatMap((body, index) =>
    Object.values(SPELLINGS).map((spell, at) => ({
      status: [400, 403, 404, 409][(index + at) % 4] ?? 403,
      body,
      spell,
    })),
  )
  const people = cases.map((_, index) => person({ id: `person-${index}`, email: `person-${index}@example.com` }))
  await open(people)
  for (const [index, { status, body, spell }] of cases.entries()) {
    const text = body(`no entry for ${spell(KEY)} here`)
    const fault = { kind: 'answer', status, body: text } as const
    standIn.faults.order({ route: 'disable', account: `person-${index}`, fault })
  }
  // The canary must go well, or nobody else would be tried.
  people.unshift(person({ id: 'canary', email: 'canary@example.org' }))
  standIn.organization.people.set('canary', person({ id: 'canary', email: 'canary@example.org' }))
  const ran = await runMain(standIn, { list: people, inputs: { 'max-failures': '1000', 'max-users': '1000' } })
  expect(ran.outputs).toMatchObject({ deactivated: '1', failed: String(cases.length) })
  const texts = textsOf(ran)
  expect(leaks(texts)).toEqual([])
  // The words around it came through: it was not lost on the way.
  expect(ran.rows.filter(({ detail = '' }) => detail.includes('no entry for *** here')).length).toBeGreaterThan(300)
})

test.each(Object.entries(SPELLINGS))('a refused key is told nowhere: %s', async (_, spell) => {
  const people = [person({ id: 'one' }), person({ id: 'two' })]
  await open(people)
  const body = JSON.stringify({ key: 'unauthorized', message: `Bearer ${spell(KEY)}` })
  standIn.faults.order({
    route: 'any',
    after: 2,
    fault: { kind: 'answer', status: 401, body, headers: { 'x-key': KEY } },
  })
  const ran = await runMain(standIn, { list: people })
  expect(ran.exitCode).toBe(1)
  expect(leaks(textsOf(ran))).toEqual([])
})

test('the comment of a plan, and what it says of an unreadable directory, tell nothing of the key', async () => {
  await open([person({ id: 'one' })])
  const event = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json')
  const commit = { sha: 'd'.repeat(40), ref: 'main', repo: { full_name: 'acme/users' } }
  const pull_request = { number: 7, head: commit, base: commit }
  writeFileSync(event, JSON.stringify({ repository: { visibility: 'private', default_branch: 'main' }, pull_request }))
  const detail = `refused: ${encodeURIComponent(KEY)} / ${KEY}`
  const fault = { kind: 'answer', status: 400, body: JSON.stringify({ errors: [{ code: 'x', detail }] }) } as const
  standIn.faults.order({ route: 'search', fault })
  const ran = await runMain(standIn, {
    env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event, GITHUB_JOB: 'plan', GITHUB_WORKFLOW: 'Plan' },
    inputs: { mode: 'plan', 'organization-id': 'org-1', 'github-token': 'token' },
  })
  expect(ran.outputs.reason).toBe('directory-unreadable')
  expect(standIn.github.comments.map(({ body }) => body).join()).toContain('refused')
  expect(leaks(textsOf(ran))).toEqual([])
})
