import type { Guard, GuardFinding } from '../account/guard.ts'

/** Guards that a `plan` only reports: they are about applying it. */
const REPORTED_BY_PLAN: readonly Guard[] = [
  'executing-user-missing',
  'admins-unknown',
  'plan-mismatch',
  'not-approved',
  'key-scoped',
]
/** `find` reports the caps as well: its list is looked at before anything comes of it. */
const REPORTED_BY_FIND: readonly Guard[] = [...REPORTED_BY_PLAN, 'max-users', 'max-percent']

type Obstacle = Omit<GuardFinding, 'guard' | 'verdict'>

export function passed(guard: Guard, found: string, limit: string): GuardFinding {
  return { guard, verdict: 'passed', found, limit, message: '', fix: '' }
}

export function notChecked(guard: Guard, limit: string, why: string): GuardFinding {
  return { guard, verdict: 'not-checked', found: 'not checked', limit, message: why, fix: '' }
}

/** A guard that stops the run; the modes that change nobody only report those about changing somebody. */
export function refused(guard: Guard, obstacle: Obstacle, mode = ''): GuardFinding {
  const reporting = mode === 'plan' ? REPORTED_BY_PLAN : mode === 'find' ? REPORTED_BY_FIND : []
  if (!reporting.includes(guard)) return { guard, verdict: 'refused', ...obstacle }
  return { guard, verdict: 'reported', ...obstacle, message: `${obstacle.message} An apply would be refused.` }
}

/** Passed where it holds, else refused. */
export function checked(guard: Guard, holds: boolean, obstacle: Obstacle, mode = ''): GuardFinding {
  return holds ? passed(guard, obstacle.found, obstacle.limit) : refused(guard, obstacle, mode)
}

/** A guard that would have refused, but was waived on purpose. */
export function waived(guard: Guard, found: string, limit: string): GuardFinding {
  const message = `Guard ${guard} was waived with "waive: ${guard}": ${found}.`
  return { guard, verdict: 'waived', found, limit, message, fix: '' }
}

/** What a run has got past once it has read its inputs, and the list or the earlier results. @param isList null: neither */
export function passedByReading(isList: boolean | null): readonly GuardFinding[] {
  const read = isList
    ? passed('invalid-list', 'read whole', 'a list that can be parsed whole')
    : passed('results-unreadable', 'read whole', 'whole results of a trusted run')
  const inputs = passed('invalid-input', 'valid', 'inputs as action.yml describes them')
  return isList === null ? [inputs] : [inputs, read]
}
