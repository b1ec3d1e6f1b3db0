import { copyFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { asCount } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { type Client, messageOf, temporaryFolder, whyUnavailable, withClient } from './artifact-client.ts'
import type { RunContext } from './context.ts'
import type { Clean } from './quiet.ts'
import { refuse } from './refusal.ts'

export { downloadArtifact } from './artifact-download.ts'
export { whyNotFrom } from './source-run.ts'

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
 * Uploads files, absolute paths below `root`, as one archive.
 *
 * @returns never rejects; `unsupported` on an enterprise server, which has no artifact service for this client.
 */
export function uploadResults(upload: Upload & { readonly files: readonly string[]; readonly root: string }) {
  return uploadAs(upload, '', (client, name, options) =>
    client.uploadArtifact(name, [...upload.files], upload.root, options),
  )
}

/** Uploads one file unzipped, so that it opens in the browser. Such an artifact is named after its file. */
export function uploadPage(upload: Upload & { readonly file: string }) {
  return uploadAs(upload, extname(upload.name), async (client, name, options) => {
    await using folder = await temporaryFolder(join(upload.context.tempDir, 'page-'))
    const file = join(folder.path, name)
    await copyFile(upload.file, file)
    return await client.uploadArtifact(name, [file], folder.path, { ...options, skipArchive: true })
  })
}

type Send = (client: Client, name: string, options: { retentionDays?: number }) => ReturnType<Client['uploadArtifact']>

/** @returns the artifact that was uploaded whole, and the page from which people download it */
async function uploadAs({ context, name, retentionDays, timeout, clean }: Upload, ending: string, send: Send) {
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
    if (/storage quota/i.test(messageOf(error))) {
      const message = `${failed}: the storage for artifacts is used up. Delete old artifacts or raise the limit in the billing settings.`
      return refuse('no-storage', message)
    }
    return refuse('failed', `${failed}: ${messageOf(error)}`)
  })
}
