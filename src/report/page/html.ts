import { escapeHtml } from '../../text/escape.ts'
import { thousands } from '../../text/words.ts'

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
  if (typeof part === 'string') return escapeHtml(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}
