import { constants, copyFile, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asCount, asObject } from '../text/unknowns.ts'
import { quote, sentenceList } from '../text/words.ts'
import { messageOf, temporaryFolder, whyUnavailable, withClient } from './artifact-client.ts'
import type { RunContext } from './context.ts'
import type { Clean } from './quiet.ts'
import { type Refusal, refuse } from './refusal.ts'
import { LARGEST_ARCHIVE, unzip } from './unzip.ts'

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
  /** Most milliseconds for all of it. */
  readonly timeout?: number
  /** Once it is aborted the answer is `cancelled`, at once. */
  readonly signal: AbortSignal
}

/**
 * Downloads an artifact of this run or, with a token, of another run of this repository. What arrives is compared
 * with the digest that the service knows before it is unpacked.
 *
 * @returns the files below the folder, with `/`, and the digest, empty where the service knows none; never rejects. A
 * missing name is answered with the names that there are.
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
  }).catch((error: unknown): Refusal => {
    if (signal.aborted) return refuse('cancelled', `${what} had not arrived when the job was cancelled.`)
    if (end.aborted) return refuse('timed-out', `${what} did not arrive within ${Math.round(timeout / 1000)} s.`)
    const { status } = asObject(error)
    if (status === 410) return refuse('not-found', `${what} has expired. Nothing of it is left.`)
    if (status === 401 || status === 403 || status === 404) {
      const message = `${what} cannot be read (${status}). Check the run's number; add "permissions: actions: read" to the job, or give a "github-token" that has it. It must be a run of this repository.`
      return refuse('not-allowed', message)
    }
    return refuse('failed', `${what} could not be downloaded: ${messageOf(error)}`)
  })
}

/** Puts what the client saved, an archive or one raw file, into the folder. */
async function unpack(from: string, into: string): ReturnType<typeof unzip> {
  const [saved, ...others] = await readdir(from)
  if (saved === undefined || others.length > 0)
    return refuse('damaged', 'The artifact service did not answer with exactly one file.')
  const path = join(from, saved)
  if (await isArchive(path)) return unzip(path, into)
  await mkdir(into, { recursive: true })
  await copyFile(path, join(into, saved), constants.COPYFILE_EXCL)
  return { ok: true, files: [saved] }
}

/** By its first bytes: neither a CSV nor JSON can begin like that. */
async function isArchive(path: string): Promise<boolean> {
  await using file = await open(path, 'r')
  const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: 0 })
  return buffer.readUInt32LE(0) === 0x0403_4b50 || buffer.readUInt32LE(0) === 0x0605_4b50
}
