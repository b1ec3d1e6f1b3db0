import { expect } from 'vitest'
import type { Step } from '../stand-in/runner.ts'
import { errorText, type Scene } from './guard-scene.ts'

/** Somebody as GitHub shows them. */
export const user = (login: string, type = 'User'): object => ({
  id: login.length * 1000 + login.charCodeAt(0),
  login,
  type,
})

/** Nothing was asked of Atlassian, nothing was changed, and the refusal says so. */
export function expectRefused(scene: Scene, step: Step, told: string): void {
  expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'not-approved', deactivated: '0' })
  expect(step.exitCode).toBe(1)
  expect(scene.organization.calls).toEqual([])
  expect(scene.organization.changes).toEqual([])
  expect(errorText(step)).toContain(told)
  expect(errorText(step)).toContain('Required: ')
  expect(errorText(step)).toContain('Nothing was changed.')
}
