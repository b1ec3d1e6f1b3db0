import { constants, copyFile, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { asCount, asObject } from '../text/unknowns.ts'
import { quote, sentenceList } from '../text/words.ts'
import { endAfter, messageOf, nameOf, whyUnavailable, withClient } from './artifact-client.ts'
import type { RunContext } from './context.ts'
import type { Clean } from './quiet.ts'
import { LARGEST_ARCHIVE, type UnzipOutcome, unzip } from './unzip.ts'

export type DownloadRefusal =
  | 'unsupported'
  | 'no-service'
  | 'no-token'
  | 'not-found'
  | 'not-allowed'
  | 'digest-mismatch'
  | 'timed-out'
  | 'cancelled'
  | 'failed'
  | Exclude<UnzipOutcome, { ok: true }>['reason']

export type DownloadOutcome =
  | {
      readonly ok: true
      /** Paths relative to the folder, with `/`. */
      readonly files: readonly string[]
      /** As the service knows it, checked; empty where it knows none. */
      readonly digest: string
    }
  | { readonly ok: false; readonly reason: DownloadRefusal; readonly message: string }

/** An artifact may be large and the service slow. Milliseconds. */
const TIMEOUT = 5 * 60_000

interface Download {
  readonly context: RunContext
  readonly name: string
  /** Empty: this run, for which no token is needed. */
  readonly runId: string
  readonly token: string
  /** An empty or missing folder. */
  readonly into: string
  /** For what the client writes to the log on its own. */
  readonly clean: Clean
  /** Most milliseconds for all of it; left out, five minutes. */
  readonly timeout?: number
  /** Once it is aborted the answer is `cancelled`, at once. */
  readonly signal?: AbortSignal
}

/**
 * Downloads an artifact of this run or, with a token, of another run of this repository. What arrives is compared
 * with the digest that the service knows before it is unpacked.
 *
 * @returns never rejects; a missing name is answered with the names that there are.
 */
export async function downloadArtifact(download: Download): Promise<DownloadOutcome> {
  const { context, name, token, into, clean, timeout = TIMEOUT } = download
  const ofThisRun = download.runId === '' || download.runId === context.runId
  const unavailable = whyUnavailable(context, ofThisRun)
  if (unavailable !== null) return { ok: false, ...unavailable }
  if (!ofThisRun && token === '') {
    const message = `Artifact ${quote(name)} of run ${download.runId} needs a token, and "github-token" is empty.`
    return { ok: false, reason: 'no-token', message }
  }
  const findBy = {
    token,
    workflowRunId: Number(download.runId),
    repositoryOwner: context.repository.owner,
    repositoryName: context.repository.repo,
  }
  const run = ofThisRun ? 'this run' : `run ${download.runId}`
  const end = endAfter(timeout, download.signal)
  try {
    return await withClient(end, clean, async (client): Promise<DownloadOutcome> => {
      const options = ofThisRun ? {} : { findBy }
      const found = await client.getArtifact(name, options).catch(async (error: unknown) => {
        if (nameOf(error) !== 'ArtifactNotFoundError') throw error
        return { artifact: null, others: (await client.listArtifacts(options)).artifacts }
      })
      if (found.artifact === null) return missing(name, run, [...new Set(found.others.map((other) => other.name))])
      const { id, size, digest = '' } = found.artifact
      if (asCount(size) > LARGEST_ARCHIVE) {
        const message = `Artifact ${quote(name)} of ${run} is larger than 512 MiB, the most that is downloaded.`
        return { ok: false, reason: 'too-large', message }
      }
      const folder = await mkdtemp(join(context.tempDir, 'artifact-'))
      try {
        const expected = digest === '' || digest === null ? {} : { expectedHash: digest }
        const settings = { ...options, ...expected, path: folder, skipDecompress: true }
        const { digestMismatch } = await client.downloadArtifact(id, settings)
        if (digestMismatch === true) {
          const message = `Artifact ${quote(name)} of ${run} did not arrive as it was uploaded: its digest is not ${digest}. Nothing of it was used. Run again; if it stays so, do not trust it.`
          return { ok: false, reason: 'digest-mismatch', message }
        }
        // A caller that was told "timed-out" or "cancelled" must not find files in its folder later.
        end.throwIfAborted()
        const unpacked = await unpack(folder, into)
        return unpacked.ok ? { ...unpacked, digest: digest ?? '' } : unpacked
      } finally {
        // On Windows a scanner may hold a new file for a moment; what has arrived must not be lost by that.
        await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      }
    })
  } catch (error) {
    const what = `Artifact ${quote(name)} of ${run}`
    if (download.signal?.aborted === true)
      return { ok: false, reason: 'cancelled', message: `${what} had not arrived when the job was cancelled.` }
    if (end.aborted) {
      const message = `${what} did not arrive within ${Math.round(timeout / 1000)} s.`
      return { ok: false, reason: 'timed-out', message }
    }
    return { ok: false, ...downloadFailure(error, what) }
  }
}

/** Puts what the client saved, an archive or one raw file, into the folder. */
async function unpack(from: string, into: string): Promise<UnzipOutcome> {
  const [saved, ...others] = await readdir(from)
  if (saved === undefined || others.length > 0) {
    return { ok: false, reason: 'damaged', message: 'The artifact service did not answer with exactly one file.' }
  }
  const path = join(from, saved)
  if (await isArchive(path)) return unzip(path, into)
  await mkdir(into, { recursive: true })
  await copyFile(path, join(into, basename(saved)), constants.COPYFILE_EXCL)
  return { ok: true, files: [basename(saved)] }
}

/** By its first bytes: neither a CSV nor JSON can begin like that. */
async function isArchive(path: string): Promise<boolean> {
  await using file = await open(path, 'r')
  const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: 0 })
  return buffer.readUInt32LE(0) === 0x0403_4b50 || buffer.readUInt32LE(0) === 0x0605_4b50
}

function missing(name: string, run: string, others: readonly string[]): DownloadOutcome {
  const known =
    others.length === 0 ? 'That run has no artifact.' : `It has ${sentenceList(others.slice(0, 20).map(quote))}.`
  const message = `There is no artifact ${quote(name)} in ${run}, or it has expired. ${known}`
  return { ok: false, reason: 'not-found', message }
}

function downloadFailure(error: unknown, what: string): { reason: DownloadRefusal; message: string } {
  const { status } = asObject(error)
  if (status === 410) return { reason: 'not-found', message: `${what} has expired. Nothing of it is left.` }
  if (status === 401 || status === 403 || status === 404) {
    const message = `${what} cannot be read (${status}). Check the run's number; add "permissions: actions: read" to the job, or give a "github-token" that has it. It must be a run of this repository.`
    return { reason: 'not-allowed', message }
  }
  return { reason: 'failed', message: `${what} could not be downloaded: ${messageOf(error)}` }
}
