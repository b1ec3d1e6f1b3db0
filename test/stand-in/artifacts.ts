import { createHash } from 'node:crypto'
import { unzipFiles, zipFiles } from './zip.ts'

export interface StoredArtifact {
  readonly id: number
  readonly runId: string
  readonly name: string
  bytes: Buffer
  /** `sha256:` and hex digits. */
  readonly digest: string
  readonly finalized: boolean
  readonly mimeType: string
  /** As the client asked; empty where it did not. */
  readonly expiresAt: string
  expired: boolean
}

/** A step of the service, or of GitHub's API that leads to artifacts of other runs. */
export type ArtifactStep =
  | 'create'
  | 'upload'
  | 'finalize'
  | 'list'
  | 'sign'
  | 'download'
  | 'list-other-run'
  | 'download-other-run'

/** A status with which a step fails, or what its connection does. */
export type ArtifactFailure = number | 'reset' | 'hang'

/** The artifact service, and what was uploaded to it. */
export interface Artifacts {
  readonly stored: StoredArtifact[]
  /** Requests that arrived: `METHOD /path`, without the query. */
  readonly requests: string[]
  /** Answers every call of the service with 500. */
  down: boolean
  /** Changes the bytes of downloads. */
  damaged: boolean
  /** Puts an artifact into a run as if it had been uploaded there. */
  add(runId: string, name: string, bytes: Buffer, more?: Partial<StoredArtifact>): StoredArtifact
  /** The same, zipped as the client does. */
  addFiles(runId: string, name: string, files: Readonly<Record<string, string | Uint8Array>>): StoredArtifact
  /** A whole artifact by its name; undefined where there is none. */
  named(name: string, runId?: string): StoredArtifact | undefined
  /** Files of a zipped artifact; empty where there is no such artifact. */
  filesOf(name: string, runId?: string): Record<string, Buffer>
  /** Has a step fail; left out, always. */
  fail(step: ArtifactStep, failure: ArtifactFailure, times?: number): void
  /** The failure that is due for a step, if one is. */
  nextFailure(step: ArtifactStep): ArtifactFailure | null
}

export function createArtifacts(): Artifacts {
  const stored: StoredArtifact[] = []
  const failures: { readonly step: ArtifactStep; readonly failure: ArtifactFailure; left: number }[] = []
  return {
    stored,
    requests: [],
    down: false,
    damaged: false,
    add: (runId, name, bytes, more = {}) => {
      const artifact = {
        id: stored.length + 1,
        runId,
        name,
        bytes,
        digest: digestOf(bytes),
        finalized: true,
        mimeType: isZip(bytes) ? 'application/zip' : 'text/plain',
        expiresAt: '',
        expired: false,
        ...more,
      }
      stored.push(artifact)
      return artifact
    },
    addFiles(runId, name, files) {
      return this.add(runId, name, zipFiles(files))
    },
    named: (name, runId) =>
      stored.find(
        (artifact) => artifact.finalized && artifact.name === name && (runId === undefined || artifact.runId === runId),
      ),
    filesOf(name, runId) {
      const artifact = this.named(name, runId)
      return artifact === undefined ? {} : unzipFiles(artifact.bytes)
    },
    fail: (step, failure, times = Number.POSITIVE_INFINITY) => {
      failures.push({ step, failure, left: times })
    },
    nextFailure: (step) => {
      const due = failures.find((known) => known.step === step && known.left > 0)
      if (due === undefined) return null
      due.left--
      return due.failure
    },
  }
}

/** What the runner gives a step for the artifact service. */
export function artifactEnvironment(url: string, runId: string): Record<string, string> {
  const payload = Buffer.from(JSON.stringify({ scp: `Actions.Results:${runId}:job-${runId}` })).toString('base64url')
  return { ACTIONS_RUNTIME_TOKEN: `e30.${payload}.x`, ACTIONS_RESULTS_URL: `${url}/` }
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 2).toString() === 'PK'
}
