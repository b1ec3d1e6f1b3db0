import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { artifactEnvironment } from '../../stand-in/artifact-handlers.ts'
import { addRun } from '../../stand-in/github-handlers.ts'
import { startStandIn } from '../../stand-in/server.ts'
import { unzipFiles, zipFiles } from '../../stand-in/zip.ts'

test("GitHub's own client uploads, finds and downloads, in this run and in another", async () => {
  await using standIn = await startStandIn()
  const { artifacts } = standIn
  addRun(standIn, '77', {
    ...Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`more-${index}`, { a: '' }])),
    theirs: { 'results.csv': 'account_id\r\nbob\r\n' },
  })
  artifacts.fail('create', 503, 1)
  const folder = await mkdtemp(join(tmpdir(), 'artifacts-'))
  try {
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'artifact-client.ts'), folder, '77'], {
      env: {
        PATH: process.env.PATH,
        GITHUB_API_URL: standIn.githubUrl,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_WORKSPACE: folder,
        ...artifactEnvironment(standIn.url, '1000'),
      },
    })
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))
    const stored = artifacts.named('results', '1000')
    expect(report).toMatchObject({
      uploaded: { id: stored?.id, size: stored?.bytes.length, digest: stored?.digest.slice('sha256:'.length) },
      taken: expect.stringContaining('409'),
      artifact: { name: 'results', digest: stored?.digest },
      mismatches: [false, false, true],
      listed: 121,
      own: 'User id\nann\n',
      other: 'account_id\r\nbob\r\n',
    })
    expect(Object.keys(artifacts.filesOf('results', '1000'))).toEqual(['ä.csv'])
    expect(artifacts.named('page.html', '1000')).toMatchObject({ mimeType: 'text/html' })
    expect(artifacts.named('page.html', '1000')?.bytes.toString()).toBe('<p>page</p>')
    expect(new Date(stored?.expiresAt ?? '').getTime()).toBeGreaterThan(Date.now() + 4 * 86_400_000)
    expect([standIn.unhandled, standIn.errors]).toEqual([[], []])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('what is zipped is unzipped, and a damaged archive is told', () => {
  const files = { 'a/ä.txt': 'A'.repeat(5000), empty: '' }
  const archive = zipFiles(files)
  expect(Object.fromEntries(Object.entries(unzipFiles(archive)).map(([name, bytes]) => [name, `${bytes}`]))).toEqual(
    files,
  )
  archive.writeUInt8(archive.readUInt8(14) ^ 1, archive.lastIndexOf('PK\x01\x02', -1, 'latin1') + 16)
  expect(() => unzipFiles(archive)).toThrow('damaged')
})
