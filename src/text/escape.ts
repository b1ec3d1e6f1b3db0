import { visibleLine, visibleText } from './visible.ts'

/**
 * What the runner takes for a command: `::name …::` at the start of a line, `##[name]` anywhere. Its comparison skips
 * characters without a weight: `:\u0600:` equals `::` to it.
 */
const COMMAND = /^([\s\ufffd\p{Cf}\p{Default_Ignorable_Code_Point}]*):(?=[\p{Cf}\p{Default_Ignorable_Code_Point}]*:)/u
const OLD_COMMAND = /#(?=[\p{Cf}\p{Default_Ignorable_Code_Point}]*#[\p{Cf}\p{Default_Ignorable_Code_Point}]*\[)/gu

/** Text for one line of the job's log, without commands; the runner breaks lines at more characters than LF. */
export function logText(text: string): string {
  return visibleLine(text).replaceAll(OLD_COMMAND, '# ').replace(COMMAND, '$1: ')
}

/**
 * Parts what GitHub would link. It looks for mentions, references, commits and emoji in the *rendered* text, where
 * entities and backslashes are gone (github/cmark-gfm#181): only a character in between keeps them apart.
 */
const CUT = '&#8203;'

/** A backslash is enough for these: they mean something to the Markdown parser alone. */
const SYNTAX = /[\\`*[\]|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[-+=#]|(?<=^\d{1,9})[.)]/u
/** Mentions, issues, `GH-12`, web addresses; emoji such as `:tada:`, but not the minutes of a time. */
const LINKED = /@|#(?=\d)|gh-(?=\d)|www(?=\.)|:(?=\/\/)|:(?!\d\d:)(?=[\w+-]+:)/i
/** GitHub links what could be a commit: 7 to 40 hexadecimal digits. */
const COMMIT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i
const MARKDOWN = new RegExp(
  `(?<edge>^ +| +$)|(?<html>[&<>])|(?<math>\\$)|(?<linked>${LINKED.source})|(?<commit>${COMMIT.source})|(?<syntax>${SYNTAX.source})`,
  'giu',
)

/** Text for GitHub-flavoured Markdown on one line, also in table cells. Prose stays as it is: the Markdown is read too. */
export function escapeMarkdown(text: string): string {
  return visibleLine(text).replaceAll(MARKDOWN, (found: string, ...rest: unknown[]) => {
    const { edge, html, math, linked, commit } = rest.at(-1) as Record<string, string | undefined>
    if (edge !== undefined) return '&#32;'.repeat(found.length)
    if (html !== undefined) return html === '&' ? '&amp;' : html === '<' ? '&lt;' : '&gt;'
    // GitHub's own advice to keep a dollar from being read as mathematics.
    if (math !== undefined) return '<span>$</span>'
    if (linked !== undefined) return `${linked}${CUT}`
    if (commit !== undefined) return commit.replaceAll(/.{6}(?=.)/g, `$&${CUT}`)
    return `\\${found}`
  })
}

/** The same as code: it stands there letter by letter, and GitHub links nothing in it. Empty text stays empty. */
export function codeSpan(text: string): string {
  const line = visibleLine(text)
  if (line === '') return ''
  // A table would end its cell at the bar also in code, and keep a backslash before it anywhere else.
  if (line.includes('|')) return `<code>${escapeMarkdown(line)}</code>`
  const longest = (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
  const fence = '`'.repeat(longest + 1)
  // One blank at each end is taken off by the parser, unless there is nothing else.
  const padded = /^`|`$|^ .*[^ ].* $/.test(line)
  return padded ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`
}

/** Text for HTML, in content and in quoted attributes; line breaks stay. */
export function escapeHtml(text: string): string {
  return visibleText(text).replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Text for XML 1.0, in content and in quoted attributes; what XML cannot hold becomes a replacement character. */
export function escapeXml(text: string): string {
  // Most texts are plain, and there are many.
  if (/^[\w .,:;/+@…()-]*$/.test(text)) return text
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"'\t\n\r\u007f-\u009f\u2028\u2029]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** JSON for a script element: nothing in it can end the element or open a comment in it. */
export function escapeJsonForScript(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Where some spreadsheet starts a cell: ours, one that another locale's separator makes, one on a line of its own. */
const CELL_START = /(?:^|(?<=[;\t\n\v\f\u0085\u2028\u2029]|\r(?!\n)))/.source
/** A formula: a sign behind nothing but blanks, quotes and what cannot be seen; and what looks defused already. */
const FORMULA =
  /(?=[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}"]--[\t\n\v\f\r\u0085\u2028\u2029]]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|')/v
    .source
const FORMULAS = new RegExp(`${CELL_START}${FORMULA}`, 'gv')
const DEFUSED = new RegExp(`${CELL_START}'`, 'gv')
/** Most cells begin with a letter or a digit, and nothing in them can start another. */
const PLAIN_CELL = /^[\p{L}\p{N}][^;\p{Cc}\u2028\u2029",]*$/u

/** A CSV cell (RFC 4180), `'` before what a spreadsheet could take for a formula behind any of the separators. */
export function escapeCsvCell(text: string): string {
  if (text === '' || PLAIN_CELL.test(text)) return text
  const plain = text.replaceAll(FORMULAS, "'")
  return /[",\r\n;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** The text of a cell that `escapeCsvCell` wrote, once a CSV parser has taken its quotes off. */
export function unescapeCsvCell(cell: string): string {
  return cell.includes("'") ? cell.replaceAll(DEFUSED, '') : cell
}
