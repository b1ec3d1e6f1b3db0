import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile } from '../../../src/world/replace-file.ts'

function folder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'replace-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('a file is made with its folders, and replaced', () => {
  using at = folder()
  for (const text of ['one', 'two']) {
    replaceFile(at.path, 'a/b/list.csv', [text, '!'])
    expect(readFileSync(join(at.path, 'a/b/list.csv'), 'utf8')).toBe(`${text}!`)
  }
  expect(readdirSync(join(at.path, 'a/b'))).toEqual(['list.csv'])
})

test('what breaks off in the middle leaves the file as it was, and nothing beside it', () => {
  using at = folder()
  writeFileSync(join(at.path, 'list.csv'), 'before')
  const chunks = function* (): Generator<string> {
    yield 'x'.repeat(1 << 17)
    throw new Error('no room')
  }
  expect(() => replaceFile(at.path, 'list.csv', chunks())).toThrow('no room')
  expect(readFileSync(join(at.path, 'list.csv'), 'utf8')).toBe('before')
  expect(readdirSync(at.path)).toEqual(['list.csv'])
  expect(existsSync(join(at.path, 'none'))).toBe(false)
})
