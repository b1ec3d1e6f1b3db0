import { codeSpan, escapeMarkdown } from '../text/escape.ts'
import { thousands } from '../text/words.ts'
import { type Block, type Dialect, inline, isFigure, isFilled, type Part, type Section, type Text } from './model.ts'

const MARKDOWN: Dialect = {
  text: escapeMarkdown,
  code: codeSpan,
  strong: (text) => `**${escapeMarkdown(text)}**`,
  link: (text, url) => `[${escapeMarkdown(text)}](${url})`,
  lineBreak: '<br>',
}

/** A sentence with outside text in it, as GitHub-flavoured Markdown. */
export function markdownText(text: Text, place: 'cell' | 'sentence' = 'sentence'): string {
  return inline(text, place, MARKDOWN)
}

/** Sections as GitHub-flavoured Markdown; those without anything to show are left out. */
export function markdownSections(sections: readonly Section[], level = '###'): string[] {
  return sections.filter(isFilled).map(({ title, folded, blocks }) => {
    const body = blocks
      .map(blockOf)
      .filter((block) => block !== '')
      .join('\n\n')
    if (folded === true) return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
    return title === '' ? body : `${level} ${title}\n\n${body}`
  })
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return markdownText(block.text)
    case 'list':
      return [
        ...block.items.map((item) => `- ${markdownText(item)}`),
        rest(block.all - block.items.length, 'plan.json', '- '),
      ]
        .filter((line) => line !== '')
        .join('\n')
    case 'table': {
      const rows = block.rows.map((cells) => line(cells.map((text) => inline(text, 'cell', MARKDOWN))))
      const head = [line(block.columns), line(block.columns.map((column) => (isFigure(column) ? '---:' : '---')))]
      const more = rest(block.all - rows.length, block.rest)
      return [rows.length === 0 ? '' : [...head, ...rows].join('\n'), more].filter((part) => part !== '').join('\n\n')
    }
    case 'facts':
      return [line(['', '']), line(['---', '---'])]
        .concat(block.rows.map(([name, value]) => line([name, inline(value, 'cell', MARKDOWN)])))
        .join('\n')
    case 'bar':
      return barOf(block.parts, block.total, block.note)
    case 'code':
      return fence(block.text)
  }
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function rest(hidden: number, where: string, start = ''): string {
  return hidden > 0 ? `${start}… and ${thousands(hidden)} more, see ${where}.` : ''
}

/** Squares of a bar; each part has one at least, so that one failure among thousands is seen. */
const SQUARES = 20
const COLOURS: Readonly<Record<string, string>> = {
  planned: '🟦',
  deactivated: '🟩',
  restored: '🟩',
  'already-inactive': '🟫',
  'already-active': '🟪',
  skipped: '⬜',
  failed: '🟥',
  unknown: '🟧',
  'not-attempted': '🟨',
}

function barOf(parts: readonly Part[], total: number, note: string): string {
  const colour = (state: string): string => COLOURS[state] ?? '⬜'
  const bar = parts.map(({ state, count }) => colour(state).repeat(Math.max(1, Math.round((count / total) * SQUARES))))
  const words = parts.map(({ state, words: told, count }) => `${colour(state)} **${thousands(count)}** ${told}`)
  return `${bar.join('')}<br>\n${[...words, note].filter((part) => part !== '').join(' · ')}`
}

/** A block of code; nothing in it can end it. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}yaml\n${text}\n${ticks}`
}
