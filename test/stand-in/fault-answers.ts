import type { Fault, Throttle } from './faults.ts'
import type { Members } from './person.ts'

const itemsOf = (body: Members): readonly Members[] => (Array.isArray(body.data) ? body.data : [])
const html = '<html><body><h1>Bad Gateway</h1></body></html>'
const htmlType = { 'content-type': 'text/html' }
const answer = (status: number, body?: string | object, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  ...(body === undefined ? {} : { body }),
})

/** Atlassian's error answers, as its documents and people's reports show them, and what networks do. */
export const FAULTS = {
  unauthorized: answer(401, { key: 'unauthorized' }),
  gatewayUnauthorized: answer(401, { code: 401, message: 'Unauthorized' }),
  forbidden: answer(403, { key: 'forbidden' }),
  unverified: answer(403, {
    key: 'forbidden.targetUnverified',
    context: 'Error: Cannot perform action on unverified account',
    errorKey: 'x',
    errorDetail: {},
  }),
  refused: (reason: string) =>
    answer(403, { key: 'forbidden.action', context: { allowed: false, reason: { key: reason } } }),
  scoped: answer(403, {
    key: 'forbidden.insufficientScope',
    context: { message: 'Insufficient scope for this action', scope: 'manage:org' },
  }),
  notPermitted: answer(403, {
    timestamp: '2026-01-01T00:00:00Z',
    path: '/admin',
    status: 403,
    error: 'Forbidden',
    message: 'User has no permission to access resource.',
    requestId: 'r',
  }),
  notFound: answer(404, { key: 'accountNotFound' }),
  resourceNotFound: answer(404, { key: 'notFound' }),
  conflict: answer(409, {
    key: 'conflict.lifecycleErrors',
    context: {
      message: 'Lifecycle errors',
      accountId: 'x',
      errorCodes: [{ code: 'site.owner', message: 'The user owns a site', link: 'https://example.com' }],
    },
  }),
  badRequest: answer(400, { key: 'badRequestFormat', context: { message: 'Invalid content type' } }),
  serverError: answer(500, { key: 'internal' }),
  badGateway: answer(502, html, htmlType),
  unavailable: answer(503, html, htmlType),
  gatewayTimeout: answer(504, html, htmlType),
  wrongSuccess: answer(200, { ok: true }),
  wrongSuccessAfterChange: { kind: 'answer-after-change', status: 200, body: { ok: true } },
  redirect: answer(302, '', { location: 'https://evil.example/' }),
  redirectTo: (location: string, status = 302) => answer(status, '', { location }),
  /** With just these headers. */
  throttled: (headers: Record<string, string> = {}) => answer(429, '', headers),
  /** With headers that are true at the moment of the answer. */
  throttledFor: (throttle: Throttle) => ({ kind: 'throttle', ...throttle }) as const,
  throttledWithPastReset: { kind: 'throttle', wait: -3_600_000, reset: 'minute' },
  throttledWithFarReset: { kind: 'throttle', wait: 100 * 365 * 86_400_000, reset: 'minute' },
  reset: { kind: 'reset' },
  resetAfterChange: { kind: 'reset-after-change' },
  cut: { kind: 'cut' },
  serverErrorAfterChange: { kind: 'answer-after-change', status: 500, body: { key: 'internal' } },
  errorAfterChange: { kind: 'answer-after-change', status: 503, body: html },
  delay: (milliseconds: number) => ({ kind: 'delay', milliseconds }) as const,
  lateChange: (milliseconds: number) => ({ kind: 'late-change', milliseconds }) as const,
  lostLateChange: (milliseconds: number) => ({ kind: 'lost-late-change', milliseconds }) as const,
  /** Members in place of the answer's own; `undefined` leaves one out. */
  members: (members: Members) => ({ kind: 'reshape', reshape: (body) => ({ ...body, ...members }) }) as const,
  /** Every item of `data` changed, or another one in its place. */
  items: (change: (item: Members) => unknown) =>
    ({ kind: 'reshape', reshape: (body) => ({ ...body, data: itemsOf(body).map(change) }) }) as const,
  /** The profile's `account` with these members: of somebody else, or in a state that nobody documents. */
  account: (members: Members) =>
    ({
      kind: 'reshape',
      reshape: (body) => ({ ...body, account: { ...(body.account as Members), ...members } }),
    }) as const,
  /** A page that says so of the next one. */
  next: (next: unknown) => ({ kind: 'reshape', reshape: (body) => ({ ...body, links: { next } }) }) as const,
  /** Pages that lead to the second one again and again. */
  repeatingNext: () => {
    let first: unknown
    const again = (body: Members): Members => {
      first ??= (body.links as Members | undefined)?.next
      return { ...body, links: { next: first } }
    }
    return { kind: 'reshape', reshape: again } as const
  },
  hang: { kind: 'hang' },
  hangAfterChange: { kind: 'hang-after-change' },
  staleProfile: { kind: 'stale-profile' },
  lagProfile: (lag: { reads?: number; milliseconds?: number }) => ({ kind: 'lag-profile', ...lag }) as const,
  comesBack: (milliseconds: number) => ({ kind: 'comes-back', milliseconds }) as const,
  echoKey: (status = 403) => ({ kind: 'echo-key', status }) as const,
} as const satisfies Record<string, Fault | ((...given: never[]) => Fault)>
