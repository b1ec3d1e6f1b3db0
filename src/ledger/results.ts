import { causeOf } from '../account/cause.ts'
import type { Decision } from '../account/decision.ts'
import type { Activity } from '../account/facts.ts'
import { type AccountResult, isChanged, type State } from '../account/result.ts'
import type { Plan, PlanEntry } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import { type Fate, untouched } from './fold.ts'

/** What a decision alone makes of an account. */
export function initialFate(decision: Decision, waiting: Plan['waiting']): Fate {
  switch (decision.kind) {
    case 'skip':
      return { ...untouched(skippedState(decision.reason)), cause: decision.cause }
    case 'unreadable':
      return { ...untouched('failed'), cause: causeOf('unreadable', decision.cause.key, decision.cause.words) }
    default:
      return untouched(waiting)
  }
}

/** One result for each listed account, in list order. */
export function* resultsOf(plan: Plan, fates: ReadonlyMap<string, Fate>): Generator<AccountResult> {
  for (const entry of plan.entries) yield resultOf(entry, plan, fates.get(entry.account.id))
}

/** Of a result only what is counted. */
export type Standing = Pick<AccountResult, 'state' | 'verified' | 'decision' | 'licences'>

/** The same, of each only its standing. */
export function* standingsOf(plan: Plan, fates: ReadonlyMap<string, Fate>): Generator<Standing> {
  for (const { account, decision, licences } of plan.entries) {
    const { state, verified } = fates.get(account.id) ?? initialFate(decision, plan.waiting)
    yield { state, verified, decision: decidedOn(decision, plan), licences }
  }
}

/** An account that could not be looked at was to be changed. */
function decidedOn({ kind }: Decision, { rules }: Plan): AccountResult['decision'] {
  return kind === 'unreadable' ? rules.change : kind
}

function resultOf(
  { account, decision, lastActive, licences }: PlanEntry,
  plan: Plan,
  known: Fate | undefined,
): AccountResult {
  const fate = known ?? initialFate(decision, plan.waiting)
  return withFate(
    {
      id: account.id,
      email: account.email,
      name: account.name,
      line: account.line,
      decision: decidedOn(decision, plan),
      reason: decision.kind === 'skip' ? decision.reason : '',
      lastActive: activityText(lastActive),
      licences,
    },
    fate,
  )
}

/** Joins what an account is with what became of it. A change that nobody read back is `unread`. */
export function withFate(
  who: Pick<AccountResult, 'id' | 'email' | 'name' | 'line' | 'decision' | 'reason' | 'lastActive' | 'licences'>,
  fate: Fate,
): AccountResult {
  const { state, verified, cause, httpStatus, attempts, startedAt, finishedAt, canary } = fate
  const read = isChanged({ state }) && verified === '' ? 'unread' : verified
  const { id, email, name, line, decision, reason, lastActive, licences } = who
  return {
    id,
    email,
    name,
    line,
    decision,
    reason,
    state,
    verified: read,
    cause,
    httpStatus,
    attempts,
    startedAt,
    finishedAt,
    lastActive,
    licences,
    canary,
  }
}

/** ISO 8601 UTC, `never`, or nothing where nobody told. */
export function activityText(activity: Activity | undefined): string {
  if (activity?.kind === 'at') return timestamp(activity.at)
  return activity?.kind === 'never' ? 'never' : ''
}

function skippedState(reason: AccountResult['reason']): State {
  return reason === 'already-inactive' || reason === 'already-active' ? reason : 'skipped'
}
