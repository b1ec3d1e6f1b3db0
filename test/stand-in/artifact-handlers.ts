import { HttpResponse, http, type RequestHandler } from 'msw'
import {
  type ArtifactFailure,
  type ArtifactStep,
  type Artifacts,
  digestOf,
  isZip,
  type StoredArtifact,
} from './artifacts.ts'
import { pageOf } from './paging.ts'

export { type Artifacts, artifactEnvironment, createArtifacts, type StoredArtifact } from './artifacts.ts'

interface Asked {
  readonly workflow_run_backend_id: string
  readonly name: string
  readonly name_filter?: string
  readonly id_filter?: string
  readonly mime_type?: string
  readonly expires_at?: string
  readonly size?: string
  readonly hash?: string
}

/** An upload that is going on. */
interface Upload {
  readonly blocks: Map<string, Buffer>
  readonly mimeType: string
  readonly expiresAt: string
  whole: Buffer
}

type Params = Readonly<Record<string, string | readonly string[] | undefined>>
type Answer = (request: Request, params: Params, url: URL) => Response | Promise<Response>

/** The service that a run's own artifacts go through, its storage, and GitHub's API for artifacts of other runs. */
export function artifactHandlers(base: string, artifacts: Artifacts): RequestHandler[] {
  const uploads = new Map<string, Upload>()
  const on = (method: 'get' | 'post' | 'put', path: string, step: ArtifactStep, answer: Answer): RequestHandler =>
    http[method](`${base}${path}`, ({ request, params }) => {
      const url = new URL(request.url)
      artifacts.requests.push(`${request.method} ${url.pathname}`)
      const failure = artifacts.nextFailure(step)
      return failure === null ? answer(request, params, url) : failed(failure)
    })
  const service = (method: string, step: ArtifactStep, answer: (asked: Asked) => Response): RequestHandler =>
    on('post', `/twirp/github.actions.results.api.v1.ArtifactService/${method}`, step, async (request) => {
      if (artifacts.down) return new HttpResponse('down', { status: 500 })
      if (!request.headers.get('authorization')?.startsWith('Bearer ')) return twirp(401, 'unauthenticated', 'no token')
      return answer((await request.json()) as Asked)
    })
  const repository = '/repos/:owner/:repo/actions'

  return [
    service('CreateArtifact', 'create', (asked) => {
      const { workflow_run_backend_id: runId, name } = asked
      if (artifacts.named(name, runId) !== undefined)
        return twirp(409, 'already_exists', 'an artifact with this name already exists on the workflow run')
      const { mime_type: mimeType = '', expires_at: expiresAt = '' } = asked
      uploads.set(key(runId, name), { blocks: new Map(), mimeType, expiresAt, whole: Buffer.alloc(0) })
      return HttpResponse.json({
        ok: true,
        signed_upload_url: `${base}/blob/${key(runId, name)}?sig=stand-in-signature`,
      })
    }),
    service('FinalizeArtifact', 'finalize', ({ workflow_run_backend_id: runId, name, size, hash }) => {
      const upload = uploads.get(key(runId, name))
      if (upload === undefined) return twirp(404, 'not_found', 'artifact not found')
      const { whole, mimeType, expiresAt } = upload
      if (Number(size) !== whole.length || (hash !== undefined && hash !== digestOf(whole)))
        return twirp(400, 'invalid_argument', 'size or hash is not that of the upload')
      const { id } = artifacts.add(runId, name, whole, mimeType === '' ? { expiresAt } : { expiresAt, mimeType })
      return HttpResponse.json({ ok: true, artifact_id: String(id) })
    }),
    service('ListArtifacts', 'list', ({ workflow_run_backend_id: runId, name_filter: name, id_filter: id }) => {
      const found = ofRun(artifacts, runId, name).filter(
        (artifact) => !artifact.expired && (id === undefined || String(artifact.id) === id),
      )
      return HttpResponse.json({ artifacts: found.map(listed) })
    }),
    service('GetSignedArtifactURL', 'sign', ({ workflow_run_backend_id: runId, name }) => {
      const found = artifacts.stored.findLast((artifact) => artifact.runId === runId && artifact.name === name)
      if (found === undefined) return twirp(404, 'not_found', 'artifact not found')
      return HttpResponse.json({ signed_url: `${base}/blob/download/${found.id}?sig=stand-in-signature` })
    }),
    on('put', '/blob/:run/:name', 'upload', async (request, params, url) => {
      const upload = uploads.get(key(String(params.run), String(params.name)))
      if (upload === undefined || artifacts.down) return new HttpResponse('', { status: 404 })
      receive(upload, url, Buffer.from(await request.arrayBuffer()))
      const headers = { etag: '"1"', 'last-modified': new Date(0).toUTCString() }
      return new HttpResponse(null, { status: 201, headers })
    }),
    on('get', '/blob/download/:id', 'download', (_, params) => download(artifacts, byId(artifacts, params.id))),
    ...['/runs/:run/artifacts', '/artifacts'].map((path) =>
      on('get', `${repository}${path}`, 'list-other-run', (request, { run, owner, repo }, url) => {
        if (!request.headers.has('authorization')) return unauthenticated()
        const name = url.searchParams.get('name') ?? undefined
        const found = run === undefined ? inRepository(artifacts, name) : ofRun(artifacts, String(run), name)
        const { page, headers } = pageOf(found, url)
        const home = `${base}/repos/${String(owner)}/${String(repo)}/actions/artifacts`
        const shown = page.map((artifact) => described(artifact, home))
        return HttpResponse.json({ total_count: found.length, artifacts: shown }, { headers })
      }),
    ),
    on('get', `${repository}/artifacts/:id/zip`, 'download-other-run', (request, params) => {
      if (!request.headers.has('authorization')) return unauthenticated()
      const found = byId(artifacts, params.id)
      if (found === undefined) return HttpResponse.json({ message: 'Not Found' }, { status: 404 })
      if (found.expired) return HttpResponse.json({ message: 'Artifact has expired' }, { status: 410 })
      return new HttpResponse(null, {
        status: 302,
        headers: { location: `${base}/blob/download/${found.id}?sig=stand-in-signature` },
      })
    }),
  ]
}

