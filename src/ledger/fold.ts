import { causeOf } from '../account/cause.ts'
import type { Decision } from '../account/decision.ts'
import type { Activity } from '../account/facts.ts'
import { type AccountResult, isChanged } from '../account/result.ts'
import type { Plan } from '../plan/plan.ts'
import { timestamp } from '../world/clock.ts'
import type { AccountEvent, EventOf } from './events.ts'

/** What became of one account so far: the part of its result that a run writes. */
export type Fate = Pick<
  AccountResult,
  'state' | 'verified' | 'cause' | 'httpStatus' | 'attempts' | 'startedAt' | 'finishedAt' | 'canary'
> & {
  /** Requests that may still land: nobody knows what came of them. */
  readonly open: number
}

/** The status that the run brings about, or looks for. */
type Wanted = 'active' | 'inactive'

/** An account that nothing has happened to, as its decision leaves it. */
export function untouched(state: AccountResult['state'], cause: AccountResult['cause'] = null): Fate {
  return {
    state,
    verified: '',
    cause,
    httpStatus: 0,
    attempts: 0,
    startedAt: '',
    finishedAt: '',
    canary: false,
    open: 0,
  }
}

/**
 * What became of an account, one event further. The only place that says so: main folds what it notes, and the post
 * step folds the same lines from the journal. After an intent the account is unknown until an answer or a read says
 * more, so that a crash needs no rule of its own.
 */
export function fold(fate: Fate, event: AccountEvent, wanted: Wanted): Fate {
  switch (event.event) {
    case 'intent': {
      const { at, attempt: attempts, canary } = event
      const sent = { attempts, startedAt: fate.startedAt || at, finishedAt: at, canary, open: fate.open + 1 }
      return { ...fate, ...sent, state: 'unknown', cause: causeOf('run-ended') }
    }
    case 'answer':
      return foldAnswer(fate, event, wanted)
    case 'read':
      return isChanged(fate) ? readBack(fate, event, wanted) : foldRead(fate, event, wanted)
    case 'gave-up':
      return { ...fate, state: fate.open > 0 ? 'unknown' : 'failed' }
    case 'cause':
      return { ...fate, cause: event.cause }
  }
}

function foldAnswer(fate: Fate, event: EventOf<'answer'>, wanted: Wanted): Fate {
  const { at, attempt, meaning, status, key, words } = event
  const open = meaning === 'ambiguous' ? fate.open : Math.max(0, fate.open - 1)
  // An earlier request may have made the change: then a refusal is about the later one.
  const unless = (state: AccountResult['state']): AccountResult['state'] => (open > 0 ? 'unknown' : state)
  // The line of the intent may be damaged: the answer says by itself that a request was sent.
  const told: Fate = { ...fate, verified: '', open, startedAt: fate.startedAt || at }
  if (meaning === 'unsent') {
    const attempts = attempt - 1
    const next = { ...told, attempts, state: unless('not-attempted'), cause: causeOf('unreachable', key, words) }
    return attempts > 0 ? next : { ...next, startedAt: '', finishedAt: '', canary: false }
  }
  const next: Fate = { ...told, attempts: attempt, httpStatus: status, finishedAt: at }
  switch (meaning) {
    case 'done':
      return { ...next, open: 0, state: changed(wanted), cause: null }
    case 'ambiguous':
      return { ...next, state: 'unknown', cause: causeOf('answer-lost-unread', key, words) }
    case 'conflict':
      return { ...next, state: 'unknown', cause: causeOf('refused', key, words) }
    case 'refused':
      return { ...next, state: unless('failed'), cause: causeOf('refused', key, words) }
    case 'throttled':
    case 'key-rejected':
      return { ...next, state: unless('not-attempted'), cause: causeOf(meaning, key, words) }
  }
}

function foldRead(fate: Fate, event: EventOf<'read'>, wanted: Wanted): Fate {
  const { found, at, key, words } = event
  const isWanted = found === wanted
  const already = found === 'active' ? 'already-active' : 'already-inactive'
  if (fate.attempts === 0) {
    if (found === 'unreadable') {
      return { ...fate, state: 'unknown', verified: 'unread', cause: causeOf('unreadable', key, words) }
    }
    return { ...fate, state: already, verified: isWanted ? 'yes' : 'no', cause: null }
  }
  const said = fate.cause?.code === 'refused' ? fate.cause : null
  if (isWanted && fate.open > 0) {
    const cause = causeOf('answer-lost-done', fate.cause?.key, fate.cause?.words)
    return { ...fate, open: 0, state: changed(wanted), verified: 'yes', cause, finishedAt: at }
  }
  if (isWanted) {
    const cause = said === null ? null : causeOf('conflict', said.key, said.words)
    return { ...fate, state: already, cause, finishedAt: at, canary: false }
  }
  if (fate.open > 0) {
    const code = found === 'unreadable' ? 'answer-lost-unread' : 'answer-lost'
    // Only a read after everything else may say that nothing came of what was sent.
    const state = event.last && found !== 'unreadable' ? 'failed' : 'unknown'
    return { ...fate, state, cause: said ?? causeOf(code, fate.cause?.key, fate.cause?.words), finishedAt: at }
  }
  // Refused in words that only a read can explain.
  return found === 'unreadable' || fate.state !== 'unknown' ? fate : { ...fate, state: 'failed', finishedAt: at }
}

function changed(wanted: Wanted): 'deactivated' | 'restored' {
  return wanted === 'inactive' ? 'deactivated' : 'restored'
}

/** A read of an account that was changed: whatever it shows, the change was made. */
function readBack(fate: Fate, { found, key, words }: EventOf<'read'>, wanted: Wanted): Fate {
  const cause = fate.cause?.code === 'answer-lost-done' ? fate.cause : null
  if (found === wanted) return { ...fate, verified: 'yes', cause }
  if (found === 'unreadable') return { ...fate, verified: 'unread', cause: causeOf('not-read-back', key, words) }
  const isUndone = fate.verified === 'yes' || fate.cause?.code === 'undone'
  return { ...fate, verified: 'no', cause: isUndone ? causeOf('undone') : cause }
}

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
