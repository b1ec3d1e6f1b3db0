import { describe, expect, test } from 'vitest'
import { commitFiles } from '../stand-in/github-handlers.ts'
import { crowd, type Person, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { BASE, only, options, PEOPLE, PLAN, pullRequest, render, texts } from './comment-scene.ts'
import { type Scene, stage } from './guard-scene.ts'

/** The part of the comment that tells what the pull request changes. */
function compared(scene: Scene): string {
  const body = only(scene)
  return body.slice(body.indexOf('Against the base branch'), body.indexOf('<details><summary>Who would be'))
}

describe('against the base branch', () => {
  const summaries = (scene: Scene): string[] => texts(compared(scene), 'summary')
  const [ann, ben, cat, dan, eve, fay] = PEOPLE as [Person, Person, Person, Person, Person, Person]
  const base = (scene: Scene, files: Readonly<Record<string, string>>): void =>
    commitFiles(scene.standIn.github, BASE, files)

  test('the computed sets are told, not the text', async () => {
    await using scene = await stage(
      options({ list: toDirectoryCsv([ann, ben, cat, dan, eve]), files: { 'keep.txt': `${ben.id}\n` } }),
    )
    base(scene, { 'users.csv': toDirectoryCsv([fay, ben, ann]), 'keep.txt': '' })
    await scene.run({ ...PLAN, 'exclude-file': 'keep.txt' })
    expect(summaries(scene)).toEqual([
      '3 accounts ➕ newly to be deactivated',
      '1 account ➖ no longer to be deactivated',
      '1 account 🛡️ newly protected',
    ])
    const cells = texts(compared(scene), 'td')
    expect(cells.join()).not.toContain(ann.email)
    for (const someone of [cat, dan, eve, fay, ben]) expect(cells.join()).toContain(someone.email)
  })

  test('an exclusion that is taken away makes targets', async () => {
    await using scene = await stage(options({ files: { 'keep.txt': 'somebody@elsewhere.example\n' } }))
    base(scene, { 'users.csv': toDirectoryCsv(scene.everybody), 'keep.txt': `${ben.id}\n` })
    await scene.run({ ...PLAN, 'exclude-file': 'keep.txt' })
    expect(summaries(scene)).toEqual(['1 account ➕ newly to be deactivated'])
    expect(texts(compared(scene), 'td').join()).toContain(ben.email)
  })

  test('rows in another order, another dialect and another encoding are no change', async () => {
    await using scene = await stage(options())
    const rows = scene.everybody.toReversed().map(({ id, email }) => `${email};${id}`)
    const text = `\ufeffe-mail;accountId\r\n${rows.join('\r\n')}`.replace('e-mail', 'email')
    commitFiles(scene.standIn.github, BASE, { 'users.csv': Buffer.from(text, 'utf16le') })
    await scene.run(PLAN)
    expect(only(scene)).toContain('The same accounts as before.')
  })

  test('the same file is not fetched', async () => {
    await using scene = await stage(options())
    base(scene, { 'users.csv': toDirectoryCsv(scene.everybody) })
    await scene.run(PLAN)
    expect(only(scene)).toContain('The same accounts as before.')
    expect(scene.standIn.github.requests.filter((request) => request.includes('/blobs/'))).toEqual([])
  })

  test('an account that live facts take out is not newly targeted', async () => {
    const gone = person({ id: 'gone-1', accountStatus: 'inactive' })
    const list = `User id\r\n${[ann, ben, gone].map(({ id }) => `${id}\r\n`).join('')}`
    await using scene = await stage(options({ people: [...PEOPLE, gone], list }))
    base(scene, { 'users.csv': `User id\r\n${ann.id}\r\n` })
    await scene.run(PLAN)
    expect(summaries(scene)).toEqual(['1 account ➕ newly to be deactivated'])
    expect(compared(scene)).not.toContain('gone-1')
  })

  test.each<[string, Record<string, string>]>([
    ['has no list', { 'other.csv': 'x' }],
    ['has a list that cannot be parsed', { 'users.csv': 'User id\r\n5.57E+23\r\n' }],
    ['has a list that is no text', { 'users.csv': 'PK\u0003\u0004' }],
  ])('nothing is told where it %s', async (_, files) => {
    await using scene = await stage(options())
    base(scene, files)
    const step = await scene.run(PLAN)
    expect(step.outputs.outcome).toBe('planned')
    expect(only(scene)).not.toContain('Against the base branch')
  })

  test('nothing is told where it cannot be read, and the comment is written all the same', async () => {
    await using scene = await stage(options())
    scene.standIn.github.forbidden = /\/git\//
    const step = await scene.run(PLAN)
    expect(step.outputs.outcome).toBe('planned')
    expect(step.log).toContain('not compared with the base branch')
    expect(only(scene)).not.toContain('Against the base branch')
  })
})

describe('personal data', () => {
  const odd = person({ id: 'odd-1', email: 'jane.doe@example.com', name: '<img src=x> @acme/admins `x` | y' })
  const list = toDirectoryCsv([...PEOPLE, odd])

  test.each([
    ['public', 'auto'],
    ['internal', 'auto'],
    ['private', 'masked'],
  ])('is masked in a comment of a %s repository with privacy %s', async (visibility, privacy) => {
    await using scene = await stage(options({ people: [...PEOPLE, odd], list, event: pullRequest(visibility) }))
    commitFiles(scene.standIn.github, BASE, {
      'users.csv': `User id,email,User name\r\nold-1,old.one@example.com,Old One\r\n`,
    })
    await scene.run({ ...PLAN, privacy })
    const body = only(scene)
    const cells = texts(body, 'td')
    for (const part of ['odd-1', 'j…@example.com', 'o…@example.com']) expect(cells.join()).toContain(part)
    const all = render(body)
      .map(({ text }) => text)
      .join('\n')
    for (const secret of ['jane.doe', 'old.one', 'Old One', 'admins', PEOPLE[0]?.name ?? ''])
      expect(all).not.toContain(secret)
  })

  test('is shown in full in a private repository, and stays text', async () => {
    await using scene = await stage(options({ people: [...PEOPLE, odd], list }))
    commitFiles(scene.standIn.github, BASE, { 'users.csv': toDirectoryCsv(PEOPLE) })
    await scene.run(PLAN)
    const body = only(scene)
    for (const part of ['jane.doe@example.com', odd.name]) expect(texts(body, 'td').join()).toContain(part)
    expect(texts(body, 'img')).toEqual([])
    expect(body).not.toContain('@acme')
  })
})

test('a comment about 20,000 new accounts fits', async () => {
  const people = crowd(20_000, 'many')
  await using scene = await stage(options({ people, list: toDirectoryCsv(people) }))
  commitFiles(scene.standIn.github, BASE, { 'users.csv': 'User id\r\nold-1\r\n' })
  const step = await scene.run({ ...PLAN, 'api-key': '', 'max-users': '20000' })
  const body = only(scene)
  expect(body.length).toBeLessThanOrEqual(65_536)
  expect(texts(body, 'summary')).toEqual([
    '20,000 accounts ➕ newly to be deactivated',
    '1 account ➖ no longer to be deactivated',
    'Who would be deactivated: 20,000 people',
  ])
  expect(body).toContain(step.outputs['plan-digest'] ?? 'no digest')
}, 60_000)