function failed(failure: ArtifactFailure): Response | Promise<Response> {
  if (failure === 'reset') return HttpResponse.error()
  if (failure === 'hang') return new Promise(() => {})
  return HttpResponse.json({ code: 'internal', msg: 'ordered', message: 'ordered' }, { status: failure })
}

function twirp(status: number, code: string, msg: string): Response {
  return HttpResponse.json({ code, msg }, { status })
}

function unauthenticated(): Response {
  return HttpResponse.json({ message: 'Requires authentication' }, { status: 401 })
}

/** A block, the list that puts the blocks together, or the whole. */
function receive(upload: Upload, url: URL, body: Buffer): void {
  const kind = url.searchParams.get('comp')
  if (kind === 'block') upload.blocks.set(url.searchParams.get('blockid') ?? '', body)
  else if (kind === 'blocklist') {
    const ids = [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id]) => id ?? '')
    upload.whole = Buffer.concat(ids.map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)))
  } else upload.whole = body
}

function key(runId: string, name: string): string {
  return `${runId}/${encodeURIComponent(name)}`
}

function ofRun({ stored }: Artifacts, runId: string, name: string | undefined): StoredArtifact[] {
  return stored.filter((artifact) => artifact.runId === runId && (name === undefined || artifact.name === name))
}

/** The newest first, as GitHub lists them. */
function inRepository({ stored }: Artifacts, name: string | undefined): StoredArtifact[] {
  return stored.filter((artifact) => name === undefined || artifact.name === name).toReversed()
}

function byId({ stored }: Artifacts, id: unknown): StoredArtifact | undefined {
  return stored.find((artifact) => String(artifact.id) === id)
}

/** An artifact in the service's own list: 64-bit numbers are texts. */
function listed({ id, runId, name, bytes, digest }: StoredArtifact): object {
  return {
    workflow_run_backend_id: runId,
    workflow_job_run_backend_id: `job-${runId}`,
    database_id: String(id),
    name,
    size: String(bytes.length),
    created_at: '2026-01-01T00:00:00Z',
    digest,
  }
}

/** An artifact in GitHub's API. */
function described({ id, runId, name, bytes, digest, expired, expiresAt }: StoredArtifact, home: string): object {
  return {
    id,
    node_id: `A_${id}`,
    name,
    size_in_bytes: bytes.length,
    url: `${home}/${id}`,
    archive_download_url: `${home}/${id}/zip`,
    expired,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    expires_at: expiresAt === '' ? '2026-04-01T00:00:00Z' : expiresAt,
    digest,
    workflow_run: { id: Number(runId), head_branch: 'main', head_sha: 'a'.repeat(40) },
  }
}

function download({ damaged }: Artifacts, found: StoredArtifact | undefined): Response {
  if (found === undefined) return new HttpResponse('', { status: 404 })
  const bytes = Buffer.from(found.bytes)
  if (damaged && bytes.length > 0) bytes.writeUInt8((bytes.readUInt8(0) + 1) % 256, 0)
  const file = encodeURIComponent(isZip(bytes) ? `${found.name}.zip` : found.name)
  return new HttpResponse(bytes, {
    headers: {
      'content-type': isZip(bytes) ? 'application/zip' : found.mimeType,
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${file}"; filename*=UTF-8''${file}`,
    },
  })
}
