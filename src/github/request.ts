import { asCount, asObject, asText } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { type Clock, systemClock } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'

export type Failure =
  | 'cancelled'
  | 'no-token'
  | 'not-found'
  | 'not-allowed'
  | 'rate-limited'
  | 'unavailable'
  | 'unexpected'

/** What GitHub's API answered, or why there is no answer to work with. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Failure; readonly message: string }

/** One question to the API. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below the API's address. Parts that came from outside are percent-encoded. */
  readonly path: string
  /** What is asked for, for messages: `the reviews of pull request 12`. */
  readonly what: string
  /** What the job's token needs: `pull-requests: read`. */
  readonly permission: string
  readonly body?: object
  /** The answer is a list, or an object with a list in this member: all pages of it are read. */
  readonly list?: string
}

/** How the API is asked. */
export interface Manner {
  /** For the waits between attempts. */
  readonly clock?: Clock
  /** How often a question is tried at most. */
  readonly attempts?: number
  /** Once it is aborted every question is answered with `cancelled`, also one under way, at once. */
  readonly signal?: AbortSignal
}

/** Sends a question; resolves to the parsed body, for a list to its items. Never rejects. */
export type Ask = (question: Question) => Promise<Answer<unknown>>

const PAGE = 100
/** A list that goes on after so many pages is taken for one without an end. */
const MOST_PAGES = 50
const ATTEMPTS = 4
/** Longest wait that GitHub may ask for; it names minutes when it means it. */
const MOST_WAIT = 60_000
const TIMEOUT = 30_000

/**
 * Opens the way to GitHub's REST API. Failures of the server and secondary limits are tried again, up to four times;
 * a new comment only where GitHub says that it did not take it. No answer throws.
 */
export function openApi(apiUrl: string, token: string, manner: Manner = {}): Ask {
  const { clock = systemClock, attempts = ATTEMPTS, signal = new AbortController().signal } = manner
  let send: Send | undefined
  const one = async (question: Question, query: string): Promise<Answer<Reply>> => {
    for (let attempt = 1; ; attempt++) {
      const reply = signal.aborted ? null : await unlessAborted(attemptOnce(question, query), signal)
      if (reply === null) return cancelled(question)
      if (reply.status >= 200 && reply.status < 300) return { ok: true, value: reply }
      const wait = attempt < attempts ? waitBeforeRetry(reply, question.method, attempt, clock.now()) : null
      if (wait === null) return { ok: false, ...explain(reply, question) }
      await clock.sleep(wait, signal)
    }
  }
  const attemptOnce = async (question: Question, query: string): Promise<Reply> => {
    try {
      send ??= await loadSend(apiUrl, token, signal)
      return await send(question, query)
    } catch (error) {
      return failedReply(error)
    }
  }

  return async (question) => {
    if (token === '') {
      const message = `GitHub was not asked for ${question.what}: the input "github-token" is empty.`
      return { ok: false, reason: 'no-token', message }
    }
    if (question.list === undefined) {
      const answer = await one(question, '')
      return answer.ok ? { ok: true, value: answer.value.body } : answer
    }
    const items: unknown[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = await one(question, `${question.path.includes('?') ? '&' : '?'}per_page=${PAGE}&page=${page}`)
      if (!answer.ok) return answer
      const { body, headers } = answer.value
      const found = question.list === '' ? body : asObject(body)[question.list]
      if (!Array.isArray(found)) return notAList(question)
      items.push(...found)
      // GitHub leaves out of a page what it hides, such as reviews of blocked users: a short one need not be the last.
      if (found.length < PAGE && !/rel="?next"?/.test(asText(headers.link))) return { ok: true, value: items }
    }
    return { ok: false, reason: 'unexpected', message: `GitHub's list of ${question.what} does not end.` }
  }
}

interface Reply {
  /** 0: no answer. */
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>>
  readonly error: string
}

type Send = (question: Question, query: string) => Promise<Reply>

