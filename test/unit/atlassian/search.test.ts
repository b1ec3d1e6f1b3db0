import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Facts, factsWith, unite } from '../../../src/account/facts.ts'
import { type Reply, unreadable } from '../../../src/atlassian/answers.ts'
import { type Directory, type DirectoryPerson, openDirectory } from '../../../src/atlassian/directory.ts'
import { searchDirectory, type Wanted } from '../../../src/atlassian/search.ts'
import { systemClock } from '../../../src/world/clock.ts'
import { body, inTurn, type Read, recorded } from './recorded.ts'

const STOP = new AbortController().signal
const NOT_ASKED = (): never => {
  throw new Error('nobody asks for this')
}

/** A directory of these entries, and what it was asked. */
function directoryOf(entries: readonly DirectoryPerson[], { foldsCase = false, refuses = '' } = {}) {
  const asked = { ids: [] as (readonly string[])[], addresses: [] as (readonly string[])[], stats: 0, walks: 0 }
  const read = <T>(value: T): Promise<Reply<T>> => Promise.resolve({ kind: 'read', value })
  const fold = (text: string): string => (foldsCase ? text.toLowerCase() : text)
  const directory: Directory = {
    search: ({ accountIds: ids, emails: addresses }) => {
      if (ids !== undefined) {
        asked.ids.push(ids)
        return read(entries.filter(({ id }) => ids.includes(id)))
      }
      if (addresses === undefined) {
        asked.walks++
        return read(entries)
      }
      asked.addresses.push(addresses)
      if (refuses !== '' && addresses.includes(refuses)) return read([])
      const wanted = new Set(addresses.map(fold))
      return read(entries.filter(({ facts }) => facts.emails.some((email) => wanted.has(fold(email)))))
    },
    stats: () => {
      asked.stats++
      return read({ admins: 1, people: entries.length })
    },
    countActive: NOT_ASKED,
    apiKeys: NOT_ASKED,
    standsIn: () => false,
  }
  return { directory, asked }
}

async function look(wanted: readonly Wanted[], directory: Directory, people: number | null | 'ask' = null) {
  const facts = new Map<string, Facts>()
  const ends: unknown[] = []
  await searchDirectory(wanted, directory, {
    clock: systemClock,
    concurrency: 3,
    stop: STOP,
    people,
    stopped: () => ends.length > 0,
    onFound: (id, entries) => facts.set(id, [...[facts.get(id) ?? []].flat(), ...entries].reduce(unite)),
    onEnd: (end) => ends.push(end),
  })
  return { facts, ends }
}

const entry = (id: string, email: string, more: Partial<Facts> = {}): DirectoryPerson => ({
  id,
  name: '',
  facts: factsWith({ active: true, emails: email === '' ? [] : [email], ...more }),
})
const crowd = (size: number): DirectoryPerson[] =>
  Array.from({ length: size }, (_, index) => entry(`id-${index}`, `p${index}@example.com`))
const listOf = (people: readonly DirectoryPerson[]): Wanted[] =>
  people.map(({ id, facts }) => ({ id, email: facts.emails[0] ?? '' }))

