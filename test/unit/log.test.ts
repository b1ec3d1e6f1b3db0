import { EOL } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.ts'
import { HOSTILE } from './report/hostile.ts'
import { readCommands } from './report/read-back.ts'
import { KEY, SPELLINGS } from './text/spellings.ts'

let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    // The toolkit ends its lines as the system does.
    written += String(chunk).replaceAll(EOL, '\n')
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Lines in which the runner would find a command. */
const commands = (): string[] =>
  written.split(/[\r\n\u0085\u2028\u2029]/).filter((line) => /^\s*::[^:]/.test(line) || line.includes('##['))

test.each([
  '::error::forged',
  'x\n::add-mask::e',
  'x\r::set-output name=a::b',
  '##[error]forged',
  'a ##[command]b',
  '\u2028::stop-commands::x',
  '  ::warning::x',
  '\u0085::debug::x',
])('text %j forges no command, wherever it is printed', (hostile) => {
  const log = createLog()
  log.info(hostile)
  log.group(hostile, [hostile])
  log.notice(hostile)
  log.warning(hostile, { file: hostile, line: 3 })
  log.error(hostile)
  log.debug(hostile)
  expect(commands().map((line) => /^::([a-z]+)/.exec(line)?.[1])).toEqual([
    'group',
    'endgroup',
    'notice',
    'warning',
    'error',
    'debug',
  ])
})

test('an annotation names the file and the line', () => {
  createLog().error('bad row', { file: 'lists/users.csv', line: 5 })
  expect(written).toBe('::error title=Deactivate Atlassian users,file=lists/users.csv,line=5::bad row\n')
})

test('our own line breaks survive in an annotation', () => {
  createLog().error('one\ntwo')
  expect(written).toBe('::error title=Deactivate Atlassian users::one%0Atwo\n')
})

test.each(HOSTILE)('%j forges no command, as a text, a title or a file', (hostile) => {
  const log = createLog()
  log.info(hostile)
  log.group(hostile, [hostile])
  log.notice(hostile)
  log.warning(hostile, { file: hostile, line: 3 })
  log.error(hostile, { file: hostile, line: 0 })
  log.debug(hostile)
  expect(readCommands(written).map(({ name }) => name.split(' ')[0])).toEqual([
    'group',
    'endgroup',
    'notice',
    'warning',
    'error',
    'debug',
  ])
})

test.each([
  ['a, b: 100%.csv', 'a%2C b%3A 100%25.csv'],
  ['x,line=1::error::y', 'x%2Cline=1%3A%3Aerror%3A%3Ay'],
  ['a\r\n::error::y', 'a %3A%3Aerror%3A%3Ay'],
  ['a\u2028b\u0085c', 'a b c'],
  ['lists/jane@example.com.csv', 'l…@example.com.csv'],
])('a file named %j stays a property of the annotation', (file, property) => {
  createLog().error('text', { file, line: 5 })
  expect(written).toBe(`::error title=Deactivate Atlassian users,file=${property},line=5::text\n`)
})

test('an annotation that GitHub would cut is cut by us, and the log holds all of it', () => {
  const log = createLog()
  const text = `${'a word '.repeat(2000)}jane.doe@example.com\nand the end`
  log.error(text, { file: 'a.csv', line: 1 })
  const [annotation = '', ...rest] = written.split('\n')
  expect(annotation).toMatch(
    /^::error title=Deactivate Atlassian users,file=a\.csv,line=1::a word .*… \[cut: all 14,\d\d\d characters are in the log of the step\]$/,
  )
  expect(annotation.length).toBeLessThan(4096)
  expect(rest.join('\n')).toBe(`${'a word '.repeat(2000)}j…@example.com\nand the end\n`)
})

test.each(Object.entries(SPELLINGS))('a secret is shown nowhere %s', (_, spell) => {
  const log = createLog()
  log.addSecret(KEY)
  log.showPersonalData(true)
  expect(written).toContain(`::add-mask::${KEY}`)
  written = ''
  const text = `before ${spell(KEY)} after`
  log.info(text)
  log.group(text, [text])
  log.error(text, { file: `a${text}`, line: 1 })
  expect(written).toBe(
    'before *** after\n::group::before *** after\nbefore *** after\n::endgroup::\n::error title=Deactivate Atlassian users,file=abefore *** after,line=1::before *** after\n',
  )
  expect([log.clean(text), log.scrub(text)]).toEqual(['before *** after', 'before *** after'])
})

test('a secret goes before an address is masked, and an address is masked before a text is cut', () => {
  const log = createLog()
  log.addSecret(KEY)
  expect(log.clean(`${KEY}@example.com`)).toBe('***@example.com')
  expect(log.clean(`jane ${encodeURIComponent(`${KEY}@example.com`)}`)).toBe('jane ***%40example.com')
  expect(log.scrub(`${KEY} of jane@example.com`)).toBe('*** of jane@example.com')
})

test('e-mail addresses are masked until privacy allows them', () => {
  const log = createLog()
  log.info('jane@example.com')
  log.showPersonalData(true)
  log.info('jane@example.com')
  expect(written).toBe('j…@example.com\njane@example.com\n')
})

test('an annotation has nine lines at most, then how many more, and the log holds them all', () => {
  const log = createLog()
  log.error(Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n'), { title: 'Refused' })
  const [annotation = '', ...rest] = written.split('\n')
  expect(annotation).toMatch(/^::error title=Refused::line 1%0A.*line 9%0A… and 3 more lines, in the log of the step$/)
  expect(annotation).not.toContain('line 10')
  expect(rest.join('\n')).toContain('line 12')
})

test('what is written while work goes on folds, also where the work fails', async () => {
  const log = createLog()
  await log.folded('Uploading', async () => log.info('chatter'))
  await expect(log.folded('Again', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(written).toBe('::group::Uploading\nchatter\n::endgroup::\n::group::Again\n::endgroup::\n')
})
