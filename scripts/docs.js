// Writes the tables of inputs and outputs into README.md, from action.yml. A comment above an input begins a table of
// its own. `--check` only says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

const file = parseDocument(readFileSync('action.yml', 'utf8'))
const action = file.toJS()
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
const declared = file.get('inputs')
const inputs = declared.items.map(({ key }, index) => {
  const { description, default: value = '' } = action.inputs[key.value]
  const group = index === 0 ? declared.commentBefore : key.commentBefore
  const head = group
    ? `${index === 0 ? '' : '\n'}${group.trim()}:\n\n| Input | Default | Meaning |\n| --- | --- | --- |\n`
    : ''
  return `${head}| \`${key.value}\` | ${value === '' ? '' : `\`${cell(value)}\``} | ${cell(description)} |`
})
const outputs = Object.entries(action.outputs).map(
  ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
)
const tables = {
  inputs: inputs.join('\n'),
  outputs: ['| Output | Meaning |', '| --- | --- |', ...outputs].join('\n'),
}

const before = readFileSync('README.md', 'utf8')
let after = before
for (const [name, table] of Object.entries(tables)) {
  const place = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!place.test(after))
    throw new Error(`README.md has no place for the ${name}: <!-- ${name} --> to <!-- /${name} -->`)
  after = after.replace(place, (_, open, close) => `${open}\n${table}\n${close}`)
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md does not hold what action.yml says. Run "npm run docs".')
    process.exitCode = 1
  }
} else writeFileSync('README.md', after)
