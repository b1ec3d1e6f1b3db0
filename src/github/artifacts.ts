import { constants, copyFile, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { asCount, asObject } from '../text/unknowns.ts'
import { clip, errorText, quote, sentenceList } from '../text/words.ts'
import { unlessAborted } from '../world/clock.ts'
import type { RunContext } from './context.ts'
import { type Clean, withGuardedOutput } from './quiet.ts'
import { refuse } from './refusal.ts'
import { LARGEST_ARCHIVE, unzip } from './unzip.ts'

export { whyNotFrom } from './source-run.ts'

type Client = InstanceType<typeof import('@actions/artifact').DefaultArtifactClient>

interface Transfer {
  readonly context: RunContext
  readonly name: string
  /** For what the client writes to the log on its own. */
  readonly clean: Clean
  /** Most milliseconds for all of it. The client would go on for half a minute when the service is down. */
  readonly timeout?: number
}

/** Retained for so many days; null: as the repository is set. */
type Upload = Transfer & { readonly retentionDays: number | null }

interface Download extends Transfer {
  /** Empty: this run, for which no token is needed. */
  readonly runId: string
  readonly token: string
  /** An empty or missing folder. */
  readonly into: string
  /** Once it is aborted the answer is `cancelled`, at once. */
  readonly signal: AbortSignal
}

/** An artifact may be large and the service slow. Milliseconds. */
const TIMEOUT = 5 * 60_000
/** Names that are tried before giving up. */
const MOST_NAMES = 50

/**
 * Uploads files, absolute paths below `root`, as one archive. Its name is taken as it stands if it is free in this run;
 * else `-2`, `-3` … is added. Never rejects; `unsupported` on an enterprise server, which has no service for this client.
 */
export function uploadResults(upload: Upload & { readonly files: readonly string[]; readonly root: string }) {
  return uploadAs(upload, '', (client, name, options) =>
    client.uploadArtifact(name, [...upload.files], upload.root, options),
  )
}

/** Uploads one file unzipped, so that it opens in the browser. Such an artifact is named after its file, with its ending. */
export function uploadPage(upload: Upload & { readonly file: string }) {
  return uploadAs(upload, extname(upload.name), async (client, name, options) => {
    await using folder = await temporaryFolder(join(upload.context.tempDir, 'page-'))
    const file = join(folder.path, name)
    await copyFile(upload.file, file)
    return await client.uploadArtifact(name, [file], folder.path, { ...options, skipArchive: true })
  })
}

type Send = (client: Client, name: string, options: { retentionDays?: number }) => ReturnType<Client['uploadArtifact']>

/** @returns the artifact, once it was uploaded whole, and the page from which people download it */
async function uploadAs(upload: Upload, ending: string, send: Send) {
  const { context, name, retentionDays, timeout = TIMEOUT, clean } = upload
  const unavailable = whyUnavailable(context, true)
  if (unavailable !== null) return unavailable
  const stem = ending === '' ? name : name.slice(0, -ending.length)
  const options = retentionDays === null ? {} : { retentionDays }
  const end = AbortSignal.timeout(timeout)
  return withClient(end, clean, async (client) => {
    for (let number = 1; number <= MOST_NAMES && !end.aborted; number++) {
      const candidate = number === 1 ? name : `${stem}-${number}${ending}`
      const sent = await send(client, candidate, options).catch((error: unknown) => {
        // The client's errors carry GitHub's answer in their text alone. This one: the name is taken.
        if (/\(409\)/.test(messageOf(error))) return null
        throw error
      })
      if (sent === null) continue
      const id = asCount(sent.id)
      const url = context.runUrl === '' || id === 0 ? '' : `${context.runUrl}/artifacts/${id}`
      return { ok: true, artifact: { name: candidate, id, url } } as const
    }
    const message = `No name is left for artifact ${quote(name)}: ${MOST_NAMES} of them are taken in this run. Set another "artifact-name".`
    return refuse('no-name-left', message)
  }).catch((error: unknown) => {
    const failed = `Artifact ${quote(name)} could not be uploaded`
    if (end.aborted) {
      const message = `${failed} within ${Math.round(timeout / 1000)} s. Is GitHub Actions up? See https://www.githubstatus.com.`
      return refuse('timed-out', message)
    }
    // The client wraps its own UsageError, and leaves only the text of it.
    if (!/storage quota/i.test(messageOf(error))) return refuse('failed', `${failed}: ${messageOf(error)}`)
    const message = `${failed}: the storage for artifacts is used up. Delete old artifacts or raise the limit in the billing settings.`
    return refuse('no-storage', message)
  })
}

/**
 * Downloads an artifact of this run or, with a token, of another run of this repository, and tells its files below the
 * folder, with `/`. What arrives is compared with the digest that the service knows, empty where it knows none, before it
 * is unpacked. Never rejects.
 */
export async function downloadArtifact(download: Download) {
  const { context, name, runId, token, into, clean, timeout = TIMEOUT, signal } = download
  const ofThisRun = runId === '' || runId === context.runId
  const run = ofThisRun ? 'this run' : `run ${runId}`
  const what = `Artifact ${quote(name)} of ${run}`
  const unavailable = whyUnavailable(context, ofThisRun)
  if (unavailable !== null) return unavailable
  if (!ofThisRun && token === '') return refuse('no-token', `${what} needs a token, and "github-token" is empty.`)
  const { owner: repositoryOwner, repo: repositoryName } = context.repository
  const findBy = { token, workflowRunId: Number(runId), repositoryOwner, repositoryName }
  const options = ofThisRun ? {} : { findBy }
  const end = AbortSignal.any([AbortSignal.timeout(timeout), signal])
  return withClient(end, clean, async (client) => {
    const found = await client.getArtifact(name, options).catch(async (error: unknown) => {
      // By its name: the client's classes do not survive bundling.
      if (asObject(error).name !== 'ArtifactNotFoundError') throw error
      return { artifact: null, others: (await client.listArtifacts(options)).artifacts }
    })
    if (found.artifact === null) {
      const names = [...new Set(found.others.map((other) => other.name))].slice(0, 20).map(quote)
      const known = names.length === 0 ? 'That run has no artifact.' : `It has ${sentenceList(names)}.`
      return refuse('not-found', `There is no artifact ${quote(name)} in ${run}, or it has expired. ${known}`)
    }
    const { id, size } = found.artifact
    if (asCount(size) > LARGEST_ARCHIVE)
      return refuse('too-large', `${what} is larger than 512 MiB, the most that is downloaded.`)
    await using folder = await temporaryFolder(join(context.tempDir, 'artifact-'))
    const digest = found.artifact.digest || ''
    const settings = { ...options, expectedHash: digest, path: folder.path, skipDecompress: true }
    const { digestMismatch } = await client.downloadArtifact(id, settings)
    if (digestMismatch === true) {
      const message = `${what} did not arrive as it was uploaded: its digest is not ${digest}. Nothing of it was used. Run again; if this persists, do not trust it.`
      return refuse('digest-mismatch', message)
    }
    // A caller that was told "timed-out" or "cancelled" must not find files in its folder later.
    end.throwIfAborted()
    const unpacked = await unpack(folder.path, into)
    return unpacked.ok ? { ...unpacked, digest } : unpacked
  }).catch((error: unknown) => {
    if (signal.aborted) return refuse('cancelled', `${what} had not arrived when the job was cancelled.`)
    if (end.aborted) return refuse('timed-out', `${what} did not arrive within ${Math.round(timeout / 1000)} s.`)
    const { status } = asObject(error)
    if (status === 410) return refuse('not-found', `${what} has expired. Nothing of it is left.`)
    if (status !== 401 && status !== 403 && status !== 404)
      return refuse('failed', `${what} could not be downloaded: ${messageOf(error)}`)
    const message = `${what} cannot be read (${status}). Check the run's number; add "permissions: actions: read" to the job, or give a "github-token" that has it. It must be a run of this repository.`
    return refuse('not-allowed', message)
  })
}

/** Puts what the client saved, an archive or one raw file, into the folder. */
async function unpack(from: string, into: string) {
  const [saved, ...others] = await readdir(from)
  if (saved === undefined || others.length > 0)
    return refuse('damaged', 'The artifact service did not answer with exactly one file.')
  const path = join(from, saved)
  await using file = await open(path, 'r')
  const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: 0 })
  // Neither a CSV nor JSON can begin like an archive.
  if ([0x0403_4b50, 0x0605_4b50].includes(buffer.readUInt32LE(0))) return unzip(path, into)
  await mkdir(into, { recursive: true })
  await copyFile(path, join(into, saved), constants.COPYFILE_EXCL)
  return { ok: true, files: [saved] } as const
}

