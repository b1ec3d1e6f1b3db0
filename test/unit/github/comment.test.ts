import { expect, test } from 'vitest'
import type { GitHub } from '../../../src/github/api.ts'
import { keepComment } from '../../../src/github/comment.ts'
import type { toComment } from '../../../src/github/facts.ts'

type Comment = ReturnType<typeof toComment>

const MARKER = '<!-- marker 1 -->'
const BODY = `${MARKER}\n\nnew`

function comment(overrides: Partial<Comment> = {}): Comment {
  return { id: 5, author: 'github-actions[bot]', body: `${MARKER}\n\nold`, url: 'u5', ...overrides }
}

function githubWith(comments: Comment[], refuse: Partial<Record<keyof GitHub, string>> = {}, login = '') {
  const written: string[] = []
  const answer = <T>(name: keyof GitHub, value: T) => {
    const reason = refuse[name]
    return reason === undefined ? { ok: true, value } : { ok: false, reason, message: `${name} refused.` }
  }
  const github = {
    comments: async () => answer('comments', comments),
    viewer: async () => (login === '' ? { ok: false, reason: 'not-allowed', message: '' } : { ok: true, value: login }),
    createComment: async (issue: number, body: string) => {
      written.push(`create ${issue} ${body}`)
      return answer('createComment', comment({ url: 'new' }))
    },
    updateComment: async (id: number, body: string) => {
      written.push(`update ${id} ${body}`)
      return answer('updateComment', comment({ id }))
    },
  } as unknown as GitHub
  return { github, written }
}

test.each<[string, Comment[], string, string]>([
  ['no comment', [], '', `create 12 ${BODY}`],
  ['its own', [comment({ id: 4, body: 'hello' }), comment()], '', `update 5 ${BODY}`],
  ['its own, of another job', [comment({ body: '<!-- marker 2 -->' })], '', `create 12 ${BODY}`],
  ['one of a person with its marker', [comment({ author: 'eve' })], '', `create 12 ${BODY}`],
  ['a quotation of its own', [comment({ body: `> ${MARKER}\n\nold` })], '', `create 12 ${BODY}`],
  ['its own as an app', [comment(), comment({ id: 6, author: 'leavers[bot]' })], 'leavers[bot]', `update 6 ${BODY}`],
  ['one of the job as an app', [comment()], 'leavers[bot]', `create 12 ${BODY}`],
])('where there is %s', async (_, comments, login, written) => {
  const world = githubWith(comments, {}, login)
  await keepComment(world.github, 12, MARKER, BODY)
  expect(world.written).toEqual([written])
})

test('the same text is not written again', async () => {
  const world = githubWith([comment({ body: BODY.replaceAll('\n', '\r\n') })])
  expect(await keepComment(world.github, 12, MARKER, BODY)).toEqual({ kind: 'unchanged', url: 'u5' })
  expect(world.written).toEqual([])
})

test.each<[keyof GitHub, string, Comment[]]>([
  ['comments', 'not-allowed', []],
  ['createComment', 'not-allowed', []],
  ['createComment', 'not-found', []],
  ['updateComment', 'not-allowed', [comment()]],
  ['createComment', 'unavailable', []],
])('%s refused as %s is told, not thrown', async (name, reason, comments) => {
  const { github } = githubWith(comments, { [name]: reason })
  const notice = expect.stringMatching(new RegExp(`job summary. ${name} refused.$`))
  expect(await keepComment(github, 12, MARKER, BODY)).toEqual({ notice })
})
