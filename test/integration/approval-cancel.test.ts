import { describe, expect, test } from 'vitest'
import { workflowRun } from '../stand-in/github-handlers.ts'
import { crowd } from '../stand-in/organization.ts'
import { stage } from './guard-scene.ts'
import { inProcess } from './in-process.ts'

/** The runner kills after 7.5 s. */
const BEFORE_THE_KILL = 5000

describe('a cancel while GitHub is slow to say who approved', () => {
  test.each([
    ['environment:production', /\/approvals$/],
    ['pull-request', /\/runs\/1000$/],
  ])('is heard at once, and nobody is changed (%s)', async (required, path) => {
    await using scene = await stage({
      people: crowd(3),
      env: { GITHUB_WORKFLOW_REF: WORKFLOW },
      runner: inProcess({ factor: 1 }),
    })
    const { github } = scene.standIn
    github.runs['1000'] = workflowRun('1000')
    github.failures.push({ path, status: 'hang' })
    let cancelledAt = 0
    const asked = setInterval(() => {
      if (cancelledAt > 0 || !github.requests.some((request) => path.test(request))) return
      cancelledAt = performance.now()
      kill('SIGINT')
    }, 10)
    let kill: (signal: NodeJS.Signals) => void = () => undefined
    const step = await scene.run(
      { 'require-approval': required, 'approved-plan': 'none' },
      { GITHUB_EVENT_NAME: 'push' },
      (_, signal) => {
        kill = signal
      },
    )
    clearInterval(asked)
    expect(performance.now() - cancelledAt).toBeLessThan(BEFORE_THE_KILL)
    expect(step.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', deactivated: '0' })
    expect(scene.organization.changes).toEqual([])
    expect(scene.standIn.artifacts.named(step.outputs['artifact-name'] ?? '')).toBeDefined()
  })
})

const WORKFLOW = 'acme/users/.github/workflows/leavers.yml@refs/heads/main'
