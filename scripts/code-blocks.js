import { readFileSync } from 'node:fs'
import { Parser } from 'commonmark'

/**
 * The fenced code blocks of a Markdown file.
 *
 * @param {string} path
 * @returns {{ path: string, line: number, language: string, text: string }[]}
 */
export function codeBlocks(path) {
  const walker = new Parser().parse(readFileSync(path, 'utf8')).walker()
  const blocks = []
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node } = event
    if (node.type !== 'code_block' || !event.entering) continue
    blocks.push({ path, line: node.sourcepos[0][0], language: node.info ?? '', text: node.literal ?? '' })
  }
  return blocks
}

/**
 * A workflow of a Markdown file, whole: a block that shows steps or a job only gets the rest around it.
 *
 * @param {string} text a YAML block
 * @returns {string | null} null where the block is no part of a workflow
 */
export function asWorkflow(text) {
  if (/^jobs:/m.test(text)) return /^on:/m.test(text) ? text : AROUND + text
  if (!/^ *- (uses|run|name|id|if):/m.test(text)) return null
  const steps = text.replaceAll(/^(?=.)/gm, '      ')
  return `${AROUND}jobs:\n  example:\n    name: Example\n    runs-on: ubuntu-latest\n    environment: atlassian\n    steps:\n${steps}`
}

const AROUND = `name: Example
on: workflow_dispatch
permissions: {}
concurrency:
  group: example
  cancel-in-progress: false
`
