import { expect, test } from 'vitest'
import { meaningOf, replyOf } from '../../../src/atlassian/answers.ts'
import type { Answer } from '../../../src/atlassian/transport.ts'

const answer = (status: number, body: object | string = ''): Answer => ({
  kind: 'answer',
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

test.each<[string, object | string, string, string]>([
  [
    'the reason, and the key beside it',
    { key: 'forbidden.action', context: { reason: { key: 'authPolicy.saml' } } },
    'authPolicy.saml',
    'forbidden.action',
  ],
  ['the key and the text beside it', { key: 'forbidden', context: 'Ask Ada' }, 'forbidden', 'Ask Ada'],
  ['an error of a list', { errors: [{ code: 'BAD', title: 'Bad', detail: 'So bad' }] }, 'BAD', 'So bad'],
  [
    'what stands in the way',
    { key: 'conflict', context: { message: 'No.', errorCodes: [{ code: 'owner', message: 'Owns a site.' }] } },
    'conflict',
    'No. Owns a site.',
  ],
  ['words in the place of a key', { key: 'Ada may not', errorKey: 'not-allowed' }, 'not-allowed', 'Ada may not'],
  ['words that only repeat the key', { key: 'forbidden', message: 'forbidden' }, 'forbidden', ''],
  ['nothing', '<html>Forbidden</html>', 'HTTP 403', ''],
])('of a refusal %s is told', (_, body, key, words) => {
  expect(meaningOf(answer(403, body))).toEqual({ kind: 'refused', status: 403, key, words })
})

test.each([
  [answer(204), 'HTTP 204'],
  [answer(200, '[]'), 'HTTP 200 without a JSON object'],
  [answer(302), 'HTTP 302'],
  [{ kind: 'lost', error: 'no answer in time' } as const, 'no answer in time'],
])('a read that is answered in a way no read is may go well later: %j', (odd, key) => {
  expect(replyOf(odd)).toEqual({ kind: 'unreadable', status: 0, key, words: '' })
})
