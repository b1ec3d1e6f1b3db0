import { type Mode, pastOf } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import { guardMaxPercent, guardMaxUsers } from './guards.ts'
import { type Plan, targetsOf } from './plan.ts'

/** What the inputs say about the caps. */
type Caps = Readonly<{ mode: Mode; maxUsers: number; maxPercent: number; waive: ReadonlySet<string> }>

/** The caps, on the accounts that are still to be changed. @param active null where the directory was not read */
export function guardCaps(
  { mode, maxUsers, maxPercent, waive }: Caps,
  plan: Plan,
  active: number | null,
): readonly GuardFinding[] {
  if (mode === 'verify') return []
  const { change } = plan.rules
  const targets = targetsOf(plan).length
  const users = guardMaxUsers(targets, maxUsers, pastOf(change), mode)
  if (change === 'restore') return [users]
  return [users, guardMaxPercent(targets, active, maxPercent, waive.has('max-percent'), mode)]
}
