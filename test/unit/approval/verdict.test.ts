import { expect, test } from 'vitest'
import { judged, told } from '../../../src/approval/verdict.ts'

test('a question without an answer refuses in its own words, and says what is needed', async () => {
  const verdict = await judged('Required: an answer.', async () => {
    told({ ok: false, reason: 'unavailable', message: 'GitHub gave no answer.' })
    throw new Error('It went on.')
  })
  expect(verdict).toMatchObject({ approved: false, why: 'GitHub gave no answer. Required: an answer.' })
})

test('a mistake of ours is no refusal: it ends the run as unexpected', async () => {
  const mistake = new TypeError('x is undefined')
  await expect(judged('', () => Promise.reject(mistake))).rejects.toBe(mistake)
})