describe('a list with addresses', () => {
  test('is looked at a hundred people a call', async () => {
    const people = crowd(250)
    const { directory, asked } = directoryOf(people)
    const { facts } = await look(listOf(people), directory)
    expect(facts.size).toBe(250)
    expect(asked.addresses.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(asked.ids).toEqual([])
  })

  test('asks by id, ten a call, for all together whom their addresses did not bring', async () => {
    const people = crowd(300)
    const { directory, asked } = directoryOf(people)
    const renamed = new Set(['id-5', 'id-105', 'id-205'])
    const list = listOf(people).map((one) => (renamed.has(one.id) ? { ...one, email: `old-${one.email}` } : one))
    const { facts } = await look(list, directory)
    expect(facts.size).toBe(300)
    expect(asked.ids).toEqual([[...renamed]])
  })

  test('tries another case before it asks by id', async () => {
    const people = crowd(60)
    const shouted = listOf(people).map(({ id, email }) => ({ id, email: email.toUpperCase() }))
    const { directory, asked } = directoryOf(people)
    expect((await look(shouted, directory)).facts.size).toBe(60)
    expect(asked.addresses.map(({ length }) => length)).toEqual([60, 60])
    expect(asked.ids).toEqual([])
  })

  test('that one address makes unanswerable is looked at by id, that batch alone', async () => {
    const people = crowd(150)
    const { directory, asked } = directoryOf(people, { refuses: 'p3@example.com' })
    expect((await look(listOf(people), directory)).facts.size).toBe(150)
    expect(asked.ids.flat()).toEqual(people.slice(0, 100).map(({ id }) => id))
  })

  test('never sends an address that the search may not take', async () => {
    const odd = ['j…@example.com', '"a b"@example.com', 'no address', '', 'ä@example.com']
    const people = crowd(40)
    const list = listOf(people).map((one, index) => ({ ...one, email: odd[index] ?? one.email }))
    const { directory, asked } = directoryOf(people)
    expect((await look(list, directory)).facts.size).toBe(40)
    expect(asked.addresses.flat()).toEqual(list.slice(odd.length).map(({ email }) => email))
    expect(asked.ids.flat()).toEqual(list.slice(0, odd.length).map(({ id }) => id))
  })
})

describe('people by address', () => {
  const found = { data: [{ accountId: 'a', email: 'a@b.c' }], links: {} }
  const full = Array.from({ length: 100 }, (_, index) => ({ accountId: `id-${index}` }))
  const many = Array.from({ length: 12 }, (_, index) => `p${index}@b.c`)

  /** A look at `a`, `id-1`, `id-2` …, who have these addresses, in an organization that answers like this. */
  async function lookWith(addresses: readonly string[], ...answers: readonly Read[]) {
    const { atlassian, requests, stops } = recorded(inTurn(...answers))
    const wanted = addresses.map((email, index) => ({ id: index === 0 ? 'a' : `id-${index}`, email }))
    const { facts, ends } = await look(
      wanted,
      openDirectory(atlassian, 'o', false, () => 0),
    )
    return { ids: [...facts.keys()], ends, asked: requests.map((request) => request.body), stops }
  }

  test('each address is asked for once, as it is written', async () => {
    const { ids, asked, stops } = await lookWith(['A@b.c', 'a@b.c', 'A@b.c', ...many], body(found))
    expect(ids).toEqual(['a'])
    expect(asked[0]).toMatchObject({ emails: ['A@b.c', 'a@b.c', ...many], limit: 100 })
    expect(stops[0]).toBe(STOP)
  })

  test.each<[string, readonly Read[]]>([
    ['is a refusal, as one bad address is enough for', [unreadable('refused', 400)]],
    ['is forbidden', [unreadable('refused', 403)]],
    ['is full, and does not say whether it is the last', [body({ data: full })]],
    ['has no data', [body({ links: {} })]],
    ['is refused on its second page', [body({ ...found, links: { next: 'c2' } }), unreadable('refused', 400)]],
  ])('an answer that %s brings nobody: the ids tell', async (_, answers) => {
    const { ids, ends, asked } = await lookWith(many, ...answers, body(found))
    expect([ids, ends]).toEqual([['a'], []])
    const ten = ['a', ...Array.from({ length: 9 }, (_, index) => `id-${index + 1}`)]
    expect(asked.slice(answers.length)).toMatchObject([{ accountIds: ten }, { accountIds: ['id-10', 'id-11'] }])
  })

  test.each<Read>([unreadable('HTTP 500', 0), { kind: 'key-rejected', why: 'unauthorized' }])(
    'no answer at all is no reason to ask for the ids: $kind',
    async (answer) => {
      const { ends, asked } = await lookWith(many, answer)
      expect([ends, asked.length]).toEqual([[answer], 1])
    },
  )
})

test('an answer that names somebody twice shows several directories: everybody is asked for by id', async () => {
  const people = crowd(30)
  const [first, second] = [entry('id-0', 'p0@example.com'), entry('id-7', 'chair@board.example', { groups: ['Board'] })]
  const { directory, asked } = directoryOf([...people, first, second])
  const { facts } = await look(listOf(people), directory)
  expect(asked.ids.flat()).toEqual(people.map(({ id }) => id))
  expect(facts.get('id-7')).toMatchObject({ emails: ['p7@example.com', 'chair@board.example'], groups: ['Board'] })
})

test.each<[string, number | null | 'ask', { stats: number; walks: number }]>([
  ['known', 300, { stats: 0, walks: 1 }],
  ['asked for, where it can save calls', 'ask', { stats: 1, walks: 1 }],
  ['known by nobody', null, { stats: 0, walks: 0 }],
])('without addresses everybody is walked through where the number of people is %s', async (_, people, calls) => {
  const everybody = crowd(300)
  const { directory, asked } = directoryOf(everybody)
  const list = everybody.map(({ id }) => ({ id, email: '' }))
  expect((await look(list, directory, people)).facts.size).toBe(300)
  expect(asked).toMatchObject(calls)
})

test('where the number of people stays out of reach, everybody is asked for by id', async () => {
  const everybody = crowd(300)
  const { directory, asked } = directoryOf(everybody)
  const hidden: Directory = { ...directory, stats: () => Promise.resolve(unreadable('HTTP 500', 0)) }
  const list = everybody.map(({ id }) => ({ id, email: '' }))
  expect((await look(list, hidden, 'ask')).facts.size).toBe(300)
  expect([asked.ids.length, asked.walks]).toEqual([30, 0])
})

test.each(['unreadable', 'key-rejected'] as const)('an answer that is %s ends it, and is told', async (kind) => {
  const { directory, asked } = directoryOf(crowd(1000))
  const end = kind === 'unreadable' ? unreadable('HTTP 500', 0) : { kind, why: 'scoped' as const }
  const failing: Directory = { ...directory, search: () => Promise.resolve(end) }
  const { ends } = await look(listOf(crowd(1000)), failing)
  expect(ends[0]).toEqual(end)
  expect(ends.length).toBeLessThanOrEqual(3)
  expect(asked.ids).toEqual([])
})

/** Somebody as the directory has them, and as the list does. */
const somebody = fc.record({
  live: fc.constantFrom('plain', 'capitals', 'hidden', 'shared', 'absent'),
  listed: fc.constantFrom('plain', 'plain', 'plain', 'shouted', 'renamed', 'odd', 'none', 'of another'),
  active: fc.boolean(),
  twice: fc.constantFrom(false, false, false, true),
})

test('tells the same of everybody as asking for each by id does, and of nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(somebody, { minLength: 11, maxLength: 150 }), fc.boolean(), async (some, foldsCase) => {
      const entries: DirectoryPerson[] = [...crowd(20).map((one) => ({ ...one, id: `not-listed-${one.id}` }))]
      const list = some.map(({ live, listed, active, twice }, index): Wanted => {
        const [id, plain] = [`id-${index}`, `q${index}@example.com`]
        const email = { plain, capitals: plain.toUpperCase(), hidden: '', shared: 'shared@example.com', absent: '' }[
          live
        ]
        if (live !== 'absent') entries.push(entry(id, email, { active }))
        if (live !== 'absent' && twice) entries.push(entry(id, email, { synced: true }))
        const written = {
          plain,
          shouted: plain.toUpperCase(),
          renamed: `old.${plain}`,
          odd: 'q…@example.com',
          none: '',
          'of another': `p${index % 20}@example.com`,
        }
        return { id, email: live === 'shared' ? 'shared@example.com' : written[listed] }
      })
      const { directory } = directoryOf(entries, { foldsCase })
      const byId = await look(
        list.map(({ id }) => ({ id, email: '' })),
        directory,
      )
      expect((await look(list, directory)).facts).toEqual(byId.facts)
    }),
  )
})
