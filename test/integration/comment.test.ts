import { describe, expect, test } from 'vitest'
import type { GitHubState } from '../stand-in/github-handlers.ts'
import { toDirectoryCsv } from '../stand-in/organization.ts'
import { ENV, only, options, PEOPLE, PLAN, pullRequest, texts } from './comment-scene.ts'
import { type Scene, stage } from './guard-scene.ts'

const DIGEST = /[0-9a-f]{64}/

/** Whether a comment was read or written. */
function asked({ requests }: GitHubState, method: string): number {
  return requests.filter((request) => request.startsWith(method) && request.includes('/comments')).length
}

describe('on a pull request a plan', () => {
  test('writes one comment and keeps it up to date', async () => {
    await using scene = await stage(options())
    const first = await scene.run(PLAN, ENV)
    const body = only(scene)
    expect(texts(body, 'h3')).toEqual([
      expect.stringMatching(/^📋 Plan: 6 of \d+ listed accounts would be deactivated$/),
    ])
    expect(texts(body, 'p').join()).toContain('Atlassian will e-mail each of them')
    expect(texts(body, 'summary')).toContain('Who would be deactivated: 6 people')
    expect(texts(body, 'code').join()).toContain(`mode: apply\napproved-plan: ${first.outputs['plan-digest']}`)

    await scene.run(PLAN)
    expect(only(scene)).toContain(first.outputs['plan-digest'] ?? 'no digest')
    await scene.write('users.csv', toDirectoryCsv(scene.everybody.slice(0, 3)))
    const third = await scene.run(PLAN)
    expect(texts(only(scene), 'h3')).toEqual([
      expect.stringMatching(/^📋 Plan: 2 of \d+ listed accounts would be deactivated$/),
    ])
    expect(only(scene)).toContain(third.outputs['plan-digest'] ?? 'no digest')
    expect(only(scene)).not.toContain(first.outputs['plan-digest'] ?? '')
    expect(asked(scene.standIn.github, 'POST')).toBe(1)
  })

  test('leaves a comment of somebody else with its marker alone', async () => {
    await using scene = await stage(options())
    await scene.run(PLAN)
    const [own] = scene.standIn.github.comments
    scene.standIn.github.comments.splice(0, 1, { id: 99, body: own?.body ?? '', user: { login: 'eve', type: 'User' } })
    await scene.run(PLAN)
    expect(scene.standIn.github.comments.map(({ user }) => user.login)).toEqual(['eve', 'github-actions[bot]'])
    expect(asked(scene.standIn.github, 'PATCH')).toBe(0)
  })

  test.each([
    ['another job', { GITHUB_JOB: 'other' }, {}],
    ['another workflow', { GITHUB_WORKFLOW: 'Other' }, {}],
    ['another list', {}, { 'users-file': 'more.csv' }],
  ])('of %s has a comment of its own', async (_, env, inputs) => {
    await using scene = await stage(options({ files: { 'more.csv': toDirectoryCsv(PEOPLE) } }))
    await scene.run(PLAN)
    await scene.run({ ...PLAN, ...inputs }, env)
    expect(scene.standIn.github.comments.length).toBe(2)
  })

  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    ['outside of a pull request', PLAN, { GITHUB_EVENT_NAME: 'push' }, {}],
    ['where it is switched off', { ...PLAN, comment: 'false' }, {}, pullRequest()],
  ])('writes none %s', async (_, inputs, env, event) => {
    await using scene = await stage(options({ event }))
    await scene.run({ ...inputs, privacy: 'full' }, env)
    expect(scene.standIn.github.comments).toEqual([])
    expect(asked(scene.standIn.github, '')).toBe(0)
  })

  test.each<[string, (github: GitHubState) => void, object, Record<string, string>]>([
    [
      'of a fork',
      (github) => {
        github.readOnly = true
      },
      pullRequest('private', 'eve/users'),
      {},
    ],
    [
      'whose token may not even read',
      (github) => {
        github.forbidden = /\/(comments|trees)/
      },
      pullRequest(),
      {},
    ],
    ['without a token', () => undefined, pullRequest(), { 'github-token': '' }],
  ])('%s falls back to the summary and does not fail', async (_, prepare, event, inputs) => {
    await using scene = await stage(options({ event }))
    prepare(scene.standIn.github)
    const step = await scene.run({ ...PLAN, ...inputs })
    expect(step.outputs).toMatchObject({ outcome: 'planned', reason: '' })
    expect(step.exitCode).toBe(0)
    expect(step.log).toMatch(/::notice.*only in the job summary/)
    expect(step.summary).toContain(step.outputs['plan-digest'] ?? 'no digest')
    expect(scene.standIn.github.comments).toEqual([])
  })
})

describe('a refused plan', () => {
  test.each<[string, Record<string, string>, (scene: Scene) => Promise<void>, string[]]>([
    ['for its size', { 'max-users': '2' }, async () => undefined, ['max-users', 'max-users: 6']],
    [
      'for its size, with another plan approved',
      { 'max-users': '2', 'approved-plan': `sha256:${'0'.repeat(64)}` },
      async () => undefined,
      ['max-users: 6'],
    ],
    [
      'for bad rows',
      {},
      (scene) => scene.write('users.csv', 'User id,email\r\n5.57E+23,<b>@x</b>\r\na b,c@example.com\r\n'),
      ['invalid-list', '5.57E+23', 'a b'],
    ],
    [
      'for its exclusions',
      { 'exclude-file': 'keep.txt' },
      (scene) => scene.write('keep.txt', 'grop:x\n'),
      ['invalid-input', 'grop:x'],
    ],
    ['for its inputs', { 'max-users': 'many' }, async () => undefined, ['invalid-input', 'many']],
  ])('%s overwrites the comment, drops the digest and tells why', async (_, inputs, prepare, told) => {
    await using scene = await stage(options())
    await scene.run(PLAN)
    expect(only(scene)).toMatch(/approved-plan: sha256:/)
    await prepare(scene)
    const step = await scene.run({ ...PLAN, ...inputs })
    expect(step.outputs.outcome).toBe('refused')
    const body = only(scene)
    const [marker = '', ...rest] = body.split('\n')
    expect(marker).toMatch(/^<!-- /)
    expect(rest.join('\n')).not.toMatch(DIGEST)
    const shown = texts(rest.join('\n'), 'p').concat(texts(body, 'li'), texts(body, 'td')).join('\n')
    expect(texts(body, 'h3')).toEqual(['⛔ Refused: this plan must not be applied'])
    expect(shown).toContain('Nothing was changed.')
    for (const part of told) expect(shown).toContain(part)
    expect(texts(body, 'b')).toEqual([])
  })

  test('for bad rows names each line in the comment and as an annotation of the file', async () => {
    await using scene = await stage(options({ list: 'User id\r\n5.57E+23\r\n557058:fine\r\na b\r\n' }))
    const step = await scene.run(PLAN)
    expect(texts(only(scene), 'td').filter((text) => /^\d+$/.test(text))).toEqual(['2', '4'])
    expect(step.log).toMatch(/::error title=[^:]*file=users\.csv,line=2/)
    expect(step.log).toMatch(/::error title=[^:]*file=users\.csv,line=4/)
  })
})
