import type { AccountResult } from '../../account/result.ts'
import { codeSpan, escapeMarkdown } from '../../text/escape.ts'
import { clip, thousands } from '../../text/words.ts'

/** Longest outside text in a table cell and in a sentence, in characters: a list may hold cells of megabytes. */
const LONGEST_CELL = 200
const LONGEST_SENTENCE = 2000

/** Outside text for a table cell. It is shortened before it is escaped: an escape must not be cut in two. */
export function cell(text: string): string {
  return escapeMarkdown(clip(text, LONGEST_CELL))
}

/** An id, an address, a digest or Atlassian's own words for a table cell: letter by letter, so that it can be copied. */
export function code(text: string): string {
  return codeSpan(clip(text, LONGEST_CELL))
}

/** A sentence of ours with outside text in it; its line breaks stay. */
export function sentence(text: string): string {
  return clip(text, LONGEST_SENTENCE).split('\n').map(escapeMarkdown).join('<br>')
}

/** An account in a table cell: who it is to people, then its id. */
export function who({ id, email, name }: AccountResult): string {
  return [cell(name), code(email), code(id)].filter((part) => part !== '').join(' ')
}

/** `12,345`. */
export function figure(number: number): string {
  return thousands(number)
}

/** A link, or only its text where the address is no plain one. */
export function link(text: string, url: string): string {
  return /^https?:\/\/[\w.:/?=&%~-]+$/.test(url) ? `[${escapeMarkdown(text)}](${url})` : escapeMarkdown(text)
}
