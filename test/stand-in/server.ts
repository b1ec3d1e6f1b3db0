import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResponse, type RequestHandler } from 'msw'
import { type Artifacts, artifactHandlers, createArtifacts } from './artifact-handlers.ts'
import { type AtlassianWorld, atlassianHandlers, CONNECTION_FAULT } from './atlassian-handlers.ts'
import { createFaults } from './faults.ts'
import { createGitHub, type GitHubState, githubHandlers } from './github-handlers.ts'
import { createOrganization, type Organization } from './organization.ts'
import { createQuota } from './quota.ts'

export interface StandIn extends AtlassianWorld {
  /** Origin of all three services. */
  readonly url: string
  readonly artifacts: Artifacts
  readonly github: GitHubState
  /** Requests that no service knows. */
  readonly unhandled: string[]
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Serves an organization, the artifact service and GitHub's API on a loopback address. */
export async function startStandIn(
  organization: Organization = createOrganization({ people: [] }),
  port = 0,
): Promise<StandIn> {
  const world: AtlassianWorld = { organization, faults: createFaults(), quota: createQuota() }
  const artifacts = createArtifacts()
  const github = createGitHub()
  const unhandled: string[] = []
  let groups: { prefix: RegExp; handlers: RequestHandler[] }[] = []
  const server = createServer((request, response) => {
    void serve(request, response, groups, unhandled)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  groups = [
    { prefix: /^\/(users|admin)\//, handlers: atlassianHandlers(url, world) },
    { prefix: /^\/(twirp|blob)\//, handlers: artifactHandlers(url, artifacts) },
    { prefix: /^\//, handlers: [...artifactHandlers(url, artifacts), ...githubHandlers(url, github, artifacts)] },
  ]
  const close = () => closeServer(server)
  return { ...world, url, artifacts, github, unhandled, close, [Symbol.asyncDispose]: close }
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  groups: readonly { prefix: RegExp; handlers: RequestHandler[] }[],
  unhandled: string[],
): Promise<void> {
  const url = `http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const method = incoming.method ?? 'GET'
  const request = new Request(url, { method, headers, ...(method === 'GET' || method === 'HEAD' ? {} : body) })
  const handlers = groups.find(({ prefix }) => prefix.test(incoming.url ?? ''))?.handlers ?? []
  const response = await getResponse(handlers, request)
  if (response === undefined) {
    unhandled.push(`${method} ${incoming.url}`)
    outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
    return
  }
  const fault = response.headers.get(CONNECTION_FAULT)
  if (fault === 'reset') {
    incoming.socket.destroy()
    return
  }
  if (fault === 'hang') return
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
