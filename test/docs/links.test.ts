import { existsSync, statSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { expect, test } from 'vitest'
import { anchorOf, DOCUMENTS, headingsOf, type Link, linksOf } from './markdown.ts'

/** Why a link of this document leads nowhere; empty where it leads somewhere. */
function whyBroken(document: string, { target }: Link): string {
  if (/^[a-z]+:/.test(target)) return target.startsWith('https://') && URL.canParse(target) ? '' : 'no https address'
  const [path = '', anchor = ''] = target.split('#')
  const file = path === '' ? document : posix.join(dirname(document), decodeURIComponent(path))
  if (!existsSync(file)) return `${file} does not exist`
  if (anchor === '') return ''
  if (!statSync(file).isFile() || !file.endsWith('.md')) return `${file} has no headings`
  return headingsOf(file).some(({ text }) => anchorOf(text) === anchor) ? '' : `${file} has no heading for #${anchor}`
}

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const broken = linksOf(document).map((link) => `${link.text} → ${link.target}: ${whyBroken(document, link)}`)
  expect(broken.filter((line) => !line.endsWith(': '))).toEqual([])
})

test.each([
  ['README.md', 'docs/nothing.md', 'does not exist'],
  ['README.md', '#no-such-heading', 'no heading'],
  ['docs/operations.md', '../README.md#no-such-heading', 'no heading'],
  ['README.md', 'http://example.com', 'no https address'],
  ['docs/operations.md', 'README.md', 'does not exist'],
])('the check finds in %s the link to %s', (document, target, why) => {
  expect(whyBroken(document, { text: '', target })).toContain(why)
})

test('headings get the anchors that GitHub gives them', () => {
  expect(
    ['See it in 20 seconds', '`invalid-input`', 'I1 Only the listed', 'What is not protected, or not fully'].map(
      anchorOf,
    ),
  ).toEqual(['see-it-in-20-seconds', 'invalid-input', 'i1-only-the-listed', 'what-is-not-protected-or-not-fully'])
})
