import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asOutputs, notesOf, planRelease } from '../../../scripts/release.js'

const CHANGELOG = `# Changelog

What changed for users.

## [Unreleased]

## [1.10.0] - 2026-03-01

### Added

- A thing. See [the issue][1].
## No heading of a version

## [1.9.0] - 2026-02-01

### Fixed

- Another thing.

[1.10.0]: https://example.com/v1.10.0
`

const section = (version: string): string => `## [${version}] - 2026-03-01\n\n- A thing.\n`
const plan = (version: string, ...tags: string[]) => planRelease({ version, tags, changelog: section(version) })

test('a release makes its tag, and moves the tag of its major version', () => {
  expect(plan('1.10.0', 'v1', 'v1.9.0', 'v2.0.0', 'v2')).toEqual({
    tag: 'v1.10.0',
    major: 'v1',
    prerelease: false,
    notes: '- A thing.',
  })
  expect(plan('0.1.0')).toMatchObject({ tag: 'v0.1.0', major: 'v0' })
})

test('a pre-release makes its tag, and moves no other', () => {
  expect(plan('1.0.0-rc.1', 'v1.1.0')).toMatchObject({ tag: 'v1.0.0-rc.1', major: '', prerelease: true })
})

test.each(['1.0.0', '1.0.0-rc.1'])('%s is not released twice', (version) => {
  expect(() => plan(version, 'v0.9.0', `v${version}`)).toThrow(`The tag v${version} exists`)
})

test.each([
  ['1.9.9', 'v1.10.0'],
  ['1.10.0', 'v1.10.1'],
])('%s is not released after %s: the major tag would go back', (version, newer) => {
  expect(() => plan(version, 'v1.0.0', newer)).toThrow(`${newer} is out already: v${version} would take v1 back`)
})

test('neither an older release nor a newer pre-release is in the way', () => {
  expect(plan('1.10.0', 'v1.9.9', 'v1.11.0-rc.1', 'nightly', 'v1').major).toBe('v1')
})

test.each(['', '1', '1.0', 'v1.0.0', '01.0.0', '1.0.0-', '1.0.0-rc 1', '1.0.0+5', '1.0.0\nmajor=v9', '1.0.0;id'])(
  'no version is made of %j',
  (version) => {
    expect(() => plan(version)).toThrow('is not a version such as 1.2.3')
  },
)

test('the notes are the section of the version, without headings of others and link definitions', () => {
  expect(notesOf('1.9.0', CHANGELOG)).toBe('### Fixed\n\n- Another thing.')
  expect(notesOf('1.10.0', CHANGELOG)).toBe('### Added\n\n- A thing. See [the issue][1].')
  expect(notesOf('1.10.0', CHANGELOG.replaceAll('\n', '\r\n')).replaceAll('\r', '')).toBe(notesOf('1.10.0', CHANGELOG))
})

test.each([
  ['is missing', '1.1.0', section('1.1.00')],
  ['is missing', '1.1.0', section('1x1.0')],
  ['is there twice', '1.1.0', section('1.1.0').repeat(2)],
  ['has no date', '1.1.0', '## [1.1.0]\n\n- A thing.\n'],
  ['is not dated yet', '1.1.0', '## [1.1.0] - Unreleased\n\n- A thing.\n'],
  ['is empty', '1.1.0', '## [1.1.0] - 2026-03-01\n\n### Added\n\n## [1.0.0] - 2026-02-01\n\n- A thing.\n'],
])('a section that %s is no section to release', (_, version, changelog) => {
  expect(() => notesOf(version, changelog)).toThrow(/^CHANGELOG\.md/)
})

test('whatever the notes hold, they stay the value of one output', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '<', '=', 'notes') }), (notes) => {
      const lines = asOutputs({ notes, tag: 'v1.0.0' }).split('\n')
      const end = lines[0]?.replace('notes<<', '') ?? ''
      expect(lines.slice(1, lines.indexOf(end)).join('\n')).toBe(notes)
      expect(lines[lines.indexOf(end) + 1]).toMatch(/^tag<</)
    }),
  )
})

test('the version in package.json has its section in CHANGELOG.md, dated or still to be', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const dated = readFileSync('CHANGELOG.md', 'utf8').replaceAll('- Unreleased', '- 2026-01-31')
  expect(notesOf(version, dated)).not.toBe('')
  expect(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages['']).toMatchObject({ version })
})
