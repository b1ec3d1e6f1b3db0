import { asArray, asCount, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { type Clock, systemClock, unlessAborted } from '../world/clock.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What GitHub's API answered, or why there is no answer to work with. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal

interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below the API's address. Parts that came from outside are percent-encoded. */
  readonly path: string
  /** For messages: `the reviews of pull request 12`. */
  readonly what: string
  /** What the job's token needs: `pull-requests: read`. */
  readonly permission: string
  readonly body?: object
}

/** Takes facts out of an answer's body: an object, or a list of them. What it is not is empty. */
export type ReadBody<T> = (body: Unknowns, items: readonly Unknowns[]) => T
export type ReadItems<T> = (items: readonly Unknowns[]) => T

/** The clock is for the waits between attempts. Once the signal is aborted, every question is `cancelled`, at once. */
export type Manner = { readonly clock?: Clock; readonly signal?: AbortSignal }

const PAGE = 100
/** A list that goes on after so many pages is taken for one without an end. */
const MOST_PAGES = 50
/** Longest wait that GitHub may ask for; it names minutes when it means it. */
const MOST_WAIT = 60_000
const TIMEOUT = 30_000
const ATTEMPTS = 4

/**
 * Opens the way to GitHub's REST API. Failures of the server and secondary limits are tried again, up to four times;
 * a new comment only where GitHub says that it did not take it. octokit's own plugins would do neither: its retries
 * send a comment twice and hear no cancel, its pagination follows links to any host and takes a conflict for the end.
 */
export function openApi(apiUrl: string, token: string, manner: Manner = {}) {
  const { clock = systemClock, signal = new AbortController().signal } = manner
  let octokit: Awaited<ReturnType<typeof loadOctokit>> | undefined
  const send = async ({ method, path, body }: Question): Promise<Reply> => {
    try {
      octokit ??= await loadOctokit(apiUrl, token)
      const reply = await octokit.request({
        method,
        url: path,
        headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
        ...(body === undefined ? {} : { data: body }),
        request: { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) },
      })
      return { ...reply, said: '' }
    } catch (error) {
      return failedReply(error)
    }
  }
  const answerTo = async (question: Question): Promise<Answer<Reply>> => {
    const { what, method } = question
    if (token === '') return refuse('no-token', `GitHub was not asked for ${what}: the input "github-token" is empty.`)
    for (let attempt = 1; ; attempt++) {
      const reply = signal.aborted ? null : await unlessAborted(send(question), signal)
      if (reply === null) return refuse('cancelled', `The job was cancelled before GitHub answered about ${what}.`)
      if (reply.status >= 200 && reply.status < 300) return { ok: true, value: reply }
      const wait = attempt < ATTEMPTS ? waitBeforeRetry(reply, method, attempt, clock.now()) : null
      if (wait === null) return explain(reply, question)
      await clock.sleep(wait, signal)
    }
  }
  return {
    /** Never rejects. */
    ask: async <T>(question: Question, read: ReadBody<T>): Promise<Answer<T>> => {
      const answer = await answerTo(question)
      if (!answer.ok) return answer
      const { data } = answer.value
      return { ok: true, value: read(asObject(data), asArray(data).map(asObject)) }
    },
    /** Asks for all pages of a list; never rejects. */
    askAll: async <T>(question: Question, read: ReadItems<T>): Promise<Answer<T>> => {
      const items: Unknowns[] = []
      for (let page = 1; page <= MOST_PAGES; page++) {
        const answer = await answerTo({ ...question, path: `${question.path}?per_page=${PAGE}&page=${page}` })
        if (!answer.ok) return answer
        const { data, headers } = answer.value
        if (!Array.isArray(data))
          return refuse('unexpected', `GitHub's answer about ${question.what} is not the list that was expected.`)
        items.push(...data.map(asObject))
        // GitHub leaves out of a page what it hides, such as reviews of blocked users: a short one need not be the last.
        if (data.length < PAGE && !/rel="?next"?/.test(asText(headers.link))) return { ok: true, value: read(items) }
      }
      return refuse('unexpected', `GitHub's list of ${question.what} does not end.`)
    },
  }
}

async function loadOctokit(apiUrl: string, token: string) {
  // Not the package's entry: that reads the event's payload again, and throws where it is damaged.
  const { GitHub, getOctokitOptions } = await import('@actions/github/lib/utils')
  // octokit would print warnings with texts from outside.
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  return new GitHub(getOctokitOptions(token, { baseUrl: apiUrl, log }))
}

type Reply = Readonly<ReturnType<typeof failedReply>>

/** What there is of an answer in an error of octokit, whose own status is made up where there was no answer: then 0. */
function failedReply(error: unknown) {
  const { response, message } = asObject(error)
  const { status, data, headers } = asObject(response)
  /** What went wrong; outside text. */
  const said = asText(asObject(data).message) || asText(message) || String(error)
  return { status: asCount(status), data, headers: asObject(headers), said }
}

/** Milliseconds to wait before the question is sent again; null where that would not help, or could do it twice. */
function waitBeforeRetry(reply: Reply, method: Question['method'], attempt: number, now: number): number | null {
  const backoff = 1000 * 2 ** (attempt - 1)
  const limit = limitOf(reply, now)
  if (limit !== null) return limit > MOST_WAIT ? null : Math.max(limit, backoff)
  return isDown(reply) && method !== 'POST' ? backoff : null
}

/** Milliseconds for which a limit that was met asks to wait: a secondary one, or the hour's; null where none was. */
function limitOf({ status, headers, said }: Reply, now: number): number | null {
  const told = (header: string): number => 1000 * asCount(Number(headers[header] ?? 0))
  const isRefused = status === 403 && ('retry-after' in headers || /secondary rate limit|abuse/i.test(said))
  if (status === 429 || isRefused) return told('retry-after')
  return status === 403 && headers['x-ratelimit-remaining'] === '0' ? told('x-ratelimit-reset') - now : null
}

function explain(reply: Reply, { what, permission, method }: Question): Refusal {
  const { status } = reply
  const act = `${method === 'GET' ? 'read' : 'write'} ${what}`
  const grant = `Add "permissions: ${permission}" to the job, or give a "github-token" that has it.`
  const said = reply.said === '' ? '' : ` GitHub said: ${quote(reply.said)}.`
  const spent = `GitHub's limit for this token is used up; it did not let this job ${act}. Run again later.`
  if (limitOf(reply, 0) !== null) return refuse('rate-limited', spent)
  const unknown = `GitHub does not know the token (401), so this job could not ${act}. Check "github-token".`
  if (status === 401) return refuse('not-allowed', unknown)
  if (status === 403) return refuse('not-allowed', `GitHub did not let this job ${act} (403).${said} ${grant}`)
  if (status === 404 || status === 410)
    return refuse('not-found', `GitHub did not find ${what} (${status}), or hides it from this token. ${grant}`)
  const found = status === 0 ? 'gave no answer' : `answered ${status}`
  const met = `GitHub ${found} when this job tried to ${act}.${said}`
  if (!isDown(reply)) return refuse('unexpected', met)
  return refuse('unavailable', `${met} Run again; see https://www.githubstatus.com.`)
}

function isDown({ status }: Reply): boolean {
  return status === 0 || status >= 500
}
