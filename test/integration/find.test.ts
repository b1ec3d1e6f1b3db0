import { expect, test } from 'vitest'
import { planned, planOf, runFind } from './find-scene.ts'
import { openScene, TARGETS } from './scene.ts'

test('the live organization becomes a list, and a plan of it finds the same people', async () => {
  await using standIn = await openScene()
  const found = await runFind(standIn)
  expect(found.outputs).toMatchObject({ outcome: 'planned', planned: '4', 'plan-digest': '' })
  expect([...found.people.keys()]).toEqual(TARGETS.toSorted())
  const plan = await planOf(standIn, found)
  expect(planned(plan)).toEqual(TARGETS.toSorted())
})
