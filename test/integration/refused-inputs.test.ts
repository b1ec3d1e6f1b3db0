import { expect, test } from 'vitest'
import { createOrganization, crowd } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { runMain } from './run-main.ts'
import { admin } from './scene.ts'

test('a list that is given as the exclusions is refused with outputs that GitHub takes', async () => {
  const people = crowd(20_000)
  await using standIn = await startStandIn(createOrganization({ people: [admin()] }))
  const ran = await runMain(standIn, { list: people, inputs: { 'exclude-file': 'users.csv' } })
  expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input', deactivated: '0' })
  const bytes = Object.entries(ran.outputs).flat().join('')
  expect(Buffer.byteLength(bytes)).toBeLessThan(64 * 1024)
  const { guards } = JSON.parse(ran.outputs.result ?? '') as { guards: { guard: string; found: string }[] }
  expect(guards).toContainEqual(
    expect.objectContaining({ guard: 'invalid-input', found: expect.stringMatching(/^[\d,]+ problems$/) }),
  )
  expect(ran.log).toMatch(/19,901 more /)
  expect(Buffer.byteLength(ran.summary)).toBeLessThan(1024 * 1024)
  expect(standIn.organization.calls).toEqual([])
})

test.each([
  ['a character that nobody sees in the owner', { 'executing-user': 'the.admin\u200b@example.com' }, 'U+200B'],
  ['a path of the exclusions with a no-break space', { 'exclude-file': 'keep\u00a0.txt' }, 'U+00A0'],
  ['an input that is gone', { preflight: 'false' }, '"preflight" does not exist'],
])('%s is refused before anything is asked of Atlassian', async (_, inputs, told) => {
  await using standIn = await startStandIn(createOrganization({ people: [admin()] }))
  const ran = await runMain(standIn, { inputs })
  expect(ran.exitCode).toBe(1)
  expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input', listed: '0' })
  expect(ran.log).toContain(told)
  expect(ran.log).not.toContain('the.admin')
  expect(standIn.organization.calls).toEqual([])
})

test('an apply is told at once what else refuses it by its inputs and its event', async () => {
  await using standIn = await startStandIn(createOrganization({ people: [admin()] }))
  const ran = await runMain(standIn, {
    inputs: { 'canary-size': '0', 'executing-user': '', 'api-key': '', 'organization-id': '', waive: '' },
    env: { GITHUB_EVENT_NAME: 'pull_request' },
    files: { 'users.csv': 'User id\r\n557058:a\r\n' },
  })
  const told = ['invalid-input', 'event-not-allowed', 'executing-user-missing', 'admins-unknown', 'key-missing']
  const { guards } = JSON.parse(ran.outputs.result ?? '') as { guards: { guard: string; verdict: string }[] }
  expect(guards.flatMap(({ guard, verdict }) => (verdict === 'refused' ? [guard] : []))).toEqual(told)
  expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input', listed: '0' })
  expect(standIn.organization.calls).toEqual([])
})

test.each([
  ['a bad row', 'User id\r\nnot an id\r\n', 'invalid-list', 'line 2'],
  ['nobody in it', 'User id\r\n', 'empty-list', 'at least 1 account'],
])('a list with %s is told beside a wrong input', async (_, list, guard, told) => {
  await using standIn = await startStandIn(createOrganization({ people: [admin()] }))
  const ran = await runMain(standIn, { inputs: { 'canary-size': '0' }, files: { 'users.csv': list } })
  expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
  const { guards } = JSON.parse(ran.outputs.result ?? '') as { guards: { guard: string; verdict: string }[] }
  expect(guards.flatMap((one) => (one.verdict === 'refused' ? [one.guard] : []))).toEqual(['invalid-input', guard])
  expect(ran.log).toContain(told)
  expect(standIn.organization.calls).toEqual([])
})

const LONG_PATH = `${'folder-'.repeat(34)}users.csv`
test.each([
  ['a path to a list with a bad row', { 'users-file': LONG_PATH }, 'folder-folder-'],
  ['an environment', { 'require-approval': `environment:${'folder-'.repeat(36)}` }, 'environment:folder-folder-'],
])('%s that is longer than 200 characters is not repeated whole', async (_, inputs, told) => {
  await using standIn = await startStandIn(createOrganization({ people: [admin()] }))
  const files = { [LONG_PATH]: 'User id\r\na b\r\n', 'users.csv': 'User id\r\n557058:a\r\n' }
  const ran = await runMain(standIn, { inputs, files })
  expect(ran.outputs.outcome).toBe('refused')
  const [error = ''] = ran.log.split('\n').filter((line) => line.startsWith('::error title=Refused'))
  const guards = JSON.stringify((JSON.parse(ran.outputs.result ?? '') as { guards: unknown }).guards)
  expect(`${error}${guards}`).toContain(told)
  expect(`${error}${guards}`).not.toContain('folder-'.repeat(29))
})
