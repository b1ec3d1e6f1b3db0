import { EOL } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.ts'

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
  expect(written).toBe('::error file=lists/users.csv,line=5::bad row\n')
})

test('our own line breaks survive in an annotation', () => {
  createLog().error('one\ntwo')
  expect(written).toBe('::error::one%0Atwo\n')
})

test.each([
  ['as it stands', (key: string) => key],
  ['percent-encoded', encodeURIComponent],
  ['in base64', (key: string) => Buffer.from(key).toString('base64')],
  ['in base64 without padding', (key: string) => Buffer.from(key).toString('base64url')],
  ['in a basic header', (key: string) => Buffer.from(`Bearer ${key}`).toString('base64')],
  ['in JSON', (key: string) => JSON.stringify(key).slice(1, -1)],
  ['in hex', (key: string) => Buffer.from(key).toString('hex')],
  ['in upper-case hex', (key: string) => Buffer.from(key).toString('hex').toUpperCase()],
])('a secret is shown nowhere %s', (_, encode) => {
  const key = 'ATCTT3x/"secret+key=='
  const log = createLog()
  log.addSecret(key)
  expect(written).toContain(`::add-mask::`)
  written = ''
  log.info(`before ${encode(key)} after`)
  expect(written).toBe('before *** after\n')
  expect(log.clean(encode(key))).toBe('***')
})

test('e-mail addresses are masked until privacy allows them', () => {
  const log = createLog()
  log.info('jane@example.com')
  log.showPersonalData(true)
  log.info('jane@example.com')
  expect(written).toBe('j…@example.com\njane@example.com\n')
})
