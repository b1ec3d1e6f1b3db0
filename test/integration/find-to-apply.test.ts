import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { crowd, person, serviceAccount } from '../stand-in/organization.ts'
import { unzipFiles } from '../stand-in/zip.ts'
import { changedIds, stage } from './guard-scene.ts'
import { problemsOf } from './openapi-requests.ts'

const IDLE = crowd(230, 'idle')
const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
const PEOPLE = [
  ...IDLE,
  person({ id: '557058:busy', lastActive: ago(1) }),
  person({ id: '557058:gone', accountStatus: 'inactive' }),
  serviceAccount({ id: '557058:bot' }),
]
const FIND = { mode: 'find', 'users-file': 'lists/idle.csv', 'idle-days': '30', 'max-users': '1000' }

test('a key that can only read finds a list, which a plan reviews and an apply carries out', async () => {
  await using scene = await stage({ people: PEOPLE })
  const { organization, standIn, job } = scene
  organization.reach = new Set(['users', 'stats'])
  const found = await scene.run(FIND)
  expect(found.outputs).toMatchObject({ outcome: 'planned', planned: String(IDLE.length), 'plan-digest': '' })
  expect(found.log).toContain('Reading the directory: 3 of 3 pages · done')
  const list = await readFile(join(job.workspace, 'lists/idle.csv'))
  expect((await scene.file(found, 'users.csv')).replace('\ufeff', '')).toBe(list.toString('utf8').replace('\ufeff', ''))
  const artifact = standIn.artifacts.named(found.outputs['artifact-name'] ?? '')
  expect(unzipFiles(artifact?.bytes ?? Buffer.alloc(0))['users.csv']?.equals(list)).toBe(true)

  const plan = await scene.run({ ...FIND, mode: 'plan' })
  expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: String(IDLE.length) })
  const refused = organization.calls.filter(({ status }) => status === 403).map(({ route }) => route)
  expect(refused.length).toBe(2 * new Set(refused).size)
  expect(changedIds(organization)).toEqual([])
  expect(organization.calls.flatMap(problemsOf)).toEqual([])

  // Between the review and the apply one of them comes back to work.
  organization.reach = null
  const [awake] = IDLE
  organization.people.set(awake?.id ?? '', person({ ...awake, lastActive: ago(0.1) }))
  const source = { 'users-file': 'users.csv', 'users-artifact': found.outputs['artifact-name'] ?? '' }
  const apply = await scene.run({
    ...FIND,
    ...source,
    mode: 'apply',
    'approved-plan': plan.outputs['plan-digest'] ?? '',
  })
  expect(apply.outputs).toMatchObject({ outcome: 'completed', deactivated: String(IDLE.length - 1), skipped: '1' })
  expect(changedIds(organization).toSorted()).toEqual(
    IDLE.slice(1)
      .map(({ id }) => id)
      .toSorted(),
  )
  expect(organization.calls.flatMap(problemsOf)).toEqual([])
}, 60_000)
