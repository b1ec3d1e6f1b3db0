import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { asCount } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { type Client, endAfter, messageOf, whyUnavailable, withClient } from './artifact-client.ts'
import type { RunContext } from './context.ts'
import type { Clean } from './quiet.ts'

export { type DownloadOutcome, type DownloadRefusal, downloadArtifact } from './artifact-download.ts'
export { whyNotFrom } from './source-run.ts'

/** An artifact of this run that was uploaded whole. */
export interface UploadedArtifact {
  readonly name: string
  readonly id: number
  /** Page from which people download it. */
  readonly url: string
  /** `sha256:` and hex digits; empty where the client told none. */
  readonly digest: string
}

export type UploadRefusal = 'unsupported' | 'no-service' | 'no-name-left' | 'no-storage' | 'timed-out' | 'failed'

export type UploadOutcome =
  | { readonly ok: true; readonly artifact: UploadedArtifact }
  | { readonly ok: false; readonly reason: UploadRefusal; readonly message: string }

interface Upload {
  readonly context: RunContext
  /** Taken as it stands if it is free in this run; else `-2`, `-3` … is added, before `.html` of a page. */
  readonly name: string
  /** Days; null: as the repository is set. */
  readonly retentionDays: number | null
  /** Most milliseconds for all of it. The client would go on for half a minute when the service is down. */
  readonly timeout: number
  /** For what the client writes to the log on its own. */
  readonly clean: Clean
}

/** Names that are tried before giving up. */
const MOST_NAMES = 50

/**
 * Uploads files as one archive.
 *
 * @param upload.files absolute paths below `root`.
 * @returns never rejects; `unsupported` on an enterprise server, which has no artifact service for this client.
 */
export async function uploadResults(
  upload: Upload & { readonly files: readonly string[]; readonly root: string },
): Promise<UploadOutcome> {
  return uploadAs(upload, '', async (name, client) =>
    client.uploadArtifact(name, [...upload.files], upload.root, retention(upload)),
  )
}

/** Uploads one file unzipped, so that it opens in the browser. Such an artifact is named after its file. */
export async function uploadPage(upload: Upload & { readonly file: string }): Promise<UploadOutcome> {
  return uploadAs(upload, extname(upload.name), async (name, client) => {
    const folder = await mkdtemp(join(upload.context.tempDir, 'page-'))
    const file = join(folder, name)
    try {
      await copyFile(upload.file, file)
      return await client.uploadArtifact(name, [file], folder, { ...retention(upload), skipArchive: true })
    } finally {
      // On Windows a scanner may hold a new file for a moment; what is uploaded must not be lost by that.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  })
}

type Uploaded = Awaited<ReturnType<Client['uploadArtifact']>>

async function uploadAs(
  { context, name, timeout, clean }: Upload,
  ending: string,
  send: (name: string, client: Client) => Promise<Uploaded>,
): Promise<UploadOutcome> {
  const unavailable = whyUnavailable(context, true)
  if (unavailable !== null) return { ok: false, ...unavailable }
  const stem = ending === '' ? name : name.slice(0, -ending.length)
  const end = endAfter(timeout)
  try {
    return await withClient(end, clean, async (client): Promise<UploadOutcome> => {
      for (let number = 1; number <= MOST_NAMES && !end.aborted; number++) {
        const candidate = number === 1 ? name : `${stem}-${number}${ending}`
        const sent = await send(candidate, client).catch((error: unknown) => {
          if (isTaken(error)) return null
          throw error
        })
        if (sent !== null) return { ok: true, artifact: describe(candidate, sent, context) }
      }
      const message = `No name is left for artifact ${quote(name)}: ${MOST_NAMES} of them are taken in this run. Give another "artifact-name".`
      return { ok: false, reason: 'no-name-left', message }
    })
  } catch (error) {
    return { ok: false, ...uploadFailure(error, name, end.aborted ? timeout : null) }
  }
}

function describe(name: string, sent: Uploaded, context: RunContext): UploadedArtifact {
  const id = asCount(sent.id)
  const url = context.runUrl === '' || id === 0 ? '' : `${context.runUrl}/artifacts/${id}`
  return { name, id, url, digest: sent.digest ? `sha256:${sent.digest}` : '' }
}

function retention({ retentionDays }: Upload): { retentionDays?: number } {
  return retentionDays === null ? {} : { retentionDays }
}

/** The client's errors carry GitHub's answer in their text alone. */
function isTaken(error: unknown): boolean {
  return /\(409\)/.test(messageOf(error))
}

function uploadFailure(
  error: unknown,
  name: string,
  timeout: number | null,
): { reason: UploadRefusal; message: string } {
  const artifact = `Artifact ${quote(name)} could not be uploaded`
  if (timeout !== null) {
    const message = `${artifact} within ${Math.round(timeout / 1000)} s. Is GitHub Actions up? See https://www.githubstatus.com.`
    return { reason: 'timed-out', message }
  }
  // The client wraps its own UsageError, and leaves only the text of it.
  if (/storage quota/i.test(messageOf(error))) {
    const message = `${artifact}: the storage for artifacts is used up. Delete old artifacts or raise the limit in the billing settings.`
    return { reason: 'no-storage', message }
  }
  return { reason: 'failed', message: `${artifact}: ${messageOf(error)}` }
}