async function loadSend(apiUrl: string, token: string, signal: AbortSignal): Promise<Send> {
  // Not the package's entry: that reads the event's payload again, and throws where it is damaged.
  const { GitHub, getOctokitOptions } = await import('@actions/github/lib/utils')
  const octokit = new GitHub(getOctokitOptions(token, { baseUrl: apiUrl, log: SILENT }))
  return async ({ method, path, body }, query) => {
    const { status, data, headers } = await octokit.request({
      method,
      url: path + query,
      headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
      ...(body === undefined ? {} : { data: body }),
      request: { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) },
    })
    return { status, body: data, headers, error: '' }
  }
}

/** octokit would print warnings with texts from outside. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What there is of an answer in an error of octokit: no answer at all carries a made-up status of 500. */
function failedReply(error: unknown): Reply {
  const { status, response, message } = asObject(error)
  const answered = response !== undefined && response !== null
  const { data, headers } = asObject(response)
  const said = asText(asObject(data).message) || asText(message) || String(error)
  return { status: answered ? asCount(status) : 0, body: data, headers: asObject(headers), error: said }
}

/** Milliseconds to wait before the question is sent again; null where that would not help, or could do it twice. */
function waitBeforeRetry(reply: Reply, method: Question['method'], attempt: number, now: number): number | null {
  const backoff = 1000 * 2 ** (attempt - 1)
  if (isSecondaryLimit(reply)) {
    const asked = 1000 * asCount(Number(reply.headers['retry-after'] ?? 0))
    return asked > MOST_WAIT ? null : Math.max(asked, backoff)
  }
  if (isUsedUp(reply)) {
    const reset = 1000 * asCount(Number(reply.headers['x-ratelimit-reset'] ?? 0)) - now
    return reset > MOST_WAIT ? null : Math.max(reset, backoff)
  }
  const again = reply.status === 0 || reply.status >= 500
  return again && method !== 'POST' ? backoff : null
}

function isSecondaryLimit({ status, headers, error }: Reply): boolean {
  return status === 429 || (status === 403 && ('retry-after' in headers || /secondary rate limit|abuse/i.test(error)))
}

function isUsedUp({ status, headers }: Reply): boolean {
  return status === 403 && headers['x-ratelimit-remaining'] === '0'
}

function explain(reply: Reply, { what, permission, method }: Question): { reason: Failure; message: string } {
  const act = method === 'GET' ? 'read' : 'write'
  const grant = `Add "permissions: ${permission}" to the job, or give a "github-token" that has it.`
  const said = reply.error === '' ? '' : ` GitHub said: ${quote(reply.error)}.`
  if (isSecondaryLimit(reply) || isUsedUp(reply)) {
    const message = `GitHub's limit for this token is used up; it did not let this job ${act} ${what}. Run again later.`
    return { reason: 'rate-limited', message }
  }
  if (reply.status === 401) {
    const message = `GitHub does not know the token (401), so this job could not ${act} ${what}. Check "github-token".`
    return { reason: 'not-allowed', message }
  }
  if (reply.status === 403) {
    return { reason: 'not-allowed', message: `GitHub did not let this job ${act} ${what} (403).${said} ${grant}` }
  }
  if (reply.status === 404 || reply.status === 410) {
    const message = `GitHub did not find ${what} (${reply.status}), or hides it from this token. ${grant}`
    return { reason: 'not-found', message }
  }
  if (reply.status === 0 || reply.status >= 500) {
    const found = reply.status === 0 ? 'gave no answer' : `answered ${reply.status}`
    const message = `GitHub ${found} when this job tried to ${act} ${what}.${said} Run again; see https://www.githubstatus.com.`
    return { reason: 'unavailable', message }
  }
  const message = `GitHub answered ${reply.status} when this job tried to ${act} ${what}.${said}`
  return { reason: 'unexpected', message }
}

function cancelled({ what }: Question): Answer<never> {
  return { ok: false, reason: 'cancelled', message: `The job was cancelled before GitHub had told ${what}.` }
}

function notAList({ what }: Question): Answer<never> {
  return {
    ok: false,
    reason: 'unexpected',
    message: `GitHub's answer about ${what} is not the list that was expected.`,
  }
}
