import { describe, expect, test } from 'vitest'
import { parseUses } from './uses.ts'

describe('a reference', () => {
  test.each([
    ['$/action', { kind: 'self', path: 'action' }],
    ['$//a/b', { kind: 'self', path: 'a/b' }],
    ['./action', { kind: 'workspace', path: './action' }],
    ['docker://alpine:3', { kind: 'image' }],
    ['actions/checkout@v7', { kind: 'repository', name: 'actions/checkout', path: '', ref: 'v7' }],
    ['a/b/c/d@1', { kind: 'repository', name: 'a/b', path: 'c/d', ref: '1' }],
  ])('%s is understood', (uses, reference) => {
    expect(parseUses(uses)).toEqual(reference)
  })

  test.each(['$/', '$//', '$', '', 'checkout@v7', 'actions/checkout', 'actions/checkout@', 'a/b@1@2'])(
    '%j is refused',
    (uses) => {
      expect(() => parseUses(uses)).toThrow('Expected format {org}/{repo}[/path]@ref')
    },
  )
})
