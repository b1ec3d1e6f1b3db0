import { afterEach, describe, expect, test, vi } from 'vitest'
import { harmless, withGuardedOutput } from '../../../src/github/quiet.ts'

const clean = (text: string): string => text.replaceAll('s3cret', '***')

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what a library writes', () => {
  test.each([
    ['Artifact name is valid!\n'],
    ['::debug::Body: {%0A  "id": 1%0A}\n'],
    ['::add-mask::a##[b\n'],
    ['::warning::Using 5 instead.\n'],
    [''],
  ])('stays as it is where it is harmless: %j', (text) => {
    expect(harmless(text, clean)).toBe(text)
  })

  test.each([
    'Downloading to: /a\n::error::forged\n',
    'Downloading to: /a\r::error::forged\n',
    'Downloading to: /a\u2028::set-output name=outcome::completed\n',
    '::set-output name=outcome::completed\n',
    '::stop-commands::x\n',
    '  ::add-path::/evil\n',
    'Failed: ##[add-mask]word\n',
    '::debug::Body ##[error]x\n',
    '::add-mask::x\n::error::forged\n',
  ])('holds no command of the data: %j', (text) => {
    const lines = harmless(text, clean).split(/[\r\n\u0085\u2028\u2029]/)
    expect(lines.filter((line) => /^\s*::(?!debug|add-mask)|##\[/.test(line))).toEqual([])
  })
})

test.each([
  ['::debug::Body: {"msg": "s3cret \u001b[31m\u202e"}\n', '::debug::Body: {"msg": "*** \ufffd[31m\ufffd"}\n'],
  ['Failed: s3cret\ns3cret\n', 'Failed: ***\n***\n'],
  // The runner is told what to mask as it is.
  ['::add-mask::s3cret\n', '::add-mask::s3cret\n'],
])('tells no secret, and nothing hidden: %j', (text, told) => {
  expect(harmless(text, clean)).toBe(told)
})

describe('the guard', () => {
  test.each(['stdout', 'stderr'] as const)('covers %s while the work goes on, and no longer', async (name) => {
    const stream = process[name]
    const write = vi.spyOn(stream, 'write').mockReturnValue(true)
    const before = stream.write
    await Promise.all([
      withGuardedOutput(clean, async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        stream.write('late\n::error::forged')
      }),
      withGuardedOutput(clean, async () => {
        stream.write('early\n::error::forged')
      }),
    ])
    expect(write.mock.calls.flat().filter((text) => /^::error/m.test(String(text)))).toEqual([])
    expect(write).toHaveBeenCalledTimes(2)
    expect(stream.write).toBe(before)
  })

  test('reads bytes as it reads texts', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await withGuardedOutput(clean, async () => {
      process.stdout.write(Buffer.from('early\n::error::forged'))
    })
    expect(write.mock.calls.flat().map(String)).toEqual(['early\n: :error::forged'])
  })

  test('is taken off when the work fails', async () => {
    const before = process.stdout.write
    await expect(withGuardedOutput(clean, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(process.stdout.write).toBe(before)
  })
})
