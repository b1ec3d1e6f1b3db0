import { escapeHtml } from '../../text/escape.ts'
import { thousands } from '../../text/words.ts'
import { type Bar, type Block, type Dialect, inline, isFigure, type Section, type Table, type Text } from '../model.ts'

/** Markup of ours; the type keeps it apart from text. */
export interface Html {
  readonly markup: string
}

type Value = Html | string | number | readonly Html[]

/** Markup with values in it: text is escaped, numbers are written `12,345`, markup stays as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: String.raw({ raw: strings }, ...values.map(render)) }
}

function render(value: Value): string {
  if (typeof value === 'number') return thousands(value)
  if (typeof value === 'string') return escapeHtml(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const HTML: Dialect = {
  text: (text) => html`${text}`.markup,
  code: (text) => (text === '' ? '' : html`<code>${text}</code>`.markup),
  strong: (text) => html`<strong>${text}</strong>`.markup,
  link: (text, url) => html`<a href="${url}" rel="noreferrer noopener">${text}</a>`.markup,
  lineBreak: '\n',
}

/** A sentence with outside text in it. */
export function htmlText(text: Text, place: 'cell' | 'sentence' = 'sentence'): Html {
  return { markup: inline(text, place, HTML) }
}

/** Sections as cards of a page; those without anything to show are left out. */
export function htmlSections(sections: readonly Section[]): Html[] {
  return sections
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ id, title, folded, blocks }) => {
      const body = blocks.map((block) => blockOf(block, id))
      if (title === '') return html`<section class="card long">${body}</section>\n`
      return folded === true
        ? html`<details class="card long"><summary><span id="${id}">${title}</span></summary>${body}</details>\n`
        : html`<section class="card long" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>\n`
    })
}

function blockOf(block: Block, id: string): Html {
  if ('text' in block) return html`<p>${htmlText(block.text)}</p>`
  if ('yaml' in block) return html`<pre tabindex="0"><code>${block.yaml}</code></pre>`
  if ('parts' in block) return barOf(block)
  if ('facts' in block)
    return html`<dl class="pairs">${block.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${htmlText(value)}</dd>`)}</dl>`
  const more = block.more === '' ? '' : html`<p class="soft">${block.more}</p>`
  if ('columns' in block) return html`${block.rows.length === 0 ? '' : tableOf(block, id)}${more}`
  return html`<ul>${block.items.map((item) => html`<li>${htmlText(item)}</li>`)}</ul>${more}`
}

function tableOf({ columns, rows }: Table, id: string): Html {
  const kindOf = (column = ''): string => (isFigure(column) ? 'n' : '')
  const head = columns.map((name) => html`<th scope="col" class="${kindOf(name)}">${name}</th>`)
  const body = rows.map((texts) => {
    const cells = texts.map((text, at) => {
      const cell = htmlText(text, 'cell')
      return at === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${kindOf(columns[at])}">${cell}</td>`
    })
    return html`<tr>${cells}</tr>`
  })
  return html`<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Width of the bar, and the least that a part gets so that one failure among thousands is seen. SVG units. */
const WIDTH = 1000
const LEAST = 6

function barOf({ parts, total, note }: Bar): Html {
  const share = (count: number): number => Math.max(LEAST, (count / total) * WIDTH)
  const sum = parts.reduce((all, { count }) => all + share(count), 0)
  let x = 0
  const rects = parts.map(({ state, count }, index) => {
    const [left, width] = [x, (share(count) / sum) * WIDTH]
    x += width
    const gap = index === parts.length - 1 ? 0 : 2
    return html`<rect class="${state}" x="${left.toFixed(1)}" y="0" width="${(width - gap).toFixed(1)}" height="30"/>`
  })
  const label = parts.map(({ words, count }) => `${thousands(count)} ${words}`).join(', ')
  const legend = parts.map(
    ({ state, words, count }) => html`<li><span class="dot ${state}"></span><strong>${count}</strong> ${words}</li>`,
  )
  return html`<svg class="bar" viewBox="0 0 ${String(WIDTH)} 30" preserveAspectRatio="none" role="img" aria-label="${label}">${rects}</svg>
<ul class="legend">${legend}<li class="soft">${note}</li></ul>`
}
