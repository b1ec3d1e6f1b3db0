import { escapeHtml } from '../../text/escape.ts'
import { clip, thousands } from '../../text/words.ts'

/** Longest outside text on the page, in characters: an input may hold megabytes. */
const LONGEST_TEXT = 4000

/** Markup of ours; the type keeps it apart from text. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | readonly Html[]

/** Markup with values in it: text is escaped, numbers are written `12,345`, markup stays as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.map((string, index) => `${string}${index < parts.length ? render(parts[index] ?? '') : ''}`)
  return { markup: markup.join('') }
}

/** No markup. */
export const NOTHING: Html = { markup: '' }

function render(part: Part): string {
  if (typeof part === 'number') return thousands(part)
  if (typeof part === 'string') return escapeHtml(clip(part, LONGEST_TEXT))
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}
