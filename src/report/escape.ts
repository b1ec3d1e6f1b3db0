/** Characters that reverse, hide or break text: controls, line separators, and bidirectional marks. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/**
 * Text for one line of the job's log. The runner reads commands from the log: `::name …::` at the start of a line,
 * `##[name]` anywhere; and it breaks lines at more characters than LF.
 */
export function logText(text: string): string {
  return text
    .replaceAll(CONTROLS, ' ')
    .replaceAll('##[', '# #[')
    .replace(/^(\s*):(?=:)/, '$1: ')
}

/** Text for GitHub-flavoured Markdown, in running text and in table cells. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(CONTROLS, ' ')
    .replaceAll(/[&<>"'`*_{}[\]()#+\-!|~@:/\\.^$=]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Text for HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(CONTROLS, ' ').replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Text for XML 1.0, in content and in quoted attributes; what XML cannot hold becomes a replacement character. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** What a spreadsheet may take for a formula, also behind blanks; and what looks like a cell that was protected. */
const FORMULA = /^[\s\u00a0]*[=+\-@\t\r\n'＝＋－＠]/

/** A cell of a CSV file (RFC 4180), with `'` before what a spreadsheet could take for a formula. */
export function escapeCsvCell(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** The text of a cell that `escapeCsvCell` wrote, once a CSV parser has taken its quotes off. */
export function unescapeCsvCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell
}
