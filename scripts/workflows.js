import { readdirSync, readFileSync } from 'node:fs'
import { asWorkflow, codeBlocks } from './code-blocks.js'

const inFolder = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)

/**
 * Every workflow of the repository: its own, the recipes, and those that its documents show, each whole. The first whole
 * one of the README is what people start with: it is held to less, as `.github/zizmor.yml` says.
 *
 * @returns {{ name: string, text: string, isFile: boolean, isFirstPlan: boolean }[]} a name is `path`, or `path:line` in
 *   a document
 */
export function allWorkflows() {
  const files = ['.github/workflows', 'examples'].flatMap((folder) => inFolder(folder, '.yml'))
  const blocks = ['README.md', ...inFolder('docs', '.md')].flatMap((path) => codeBlocks(path))
  const shown = blocks.filter(({ language }) => language === 'yaml')
  const first = shown.find(({ text }) => asWorkflow(text) === text)
  return [
    ...files.map((name) => ({ name, text: readFileSync(name, 'utf8'), isFile: true, isFirstPlan: false })),
    ...shown.flatMap((block) => {
      const workflow = asWorkflow(block.text)
      if (workflow === null) return []
      return [{ name: `${block.path}:${block.line}`, text: workflow, isFile: false, isFirstPlan: block === first }]
    }),
  ]
}
