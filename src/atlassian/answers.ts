import { asArray, asObject, asText } from '../text/unknowns.ts'
import type { Answer } from './transport.ts'

/** What an answer means: the closed set that the rest of the action decides by. */
export type Meaning =
  | { readonly kind: 'done'; readonly body: Readonly<Record<string, unknown>> }
  /** 409: already so, or something stands in the way; only a read can tell. */
  | { readonly kind: 'conflict'; readonly refusal: Refusal }
  /** Refused for this account, for good. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Refused for the rate: nothing happened, it may be sent again. */
  | { readonly kind: 'throttled' }
  /** Nothing happened, and it may go well later. */
  | { readonly kind: 'temporary'; readonly why: string }
  | { readonly kind: 'key-rejected'; readonly why: 'unauthorized' | 'scoped' }
  /** It may have happened or not. */
  | { readonly kind: 'ambiguous'; readonly why: string }

/** Atlassian's refusal, as far as its body tells. */
export interface Refusal {
  readonly status: number
  /** The most telling key: a reason key such as `externalDirectory.scim`, else the error's own, else `HTTP 403`. */
  readonly key: string
  /** Atlassian's words; outside text. Empty where there are none. */
  readonly words: string
}

/** Atlassian's reason key for a key whose scopes do not reach the call. */
export const BEYOND_SCOPE = 'forbidden.insufficientScope'

/** Anything else in the place of a key is words, and may name people. */
const KEY = /^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/
const LONGEST_KEY = 80

/** Meaning of an answer to a change, which is done with exactly 204. Everything unexpected is ambiguous. */
export function meaningOfChange(answer: Answer): Meaning {
  if (answer.kind === 'unsent') return { kind: 'temporary', why: answer.error }
  if (answer.kind === 'lost') return { kind: 'ambiguous', why: answer.error }
  if (answer.status === 204) return { kind: 'done', body: {} }
  const common = meaningOfError(answer)
  if (common !== null) return common
  return { kind: 'ambiguous', why: `HTTP ${answer.status}` }
}

/** Meaning of an answer to a read, which is done with 200 and a JSON object. Nothing that a read meets is ambiguous. */
export function meaningOfRead(answer: Answer): Meaning {
  if (answer.kind !== 'answer') return { kind: 'temporary', why: answer.error }
  if (answer.status === 200) {
    const body = parseObject(answer.body)
    return body === null ? { kind: 'temporary', why: 'HTTP 200 without a JSON object' } : { kind: 'done', body }
  }
  return meaningOfError(answer) ?? { kind: 'temporary', why: `HTTP ${answer.status}` }
}

/** Refusals mean the same for reads and changes. Null: no clear refusal. */
function meaningOfError(answer: Extract<Answer, { kind: 'answer' }>): Meaning | null {
  const { status } = answer
  if (status === 401) return { kind: 'key-rejected', why: 'unauthorized' }
  if (status === 429) return { kind: 'throttled' }
  if (status === 409) return { kind: 'conflict', refusal: readRefusal(answer) }
  // 408 and 425 are about the delivery of the request, not about the account.
  if (status < 400 || status >= 500 || status === 408 || status === 425) return null
  const refusal = readRefusal(answer)
  if (status === 403 && refusal.key === BEYOND_SCOPE) return { kind: 'key-rejected', why: 'scoped' }
  return { kind: 'refused', refusal }
}

/** Finds the key and the words in any of Atlassian's error bodies; gateways' HTML gives neither. */
export function readRefusal({ status, body }: { readonly status: number; readonly body: string }): Refusal {
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

/** A JSON object, or null for any other text. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
