import { expect, test } from 'vitest'
import { findColumns } from '../../src/list/dialects.ts'
import { planned, planOf, runFind } from './find-scene.ts'
import { ADMIN, openScene, TARGETS } from './scene.ts'

test('the live organization becomes a list, and a plan of it finds the same people', async () => {
  await using standIn = await openScene()
  const found = await runFind(standIn)
  console.log(found.log, found.list, found.outputs, found.summary)
  expect(found.outputs).toMatchObject({ outcome: 'planned', planned: '4', 'plan-digest': '' })
  expect([...found.people.keys()]).toEqual(TARGETS.toSorted())
  const plan = await planOf(standIn, found)
  expect(planned(plan)).toEqual(TARGETS.toSorted())
})
