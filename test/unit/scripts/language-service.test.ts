import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findingsOf } from '../../../scripts/language-service.js'

const CI = '.github/workflows/ci.yml'
const REUSABLE = '.github/workflows/deactivate-users.yml'
const RECIPE = 'examples/reviewed-list.yml'
const CALLER = 'examples/undo.yml'

test.each([CI, REUSABLE, RECIPE, CALLER, 'action.yml'])('finds nothing in %s', async (path) => {
  expect(await findingsOf(path, readFileSync(path, 'utf8'))).toEqual([])
})

test.each([
  ['an input that the action lacks, by its own path', CI, 'max-percent:', 'max-percnt:', "action input 'max-percnt'"],
  ['an input that the action lacks', RECIPE, 'users-file:', 'users_file:', "action input 'users_file'"],
  ['an input that the reusable workflow lacks', CALLER, 'results-run-id:', 'run-id:', 'run-id is not defined'],
  ['an input that the reusable workflow needs', CALLER, 'mode: restore', '', 'Input mode is required'],
  ['a folder without an action', CI, '$/action', '$/actoin', "no 'action.yml'"],
  [
    'a workflow that is not there',
    CALLER,
    'deactivate-users.yml',
    'deactivate.yml',
    'Unable to find reusable workflow',
  ],
  ['an unknown context', CI, 'matrix.runner', 'matrix.runer', 'runer'],
  ['an unknown function', REUSABLE, 'always()', 'alway()', "Unrecognized function: 'alway'"],
  ['an unknown key', CI, 'jobs:', 'job:', "Unexpected value 'job'"],
  ['what is no YAML', CI, 'jobs:', 'jobs: {', 'x.yml:'],
  ['metadata without a file to run', 'action.yml', 'main: dist/index.js', '', "'main' is required"],
])('finds %s', async (_, path, from, to, finding) => {
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  const found = await findingsOf(path.replace(/.*\/[^/]+$/, 'x.yml'), text.replaceAll(from, to))
  expect(found.join('\n')).toContain(finding)
})
