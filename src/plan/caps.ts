import { pastOf } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import type { Settings } from '../account/settings.ts'
import { guardMaxPercent, guardMaxUsers } from './guards.ts'
import { type Plan, targetsOf } from './plan.ts'

/** The caps, on the accounts that are still to be changed. @param active null where the directory was not read */
export function guardCaps(
  { mode, maxUsers, maxPercent, waive }: Settings,
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
