import { createHash } from 'node:crypto'
import { HttpResponse, http, type RequestHandler } from 'msw'

export interface StoredArtifact {
  readonly id: number
  readonly runId: string
  readonly name: string
  bytes: Buffer
  readonly digest: string
  readonly finalized: boolean
}

/** The artifact service, and what was uploaded to it. */
export interface Artifacts {
  readonly stored: StoredArtifact[]
  /** Answers every call with 500. */
  down: boolean
  /** Changes the bytes of downloads. */
  damaged: boolean
  /** Puts an artifact into a run as if it had been uploaded there. */
  add(runId: string, name: string, bytes: Buffer): StoredArtifact
  /** A whole artifact by its name; undefined where there is none. */
  named(name: string, runId?: string): StoredArtifact | undefined
}

export function createArtifacts(): Artifacts {
  const stored: StoredArtifact[] = []
  return {
    stored,
    down: false,
    damaged: false,
    add: (runId, name, bytes) => {
      const artifact = { id: stored.length + 1, runId, name, bytes, digest: digestOf(bytes), finalized: true }
      stored.push(artifact)
      return artifact
    },
    named: (name, runId) =>
      stored.find(
        (artifact) => artifact.finalized && artifact.name === name && (runId === undefined || artifact.runId === runId),
      ),
  }
}

/** What the runner gives a step for the artifact service. */
export function artifactEnvironment(url: string, runId: string): Record<string, string> {
  const payload = Buffer.from(JSON.stringify({ scp: `Actions.Results:${runId}:job-${runId}` })).toString('base64url')
  return { ACTIONS_RUNTIME_TOKEN: `e30.${payload}.x`, ACTIONS_RESULTS_URL: `${url}/` }
}

interface Asked {
  readonly workflow_run_backend_id: string
  readonly name: string
  readonly name_filter?: string
  readonly id_filter?: string
}

export function artifactHandlers(base: string, artifacts: Artifacts): RequestHandler[] {
  const uploads = new Map<string, Map<string, Buffer>>()
  const service = (method: string, answer: (asked: Asked) => Response): RequestHandler =>
    http.post(`${base}/twirp/github.actions.results.api.v1.ArtifactService/${method}`, async ({ request }) => {
      const asked = (await request.json()) as Asked
      return artifacts.down ? new HttpResponse('down', { status: 500 }) : answer(asked)
    })
  const key = (runId: string, name: string): string => `${runId}/${encodeURIComponent(name)}`

  return [
    service('CreateArtifact', ({ workflow_run_backend_id: runId, name }) => {
      if (artifacts.named(name, runId) !== undefined)
        return HttpResponse.json({ code: 'already_exists', msg: 'taken' }, { status: 409 })
      uploads.set(key(runId, name), new Map())
      return HttpResponse.json({ ok: true, signed_upload_url: `${base}/blob/${key(runId, name)}?sig=1` })
    }),
    service('FinalizeArtifact', ({ workflow_run_backend_id: runId, name }) => {
      const bytes = uploads.get(key(runId, name))?.get('whole') ?? Buffer.alloc(0)
      return HttpResponse.json({ ok: true, artifact_id: String(artifacts.add(runId, name, bytes).id) })
    }),
    service('ListArtifacts', ({ workflow_run_backend_id: runId, name_filter: name, id_filter: id }) => {
      const found = artifacts.stored.filter(
        (artifact) =>
          artifact.runId === runId &&
          (name === undefined || artifact.name === name) &&
          (id === undefined || String(artifact.id) === id),
      )
      return HttpResponse.json({
        artifacts: found.map((artifact) => ({
          workflow_run_backend_id: runId,
          workflow_job_run_backend_id: `job-${runId}`,
          database_id: String(artifact.id),
          name: artifact.name,
          size: String(artifact.bytes.length),
          created_at: '2026-01-01T00:00:00Z',
          digest: artifact.digest,
        })),
      })
    }),
    service('GetSignedArtifactURL', ({ workflow_run_backend_id: runId, name }) => {
      const found = artifacts.named(name, runId)
      return HttpResponse.json({ signed_url: `${base}/blob/download/${found?.id ?? 0}` })
    }),
    http.put(`${base}/blob/:run/:name`, async ({ request, params }) => {
      const blocks = uploads.get(`${String(params.run)}/${encodeURIComponent(String(params.name))}`)
      if (blocks === undefined || artifacts.down) return new HttpResponse('', { status: 404 })
      const url = new URL(request.url)
      const body = Buffer.from(await request.arrayBuffer())
      if (url.searchParams.get('comp') === 'block') blocks.set(url.searchParams.get('blockid') ?? '', body)
      else if (url.searchParams.get('comp') === 'blocklist') {
        const ids = [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id]) => id ?? '')
        blocks.set('whole', Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0))))
      } else blocks.set('whole', body)
      return new HttpResponse(null, {
        status: 201,
        headers: { etag: '"1"', 'last-modified': new Date(0).toUTCString() },
      })
    }),
    http.get(`${base}/blob/download/:id`, ({ params }) => download(artifacts, Number(params.id))),
    http.get(`${base}/repos/:owner/:repo/actions/runs/:run/artifacts`, ({ request, params }) => {
      const name = new URL(request.url).searchParams.get('name')
      const found = artifacts.stored.filter(
        (artifact) => artifact.runId === params.run && (name === null || artifact.name === name),
      )
      return HttpResponse.json({
        total_count: found.length,
        artifacts: found.map((artifact) => ({
          id: artifact.id,
          name: artifact.name,
          size_in_bytes: artifact.bytes.length,
          created_at: '2026-01-01T00:00:00Z',
          expired: false,
          digest: artifact.digest,
        })),
      })
    }),
    http.get(
      `${base}/repos/:owner/:repo/actions/artifacts/:id/zip`,
      ({ params }) =>
        new HttpResponse(null, { status: 302, headers: { location: `${base}/blob/download/${String(params.id)}` } }),
    ),
  ]
}

function download(artifacts: Artifacts, id: number): Response {
  const found = artifacts.stored.find((artifact) => artifact.id === id)
  if (found === undefined) return new HttpResponse('', { status: 404 })
  const bytes = Buffer.from(found.bytes)
  if (artifacts.damaged) bytes.writeUInt8((bytes.readUInt8(0) + 1) % 256, 0)
  const zip = bytes.subarray(0, 2).toString() === 'PK'
  return new HttpResponse(bytes, {
    headers: {
      'content-type': zip ? 'application/zip' : 'text/plain',
      'content-disposition': `attachment; filename="${encodeURIComponent(found.name)}${zip ? '.zip' : ''}"`,
    },
  })
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
