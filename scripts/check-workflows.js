// Lints every workflow of the repository, those in its documents included, and runs the recipes in a workflow engine.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { asWorkflow, codeBlocks } from './code-blocks.js'

const TOOLS = [
  { name: 'actionlint', version: '1.7.12', install: 'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12' },
  { name: 'shellcheck', version: '', install: 'apt-get install shellcheck, or brew install shellcheck' },
  { name: 'zizmor', version: '1.32.0', install: 'pipx install zizmor==1.32.0' },
  { name: 'act', version: '0.2.87', install: 'go install github.com/nektos/act@v0.2.87' },
  { name: 'jq', version: '', install: 'apt-get install jq, or brew install jq' },
  { name: 'curl', version: '', install: 'apt-get install curl, or brew install curl' },
]

const missing = TOOLS.flatMap(({ name, version, install }) => {
  const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' })
  if (status !== 0) return [`${name} is missing. Install it: ${install}`]
  return stdout.includes(version) ? [] : [`${name} is not ${version}, which the checks are made for: ${install}`]
})
if (missing.length > 0) {
  console.error(`The workflows were not checked.\n${missing.join('\n')}`)
  process.exit(1)
}

const inFolder = (folder) => readdirSync(folder).map((name) => join(folder, name))
const workflows = [...inFolder('.github/workflows'), ...inFolder('examples')].filter((path) => path.endsWith('.yml'))
const documents = ['README.md', ...inFolder('docs')].filter((path) => path.endsWith('.md'))

/** Workflows of the documents, as files of their own. */
const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
const extracted = documents.flatMap((path) =>
  codeBlocks(path)
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ line, text }) => {
      const workflow = asWorkflow(text)
      if (workflow === null) return []
      const file = join(folder, `${basename(path, '.md')}-line-${line}.yml`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, workflow)
      return [file]
    }),
)

/** @returns {boolean} whether the command went well; what it prints is shown as it comes */
function check(command, ...args) {
  console.log(`\n${command} ${args.map((arg) => (arg.startsWith(folder) ? basename(arg) : arg)).join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

const zizmor = ['--offline', '--no-progress', '--persona', 'pedantic', '--config', '.github/zizmor.yml']
const results = [
  check('actionlint', ...workflows, ...extracted),
  check('zizmor', ...zizmor, '.github', ...workflows.filter((path) => path.startsWith('examples')), ...extracted),
  check(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'workflows'),
]
if (results.includes(false)) process.exitCode = 1
else rmSync(folder, { recursive: true })
