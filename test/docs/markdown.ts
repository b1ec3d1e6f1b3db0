import { readdirSync, readFileSync } from 'node:fs'
import { type Node, Parser } from 'commonmark'

/** Every document of the repository, from its root. */
export const DOCUMENTS: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', '.github/pull_request_template.md'],
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...['test/stand-in/README.md', 'test/workflows/README.md'],
]

export interface Heading {
  readonly level: number
  readonly text: string
}

export interface Link {
  readonly text: string
  readonly target: string
}

export function headingsOf(path: string): Heading[] {
  return nodesOf(path, 'heading').map((node) => ({ level: node.level, text: textOf(node) }))
}

export function linksOf(path: string): Link[] {
  return nodesOf(path, 'link').map((node) => ({ text: textOf(node), target: node.destination ?? '' }))
}

/** The part of a page that GitHub gives a heading of this text. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
}

function nodesOf(path: string, type: string): Node[] {
  const walker = new Parser().parse(readFileSync(path, 'utf8')).walker()
  const found: Node[] = []
  for (let event = walker.next(); event !== null; event = walker.next())
    if (event.entering && event.node.type === type) found.push(event.node)
  return found
}

function textOf(node: Node): string {
  const walker = node.walker()
  let text = ''
  for (let event = walker.next(); event !== null; event = walker.next())
    if (event.entering) text += event.node.type === 'softbreak' ? ' ' : (event.node.literal ?? '')
  return text
}
