import type { Decision } from '../account/decision.ts'
import type { Activity } from '../account/facts.ts'
import { type AccountResult, isChanged } from '../account/result.ts'
import type { Plan } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import { type Fate, untouched } from './fold.ts'

/** What a decision alone makes of an account. */
export function initialFate(decision: Decision, waiting: Plan['waiting']): Fate {
  if (decision.kind === 'unreadable') return untouched('failed', { ...decision.cause, code: 'unreadable' })
  if (decision.kind !== 'skip') return untouched(waiting)
  const { reason, cause } = decision
  return untouched(reason === 'already-inactive' || reason === 'already-active' ? reason : 'skipped', cause)
}

/** One result for each listed account, in list order. */
export function* resultsOf(plan: Plan, fates: ReadonlyMap<string, Fate>): Generator<AccountResult> {
  for (const { account, decision, lastActive, licences } of plan.entries) {
    const { id, email, name, line } = account
    // An account that could not be looked at was to be changed.
    const kind = decision.kind === 'unreadable' ? plan.rules.change : decision.kind
    const reason = decision.kind === 'skip' ? decision.reason : ''
    const fate = fates.get(id) ?? initialFate(decision, plan.waiting)
    const last = activityText(lastActive)
    yield withFate({ id, email, name, line, decision: kind, reason, lastActive: last, licences }, fate)
  }
}

/** Joins what an account is with what became of it. A change that nobody read back is `unread`. */
export function withFate(who: Omit<AccountResult, keyof Fate>, fate: Fate): AccountResult {
  const { state, cause, httpStatus, attempts, startedAt, finishedAt, canary } = fate
  const verified = isChanged(fate) && fate.verified === '' ? 'unread' : fate.verified
  return { ...who, state, verified, cause, httpStatus, attempts, startedAt, finishedAt, canary }
}

/** ISO 8601 UTC, `never`, or nothing where nobody told. */
export function activityText(activity: Activity | undefined): string {
  if (activity?.kind === 'at') return timestamp(activity.at)
  return activity?.kind === 'never' ? 'never' : ''
}
