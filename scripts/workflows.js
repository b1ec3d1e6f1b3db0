import { readdirSync, readFileSync } from 'node:fs'
import { asWorkflow, codeBlocks } from './code-blocks.js'

const inFolder = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)

/**
 * Every workflow of the repository: its own, the recipes, and those that its documents show, each whole.
 *
 * @returns {{ name: string, text: string, isFile: boolean }[]} a name is `path`, or `path:line` in a document
 */
export function allWorkflows() {
  const files = ['.github/workflows', 'examples'].flatMap((folder) => inFolder(folder, '.yml'))
  const blocks = ['README.md', ...inFolder('docs', '.md')].flatMap((path) => codeBlocks(path))
  const shown = blocks.filter(({ language }) => language === 'yaml')
  return [
    ...files.map((name) => ({ name, text: readFileSync(name, 'utf8'), isFile: true })),
    ...shown.flatMap(({ path, line, text }) => {
      const workflow = asWorkflow(text)
      return workflow === null ? [] : [{ name: `${path}:${line}`, text: workflow, isFile: false }]
    }),
  ]
}
