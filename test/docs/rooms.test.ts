import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every room of the source stands in the list of CONTRIBUTING.md, once', () => {
  const [, list = ''] = /<!-- rooms -->\n(.*?)<!-- \/rooms -->/s.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? []
  const named = list.split('\n').flatMap((line) => {
    const [head = ''] = line.split(': ')
    return [...head.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  })
  expect(named.toSorted()).toEqual(readdirSync('src').toSorted())
})
