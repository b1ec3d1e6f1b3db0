import { codeSpan, escapeMarkdown } from '../text/escape.ts'
import { joinFilled, thousands } from '../text/words.ts'
import { type Bar, type Block, type Dialect, inline, isFigure, type Section, type Table, type Text } from './model.ts'
import { STATE_WORDS } from './words.ts'

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
  return sections
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ title, folded, blocks }) => {
      const body = joinFilled(blocks.map(blockOf), '\n\n')
      if (folded === true) return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
      return title === '' ? body : `${level} ${title}\n\n${body}`
    })
}

function blockOf(block: Block): string {
  if ('text' in block) return markdownText(block.text)
  if ('yaml' in block) return fence(block.yaml)
  if ('parts' in block) return barOf(block)
  if ('facts' in block) return tableOf({ columns: ['', ''], rows: block.facts })
  if ('columns' in block) return joinFilled([block.rows.length === 0 ? '' : tableOf(block), block.more], '\n\n')
  const items = [...block.items, ...(block.more === '' ? [] : [block.more])]
  return items.map((item) => `- ${markdownText(item)}`).join('\n')
}

function tableOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const written = rows.map((cells) => cells.map((text) => markdownText(text, 'cell')))
  const lines = [columns, columns.map((column) => (isFigure(column) ? '---:' : '---')), ...written]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Squares of a bar; each part has one at least, so that one failure among thousands is seen. */
const SQUARES = 20

function barOf({ parts, total, note }: Bar): string {
  const bar = parts.map(({ state, count }) =>
    STATE_WORDS[state].square.repeat(Math.max(1, Math.round((count / total) * SQUARES))),
  )
  const told = parts.map(({ state, words, count }) => `${STATE_WORDS[state].square} **${thousands(count)}** ${words}`)
  return `${bar.join('')}<br>\n${joinFilled([...told, note], ' · ')}`
}

/** A block of code; nothing in it can end it. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}yaml\n${text}\n${ticks}`
}
