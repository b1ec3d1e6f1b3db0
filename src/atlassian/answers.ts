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

export const WITHHELD = { kind: 'withheld' } as const

/** Atlassian's reason key for a key whose scopes do not reach the call. */
export const BEYOND_SCOPE = 'forbidden.insufficientScope'

/** Anything else in the place of a key is words, and may name people. */
const KEY = /^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/
const LONGEST_KEY = 80

/** Meaning of an answer to a change, which is done with exactly 204. Everything unexpected is ambiguous. */
export function meaningOf(answer: Answer): Meaning {
  if (answer.kind !== 'answer') {
    return { kind: answer.kind === 'unsent' ? 'unsent' : 'ambiguous', status: 0, key: answer.error, words: '' }
  }
  const { status } = answer
  const plain = { status, key: '', words: '' }
  if (status === 204) return { kind: 'done', ...plain }
  if (status === 401) return { kind: 'key-rejected', ...plain, key: 'unauthorized' }
  if (status === 429) return { kind: 'throttled', ...plain }
  // 408 and 425 are about the delivery of the request, not about the account.
  if (status < 400 || status >= 500 || status === 408 || status === 425) {
    return { kind: 'ambiguous', ...plain, key: `HTTP ${status}` }
  }
  const refusal = readRefusal(answer)
  if (status === 403 && refusal.key === BEYOND_SCOPE) return { kind: 'key-rejected', ...plain, key: 'scoped' }
  return { kind: status === 409 ? 'conflict' : 'refused', ...refusal }
}

/** What an answer to a read tells, which is done with 200 and a JSON object. Null: refused for the rate. */
export function replyOf(answer: Answer): Reply<Unknowns> | null {
  if (answer.kind === 'answer' && answer.status === 200) {
    const value = parseObject(answer.body)
    return value === null ? unreadable('HTTP 200 without a JSON object', 0) : { kind: 'read', value }
  }
  const meaning = meaningOf(answer)
  switch (meaning.kind) {
    case 'throttled':
      return null
    case 'key-rejected':
      return { kind: 'key-rejected', why: meaning.key === 'scoped' ? 'scoped' : 'unauthorized' }
    case 'refused':
    case 'conflict':
      return { ...meaning, kind: 'unreadable' }
    default:
      return unreadable(meaning.key || `HTTP ${meaning.status}`, 0)
  }
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
function readRefusal({ status, body }: { readonly status: number; readonly body: string }): Refusal {
  const error = parseObject(body) ?? {}
  const context = asObject(error.context)
  const first = asObject(asArray(error.errors)[0] ?? asArray(context.errorCodes)[0])
  const keys = [asText(asObject(context.reason).key), asText(error.key), asText(first.code), asText(error.errorKey)]
  const key = keys.find((text) => text.length <= LONGEST_KEY && KEY.test(text)) ?? `HTTP ${status}`
  const words =
    asText(error.context) ||
    [asText(context.message), asText(first.message)].filter((part) => part !== '').join(' ') ||
    asText(first.detail) ||
    asText(first.title) ||
    asText(error.message) ||
    (keys.find((text) => text !== '' && text !== key) ?? '')
  return { status, key, words: words === key ? '' : words }
}
