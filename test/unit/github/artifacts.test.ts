import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { downloadArtifact, uploadPage, uploadResults } from '../../../src/github/artifacts.ts'
import { type RunContext, readContext } from '../../../src/github/context.ts'
import { LARGEST_ARCHIVE } from '../../../src/github/unzip.ts'
import { sha256Of } from '../../../src/world/files.ts'
import { runtimeToken, serveArtifacts } from './artifact-service.ts'
import { zip } from './zip.ts'

let service: Awaited<ReturnType<typeof serveArtifacts>>
let folder: string
let context: RunContext

beforeAll(async () => {
  service = await serveArtifacts()
  // The client reads the API's address as it is loaded.
  vi.stubEnv('GITHUB_API_URL', service.url)
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com')
  vi.stubEnv('ACTIONS_RESULTS_URL', service.url)
  vi.stubEnv('ACTIONS_RUNTIME_TOKEN', runtimeToken('7'))
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await service.close()
})

beforeEach(async () => {
  service.stored.length = 0
  service.received.length = 0
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'))
  context = contextOf({})
  // The client tells every step of its own.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

afterEach(async () => {
  service.faults.length = 0
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const clean = (text: string): string => text

function contextOf(env: NodeJS.ProcessEnv): RunContext {
  const usual = { GITHUB_REPOSITORY: 'acme/people', GITHUB_RUN_ID: '7', GITHUB_SERVER_URL: 'https://github.com' }
  return readContext({ ...usual, RUNNER_TEMP: folder, ...env }, () => '{}')
}

async function upload(overrides: Partial<Parameters<typeof uploadResults>[0]> = {}) {
  const root = join(folder, 'results')
  await mkdir(join(root, 'sub'), { recursive: true })
  await writeFile(join(root, 'results.csv'), 'account_id\r\n557058:1\r\n')
  await writeFile(join(root, 'sub', 'plan.json'), '{}')
  const files = [join(root, 'results.csv'), join(root, 'sub', 'plan.json')]
  return uploadResults({
    context,
    name: 'results',
    files,
    root,
    clean,
    retentionDays: null,
    timeout: 30_000,
    ...overrides,
  })
}

async function page() {
  const file = join(folder, 'report.html')
  await writeFile(file, '<!doctype html>')
  return uploadPage({ context, name: 'results.html', file, clean, retentionDays: 5, timeout: 30_000 })
}

function download(overrides: Partial<Parameters<typeof downloadArtifact>[0]> = {}) {
  const into = join(folder, 'into')
  const { signal } = new AbortController()
  const usual = { context, name: 'results', runId: '', token: '', into, clean, timeout: 30_000, signal }
  return downloadArtifact({ ...usual, ...overrides })
}

/** What stands on the job's log, line by line. */
function printed(): () => string[] {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  return () => write.mock.calls.flatMap(([chunk]) => String(chunk).split(/[\r\n]+/))
}

describe('results', () => {
  test('come back as they were uploaded, and name their page', async () => {
    const uploaded = await upload()
    expect(uploaded).toMatchObject({
      ok: true,
      artifact: { name: 'results', id: 1, url: 'https://github.com/acme/people/actions/runs/7/artifacts/1' },
    })
    const digest = `sha256:${sha256Of(service.stored[0]?.bytes ?? Buffer.alloc(0))}`
    expect(await download()).toEqual({ ok: true, files: ['results.csv', 'sub/plan.json'], digest })
    expect(await readFile(join(folder, 'into', 'results.csv'), 'utf8')).toBe('account_id\r\n557058:1\r\n')
    expect((await readdir(folder)).toSorted()).toEqual(['into', 'results'])
  })

  test('take the next name that is free', async () => {
    const names = []
    for (let number = 0; number < 3; number++) {
      const uploaded = await upload()
      names.push(uploaded.ok ? uploaded.artifact.name : uploaded.message)
    }
    expect(names).toEqual(['results', 'results-2', 'results-3'])
  })

  test('leave nothing of the client in the log that data could forge', async () => {
    service.put('7', 'results', zip([{ name: 'a.csv', text: 'x' }]))
    // The client saves the file under that name, and on Windows no name has line breaks or colons.
    const windows = process.platform === 'win32'
    const name = windows ? 'forged##%5Badd-mask%5Dx.zip' : 'a%0A%3A%3Aerror%3A%3Aforged%0D##%5Badd-mask%5Dx.zip'
    service.disposition.of = () => `attachment; filename*=UTF-8''${name}`
    const lines = printed()
    expect(await download()).toMatchObject({ ok: true })
    expect(lines().join('\n')).toContain('forged')
    expect(lines().filter((line) => /^::(?!debug|add-mask)|##\[/.test(line))).toEqual([])
  })

  test('that cannot be uploaded are told with what the service said', async () => {
    service.faults.push(({ url }) =>
      url.endsWith('CreateArtifact') ? { status: 403, body: { msg: 'no rights' } } : null,
    )
    const message = expect.stringContaining('no rights')
    expect(await upload()).toEqual({ ok: false, reason: 'failed', message })
  })

  test('for which no storage is left are told so', async () => {
    const body = { msg: 'insufficient usage to create artifact' }
    service.faults.push(({ url }) => (url.endsWith('CreateArtifact') ? { status: 429, body } : null))
    expect(await upload()).toMatchObject({ ok: false, reason: 'no-storage' })
  })

  test('are given up in time when the service is down', async () => {
    service.faults.push(() => ({ status: 500, body: {} }))
    const from = performance.now()
    expect(await upload({ timeout: 300 })).toMatchObject({ ok: false, reason: 'timed-out' })
    expect(await download({ timeout: 300 })).toMatchObject({ ok: false, reason: 'timed-out' })
    expect(performance.now() - from).toBeLessThan(3000)
  })

  test('need a service, and are not asked of one that is not there', async () => {
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', '')
    try {
      expect(await upload()).toMatchObject({ ok: false, reason: 'no-service' })
      expect(await download()).toMatchObject({ ok: false, reason: 'no-service' })
    } finally {
      vi.stubEnv('ACTIONS_RUNTIME_TOKEN', runtimeToken('7'))
    }
    expect(service.received).toEqual([])
  })

  test('stay on an enterprise server, without a word of the client', async () => {
    context = contextOf({ GITHUB_SERVER_URL: 'https://github.acme.example' })
    const lines = printed()
    expect(await upload()).toMatchObject({ ok: false, reason: 'unsupported' })
    expect(await download()).toMatchObject({ ok: false, reason: 'unsupported' })
    expect(lines()).toEqual([])
  })
})

describe('the page', () => {
  test('is one raw file under its own name', async () => {
    expect(await page()).toMatchObject({ ok: true, artifact: { name: 'results.html', id: 1 } })
    expect(service.stored[0]?.bytes.toString()).toBe('<!doctype html>')
    const created = JSON.parse(service.received[0]?.body ?? '{}')
    expect(created).toMatchObject({ name: 'results.html', mime_type: 'text/html' })
    expect(Date.parse(created.expires_at) - Date.now()).toBeGreaterThan(4 * 86_400_000)
  })

  test('takes the next name before its ending', async () => {
    await page()
    expect(await page()).toMatchObject({ ok: true, artifact: { name: 'results-2.html' } })
    expect(await readdir(folder)).toEqual(['report.html'])
  })
})

describe('a download', () => {
  test('of another run goes through the API, with the token', async () => {
    service.put('6', 'results', zip([{ name: 'results.csv', text: 'x' }]))
    expect(await download({ runId: '6', token: 'token' })).toMatchObject({ ok: true, files: ['results.csv'] })
    expect(service.received[0]).toMatchObject({ url: '/repos/acme/people/actions/runs/6/artifacts?name=results' })
    expect(service.received[0]?.headers.authorization).toBe('token token')
  })

  test.each([
    ['', '/ListArtifacts'],
    ['', '/blob/'],
    ['6', '/actions/runs/6/artifacts'],
    ['6', '/zip'],
  ])('is given up at once on a cancel while GitHub does not answer (run %j, %s)', async (runId, slow) => {
    service.put(runId || '7', 'results', zip([{ name: 'results.csv', text: 'x' }]))
    service.faults.push(({ url }) => (url.includes(slow) ? { hang: true } : null))
    const cancel = new AbortController()
    const asked = download({ runId, token: 'token', signal: cancel.signal })
    await vi.waitFor(() => expect(service.received.some(({ url }) => url.includes(slow))).toBe(true))
    const from = performance.now()
    cancel.abort()
    const message = expect.stringContaining('when the job was cancelled')
    expect(await asked).toEqual({ ok: false, reason: 'cancelled', message })
    expect(performance.now() - from).toBeLessThan(100)
    expect(existsSync(join(folder, 'into'))).toBe(false)
  })

  test('after a cancel is none', async () => {
    expect(await download({ signal: AbortSignal.abort() })).toMatchObject({ ok: false, reason: 'cancelled' })
    expect(service.received).toEqual([])
  })

  test('of another run needs a token', async () => {
    expect(await download({ runId: '6' })).toMatchObject({ ok: false, reason: 'no-token' })
  })

  test.each([403, 404])('of another run that the token may not read (%i) names the permission', async (status) => {
    service.faults.push(({ url }) => (url.startsWith('/repos/') ? { status } : null))
    const message = expect.stringContaining('actions: read')
    expect(await download({ runId: '6', token: 'token' })).toEqual({ ok: false, reason: 'not-allowed', message })
  })

  test('of more than is read is not begun', async () => {
    const artifacts = [{ id: 1, name: 'results', size_in_bytes: LARGEST_ARCHIVE + 1 }]
    service.faults.push(({ url }) =>
      url.includes('/artifacts?') ? { body: { total_count: 1, artifacts } } : { status: 500 },
    )
    const message = expect.stringContaining('larger than 512 MiB')
    expect(await download({ runId: '6', token: 'token' })).toEqual({ ok: false, reason: 'too-large', message })
    expect(service.received).toHaveLength(1)
  })

  test.each(['', '6'])('of a name that there is not names those that there are (run %j)', async (runId) => {
    service.put(runId || '7', 'export', zip([]))
    const message = expect.stringMatching(/no artifact "results" in .*"export"/)
    expect(await download({ runId, token: 'token' })).toEqual({ ok: false, reason: 'not-found', message })
  })

  test.each(['', '6'])('that arrives altered is refused before it is unpacked (run %j)', async (runId) => {
    service.put(runId || '7', 'results', zip([{ name: 'results.csv', text: 'x' }]), `sha256:${'0'.repeat(64)}`)
    expect(await download({ runId, token: 'token' })).toMatchObject({ ok: false, reason: 'digest-mismatch' })
    expect(existsSync(join(folder, 'into'))).toBe(false)
  })

  test('without a known digest is told apart', async () => {
    service.put('7', 'results', zip([{ name: 'results.csv', text: 'x' }]), '')
    expect(await download()).toEqual({ ok: true, files: ['results.csv'], digest: '' })
  })

  test('with a path outside is refused', async () => {
    service.put('7', 'results', zip([{ name: '../../results.csv', text: 'x' }]))
    expect(await download()).toMatchObject({ ok: false, reason: 'unsafe' })
    expect(await readdir(folder)).toEqual([])
  })

  test('of one raw file is that file', async () => {
    service.put('7', 'users.csv', Buffer.from('User id\n'))
    service.disposition.of = () => 'attachment; filename="users.csv"'
    expect(await download({ name: 'users.csv' })).toMatchObject({ ok: true, files: ['users.csv'] })
    expect(await readFile(join(folder, 'into', 'users.csv'), 'utf8')).toBe('User id\n')
  })
})
