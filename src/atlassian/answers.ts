import { asArray, asObject, asText, parseObject, type Unknowns } from '../text/unknowns.ts'
import type { Answer } from './transport.ts'

/** Atlassian's refusal, as far as its body tells, or why there is no answer. */
export interface Refusal {
  /** HTTP status; 0 where no answer came that means anything. */
  readonly status: number
  /** The most telling key: a reason key such as `externalDirectory.scim`, else the error's own, else `HTTP 403`. */
  readonly key: string
  /** Atlassian's words; outside text. Empty where there are none. */
  readonly words: string
}

/** What an answer to a change means: the closed set that the rest of the action decides by. */
export interface Meaning extends Refusal {
  readonly kind:
    | 'done'
    /** 409: already so, or something stands in the way; only a read can tell. */
    | 'conflict'
    /** Refused for this account, for good. */
    | 'refused'
    /** Refused for the rate: nothing happened, it may be sent again. */
    | 'throttled'
    | 'key-rejected'
    /** Nothing happened, and it may go well later. */
    | 'unsent'
    /** It may have happened or not. */
    | 'ambiguous'
}

/** What a read came to, or why it came to nothing. */
export type Reply<T> = { readonly kind: 'read'; readonly value: T } | NoReply

export type NoReply =
  /** Status 0: it stayed out of reach, however often it was asked for. Any other: it was refused, or makes no sense. */
  | ({ readonly kind: 'unreadable' } & Refusal)
  | { readonly kind: 'key-rejected'; readonly why: 'unauthorized' | 'scoped' }
  /** It was never sent, because it was stopped while it waited for its turn. */
  | { readonly kind: 'withheld' }

/** Atlassian's reason key for a key whose scopes do not reach the call. */
export const BEYOND_SCOPE = 'forbidden.insufficientScope'

/** Anything else in the place of a key is words, and may name people. */
const KEY = /^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/
const LONGEST_KEY = 80

/** Meaning of an answer to a change, which is done with exactly 204. Everything unexpected is ambiguous. */
export function meaningOf(answer: Answer): Meaning {
  const status = answer.kind === 'answer' ? answer.status : 0
  const meaning = (kind: Meaning['kind'], key = ''): Meaning => ({ kind, status, key, words: '' })
  if (answer.kind !== 'answer') return meaning(answer.kind === 'unsent' ? 'unsent' : 'ambiguous', answer.error)
  if (status === 204) return meaning('done')
  if (status === 401) return meaning('key-rejected', 'unauthorized')
  if (status === 429) return meaning('throttled')
  // 408 and 425 are about the delivery of the request, not about the account.
  if (status < 400 || status >= 500 || status === 408 || status === 425) return meaning('ambiguous', `HTTP ${status}`)
  const refusal = readRefusal(status, answer.body)
  if (status === 403 && refusal.key === BEYOND_SCOPE) return meaning('key-rejected', 'scoped')
  return { kind: status === 409 ? 'conflict' : 'refused', ...refusal }
}

/** What an answer to a read tells, which is done with 200 and a JSON object. Null: refused for the rate. */
export function replyOf(answer: Answer): Reply<Unknowns> | null {
  if (answer.kind === 'answer' && answer.status === 200) {
    const value = parseObject(answer.body)
    return value === null ? unreadable('HTTP 200 without a JSON object', 0) : { kind: 'read', value }
  }
  const meaning = meaningOf(answer)
  if (meaning.kind === 'throttled') return null
  if (meaning.kind === 'key-rejected')
    return { kind: 'key-rejected', why: meaning.key === 'scoped' ? 'scoped' : 'unauthorized' }
  if (meaning.kind === 'refused' || meaning.kind === 'conflict') return { ...meaning, kind: 'unreadable' }
  return unreadable(meaning.key || `HTTP ${meaning.status}`, 0)
}

/** @param status 0 for what may go well later; left out, for an answer that makes no sense */
export function unreadable(key: string, status = 200): Extract<NoReply, { kind: 'unreadable' }> {
  return { kind: 'unreadable', status, key, words: '' }
}

/** Whether a read was refused, for the key's scopes or in the words for a foreign organization. */
export function isRefused(read: Reply<unknown>): boolean {
  return read.kind === 'unreadable' ? read.status === 403 : read.kind === 'key-rejected' && read.why === 'scoped'
}

/** Finds the key and the words in any of Atlassian's error bodies; gateways' HTML gives neither. */
function readRefusal(status: number, body: string): Refusal {
  const error = parseObject(body) ?? {}
  const context = asObject(error.context)
  const first = asObject(asArray(error.errors)[0] ?? asArray(context.errorCodes)[0])
  const keys = [asObject(context.reason).key, error.key, first.code, error.errorKey].map(asText)
  const key = keys.find((text) => text.length <= LONGEST_KEY && KEY.test(text)) ?? `HTTP ${status}`
  const messages = [context.message, first.message]
    .map(asText)
    .filter((text) => text !== '')
    .join(' ')
  const others = [first.detail, first.title, error.message, ...keys.filter((text) => text !== key)]
  const words = [error.context, messages, ...others].map(asText).find((text) => text !== '') ?? ''
  return { status, key, words: words === key ? '' : words }
}
