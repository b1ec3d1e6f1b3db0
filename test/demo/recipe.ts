// Runs the first recipe in the workflow engine act, against a stand-in organization: the plan, the approval, the apply.
import { spawnSync } from 'node:child_process'
import { crowd } from '../stand-in/organization.ts'
import { ADMIN, approved, openRepository, withInputs } from '../workflows/act.ts'

const say = (text: string): void => console.log(text)

const WORKFLOW = 'examples/dispatch-with-approval.yml'

if (spawnSync('act', ['--version']).status !== 0) {
  say('The workflow engine act is missing. Install it: go install github.com/nektos/act@v0.2.87')
  process.exit(1)
}
const people = [ADMIN, ...crowd(24, 'recipe')]
const adapt = (workflow: string) => withInputs(workflow, { 'max-percent': '98' })
await using repository = await openRepository({ people, workflow: WORKFLOW, adapt })
repository.standIn.github.approvals['1000'] = [approved('atlassian')]
say(`${WORKFLOW}, dispatched with "apply"; the stand-in says that ben has approved the environment.\n`)
const run = await repository.run('workflow_dispatch', {
  payload: { inputs: { mode: 'apply', 'users-file': 'users.csv' } },
})
say(
  run.log
    .split('\n')
    .filter((line) => /^\[[^\]]+\] +(⭐|✅|❌|🏁|❗|\|)/u.test(line))
    .join('\n'),
)
const { changes, calls } = repository.organization
say(`\nThe organization itself says: ${changes.length} accounts were deactivated, in ${calls.length} calls.`)
say(`Artifacts: ${repository.standIn.artifacts.stored.map(({ name }) => name).join(', ')}.`)
process.exitCode = run.exitCode ?? 1