/** Why there is no artifact service here; null where there is one. */
function whyUnavailable({ isEnterpriseServer, serverUrl }: RunContext, ofThisRun: boolean) {
  const unsupported = `GitHub Enterprise Server (${serverUrl}) has no artifact service that this action could use.`
  if (isEnterpriseServer) return refuse('unsupported', unsupported)
  // The client reads these from the process's environment itself.
  if (!ofThisRun || (process.env.ACTIONS_RUNTIME_TOKEN && process.env.ACTIONS_RESULTS_URL)) return null
  const missing = 'the runner gave no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL'
  return refuse('no-service', `There is no artifact service here: ${missing}.`)
}

/** Runs work with the client until the signal. It cannot be stopped: work asks the signal before what lasts. */
async function withClient<T extends object>(end: AbortSignal, clean: Clean, work: (client: Client) => Promise<T>) {
  end.throwIfAborted()
  const working = withGuardedOutput(clean, async () => {
    // Loaded only here: the client and what it brings take longer to load than all the rest.
    const { DefaultArtifactClient } = await import('@actions/artifact')
    return work(new DefaultArtifactClient())
  })
  const done = await unlessAborted(working, end)
  if (done === null) throw end.reason
  return done
}

/** A new folder that is gone with its block. */
async function temporaryFolder(prefix: string) {
  const path = await mkdtemp(prefix)
  // On Windows a scanner may hold a new file for a moment; what has arrived must not be lost by that.
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The text of an error on one line, shortened: it may hold an answer from outside. */
function messageOf(error: unknown): string {
  const { statusCode } = asObject(error)
  if (typeof statusCode === 'number') return `its storage answered ${statusCode}.`
  return clip(errorText(error).replaceAll(/[\s\u0085]+/g, ' '), 300)
}
