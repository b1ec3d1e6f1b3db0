import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { licensesOf, packageFolders } from '../../../scripts/licenses.js'

describe('packages of a bundle', () => {
  test('are found in every chunk, in joined modules, in scopes and inside of each other', () => {
    const named = (...names: string[]) => names.map((nameForCondition) => ({ nameForCondition }))
    const modules = [
      ...named('/a/lib/index.js', '/a/node_modules/yauzl/index.js', '/a/node_modules/yauzl/crc32.js'),
      {
        nameForCondition: '/a/lib/log.js',
        modules: named('/a/lib/log.js', '/a/node_modules/@actions/core/lib/core.js'),
      },
      ...named('/a/node_modules/lazystream/node_modules/isarray/index.js', 'C:\\a\\node_modules\\pend\\index.js'),
      { nameForCondition: null },
      {},
    ]
    expect(packageFolders({ modules })).toEqual([
      '/a/node_modules/@actions/core',
      '/a/node_modules/lazystream/node_modules/isarray',
      '/a/node_modules/yauzl',
      'C:/a/node_modules/pend',
    ])
  })

  test('are named with version, licence, its text and its notices, each version once', () => {
    const root = mkdtempSync(join(tmpdir(), 'licenses-'))
    const folders = [
      ['b', { name: 'b', version: '1.0.0', license: 'MIT' }, { LICENSE: 'Do as you like.\r\n', 'NOTICE.txt': 'By b.' }],
      ['copy', { name: 'b', version: '1.0.0', license: 'MIT' }, { LICENSE: 'Do as you like.', 'NOTICE.txt': 'By b.' }],
      ['a', { name: 'a', version: '0.1.0' }, {}],
    ] as const
    for (const [folder, manifest, files] of folders) {
      mkdirSync(join(root, folder))
      writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest))
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text)
    }
    expect(licensesOf(folders.map(([folder]) => join(root, folder)))).toBe(
      'a 0.1.0\n(its package names no licence)\n\nb 1.0.0\nMIT\nDo as you like.\nBy b.\n',
    )
  })
})

test('whatever src imports, and whatever the bundle names as joined, has its licence in dist', () => {
  const read = (folder: string, ending: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  const imported =
    /^(?:import|export) (?!type).*from '((?:@[^/']+\/)?[^@./'][^/']*)|await import\('((?:@[^/']+\/)?[^./'][^/']*)/gm
  const joined = /^;\/\/ .*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm
  const found = [
    ...read('src', '.ts').flatMap((text) => [...text.matchAll(imported)]),
    ...read('dist', '.js').flatMap((text) => [...text.matchAll(joined)]),
  ].map(([, name, other]) => name ?? other ?? '')
  const bundled = new Set(found.filter((name) => !name.startsWith('node:')))
  const licensed = new Set(
    [...readFileSync('dist/licenses.txt', 'utf8').matchAll(/^((?:@[^/\s]+\/)?\S+) \d+\.\d+\.\d+/gm)].map(
      ([, name]) => name,
    ),
  )
  expect(bundled.size).toBeGreaterThan(20)
  expect([...bundled].filter((name) => !licensed.has(name))).toEqual([])
})
