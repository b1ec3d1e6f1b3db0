import { createHash } from 'node:crypto'
import { type Answered, type Received, serve } from './server.ts'

interface Stored {
  readonly id: number
  readonly run: string
  readonly name: string
  bytes: Buffer
  digest: string
}

/** The artifact service of a run, and the part of GitHub's API that leads to artifacts of other runs. */
export async function serveArtifacts() {
  const stored: Stored[] = []
  const faults: ((request: Received) => Answered | null)[] = []
  /** How the storage names a file that is downloaded. */
  const disposition = { of: (name: string) => `attachment; filename="${name}"` }
  const server = await serve(
    (request) => faults.map((fault) => fault(request)).find((answer) => answer) ?? answer(request),
  )

  function answer(request: Received): Answered {
    const { pathname, searchParams } = new URL(request.url, server.url)
    const method = pathname.split('/').at(-1) ?? ''
    if (pathname.startsWith('/twirp/')) return twirp(method, JSON.parse(request.body))
    if (pathname.startsWith('/blob/'))
      return blob(
        request,
        stored.find(({ id }) => id === Number(method)),
        searchParams,
      )
    const run = /\/actions\/runs\/([0-9]+)\/artifacts$/.exec(pathname)?.[1]
    if (run !== undefined) {
      const name = searchParams.get('name')
      const found = stored.filter((one) => one.run === run && (name === null || one.name === name))
      const artifacts = found.map(({ id, digest, ...one }) => ({
        id,
        digest,
        name: one.name,
        size_in_bytes: one.bytes.length,
      }))
      return { body: { total_count: found.length, artifacts } }
    }
    const id = /\/actions\/artifacts\/([0-9]+)\/zip$/.exec(pathname)?.[1]
    if (id !== undefined) return { status: 302, headers: { location: `${server.url}/blob/${id}` } }
    return { status: 404 }
  }

  function twirp(method: string, asked: Record<string, string>): Answered {
    const ofRun = stored.filter(({ run }) => run === asked.workflow_run_backend_id)
    const named = ofRun.find(({ name }) => name === asked.name)
    if (method === 'CreateArtifact') {
      if (named !== undefined) {
        return { status: 409, body: { code: 'already_exists', msg: 'an artifact with this name already exists' } }
      }
      const id = stored.length + 1
      stored.push({
        id,
        run: asked.workflow_run_backend_id ?? '',
        name: asked.name ?? '',
        bytes: Buffer.alloc(0),
        digest: '',
      })
      return { body: { ok: true, signed_upload_url: `${server.url}/blob/${id}?sig=secret` } }
    }
    if (method === 'FinalizeArtifact' && named !== undefined) {
      named.digest = asked.hash ?? ''
      return { body: { ok: true, artifact_id: String(named.id) } }
    }
    if (method === 'GetSignedArtifactURL') return { body: { signed_url: `${server.url}/blob/${named?.id}?sig=secret` } }
    const found = ofRun.filter(
      ({ id, name }) => (asked.name_filter ?? name) === name && String(asked.id_filter ?? id) === String(id),
    )
    const artifacts = found.map(({ id, run, name, bytes, digest }) => ({
      workflow_run_backend_id: run,
      workflow_job_run_backend_id: 'job',
      database_id: String(id),
      name,
      size: String(bytes.length),
      ...(digest === '' ? {} : { digest }),
    }))
    return { body: { artifacts } }
  }

  function blob(request: Received, artifact: Stored | undefined, query: URLSearchParams): Answered {
    if (artifact === undefined) return { status: 404 }
    if (request.method === 'GET') {
      const headers = {
        'content-type': 'application/zip',
        'content-disposition': disposition.of(`${artifact.name}.zip`),
      }
      return { headers, body: artifact.bytes }
    }
    if (query.get('comp') === 'block')
      artifact.bytes = Buffer.concat([artifact.bytes, Buffer.from(request.body, 'latin1')])
    return { status: 201, headers: { etag: '"1"', 'last-modified': new Date(0).toUTCString() } }
  }

  return {
    url: server.url,
    received: server.received,
    stored,
    faults,
    disposition,
    put(
      run: string,
      name: string,
      bytes: Buffer,
      digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    ) {
      stored.push({ id: stored.length + 1, run, name, bytes, digest })
    },
    close: server[Symbol.asyncDispose],
  }
}

/** A token as the runner gives it; only its payload is read. */
export function runtimeToken(run: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ scp: `Actions.Results:${run}:job` })}.x`
}
