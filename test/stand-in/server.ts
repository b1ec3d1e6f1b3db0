import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getResponse, type RequestHandler } from 'msw'
import { artifactHandlers } from './artifact-handlers.ts'
import { type Artifacts, createArtifacts } from './artifacts.ts'
import { type AtlassianWorld, atlassianHandlers, noteAuthorization } from './atlassian-handlers.ts'
import { createFaults } from './faults.ts'
import { githubHandlers } from './github-handlers.ts'
import { createGitHub, type GitHubState } from './github-state.ts'
import { createOrganization, type Organization } from './organization.ts'
import { createQuota } from './quota.ts'

export interface StandIn extends AtlassianWorld {
  /** Origin of all three services. */
  readonly url: string
  readonly atlassianUrl: string
  readonly githubUrl: string
  readonly artifacts: Artifacts
  readonly github: GitHubState
  /** Requests that no service knows: `METHOD /path`. */
  readonly unhandled: string[]
  /** What went wrong in the stand-in itself; a test that finds something here has found a mistake of ours. */
  readonly errors: unknown[]
  /** Serves a connection that was accepted elsewhere, as if it had come to its own origin. */
  welcome(socket: Socket): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface StandInOptions {
  readonly organization?: Organization
  readonly artifacts?: Artifacts
  readonly github?: GitHubState
  /** 0: any that is free. */
  readonly port?: number
}

interface Group {
  readonly prefix: RegExp
  readonly handlers: readonly RequestHandler[]
}

/** Serves an organization, the artifact service and GitHub's API on a loopback address. */
export async function startStandIn(given: Organization | StandInOptions = {}, onPort = 0): Promise<StandIn> {
  const options: StandInOptions = 'people' in given ? { organization: given } : given
  const {
    organization = createOrganization({ people: [] }),
    artifacts = createArtifacts(),
    github = createGitHub(),
    port = onPort,
  } = options
  const world: AtlassianWorld = { organization, faults: createFaults(), quota: createQuota() }
  const unhandled: string[] = []
  const errors: unknown[] = []
  let groups: Group[] = []
  const guests = new WeakSet<Socket>()
  const server = createServer((incoming, outgoing) => {
    const origin = guests.has(incoming.socket) ? url : originOf(incoming)
    serve(incoming, outgoing, origin, groups).then(
      (handled) => {
        if (handled) return
        unhandled.push(`${incoming.method} ${incoming.url}`)
        noteAuthorization(organization, originOf(incoming), incoming.headers.authorization ?? '')
      },
      (error: unknown) => {
        // Whoever hangs up before the request is whole is no mistake of ours.
        if (!incoming.complete) return
        errors.push(error)
        outgoing.destroy()
      },
    )
  })
  // A server that closes idle connections races with a client that is about to use one.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // msw asks one handler after the other: the fewer, the faster.
  groups = [
    { prefix: /^\/(users|admin)\//, handlers: atlassianHandlers(url, world) },
    { prefix: /^\/(twirp|blob)\/|\/actions\/(runs\/[0-9]+\/)?artifacts/, handlers: artifactHandlers(url, artifacts) },
    { prefix: /^\//, handlers: githubHandlers(url, github) },
  ]
  const close = () => closeServer(server)
  const welcome = (socket: Socket): void => {
    guests.add(socket)
    server.emit('connection', socket)
    socket.resume()
  }
  const at = { url, atlassianUrl: url, githubUrl: url }
  return { ...world, ...at, artifacts, github, unhandled, errors, welcome, close, [Symbol.asyncDispose]: close }
}

/** Answers a request; false where no handler knows it. */
async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
  groups: readonly Group[],
): Promise<boolean> {
  const { method = 'GET', url = '/' } = incoming
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const body = method === 'GET' || method === 'HEAD' || chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
  const handlers = groups.find(({ prefix }) => prefix.test(url))?.handlers ?? []
  const response = await getResponse([...handlers], new Request(origin + url, { method, headers, ...body }))
  if (response?.type === 'error') incoming.socket.destroy()
  else if (response === undefined)
    outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
  else await send(response, outgoing)
  return response !== undefined
}

function originOf({ headers }: IncomingMessage): string {
  return `http://${headers.host ?? ''}`
}

/** A body that breaks off takes its connection with it. */
async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  try {
    for await (const chunk of response.body ?? []) {
      await new Promise<void>((resolve) => outgoing.write(chunk, () => resolve()))
    }
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
