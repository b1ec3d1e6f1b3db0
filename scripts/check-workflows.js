// Lints every workflow of the repository, those in its documents included, and runs the recipes in a workflow engine.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { findingsOf } from './language-service.js'
import { allWorkflows } from './workflows.js'

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

const workflows = allWorkflows()
const files = workflows.filter(({ isFile }) => isFile).map(({ name }) => name)

/** Workflows of the documents, as files of their own. */
const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
const extracted = workflows
  .filter(({ isFile }) => !isFile)
  .map(({ name, text, isFirstPlan }) => {
    const file = join(folder, isFirstPlan ? 'first-plan.yml' : `${basename(name).replace('.md:', '-line-')}.yml`)
    writeFileSync(file, text)
    return file
  })

/** @returns {boolean} whether the command went well; what it prints is shown as it comes */
function check(command, ...args) {
  console.log(`\n${command} ${args.map((arg) => (arg.startsWith(folder) ? basename(arg) : arg)).join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

/** Whether GitHub's own parser and language service find nothing. */
async function checkByGitHub() {
  console.log(`\n@actions/languageservice ${files.join(' ')} and ${extracted.length} of the documents`)
  const actions = ['action.yml', 'action/action.yml'].map((name) => ({ name, text: readFileSync(name, 'utf8') }))
  const findings = []
  for (const { name, text } of [...workflows, ...actions]) findings.push(...(await findingsOf(name, text)))
  if (findings.length > 0) console.error(findings.join('\n'))
  return findings.length === 0
}

const zizmor = ['--offline', '--no-progress', '--persona', 'pedantic', '--config', '.github/zizmor.yml']
const recipes = files.filter((path) => path.startsWith('examples'))
const results = [
  await checkByGitHub(),
  check('actionlint', ...files, ...extracted),
  check('zizmor', ...zizmor, '.github', ...recipes, ...extracted),
  check(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'workflows'),
]
if (results.includes(false)) process.exitCode = 1
else rmSync(folder, { recursive: true })
