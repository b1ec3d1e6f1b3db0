import { type Change, changes, type Mode, pastOf, plans } from '../account/decision.ts'
import { GUARDS, type GuardFinding } from '../account/guard.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { StopCause } from '../account/reasons.ts'
import type { Counts, Outcome, Tally } from '../account/result.ts'
import { count, joinFilled, people, quote, sentenceList, thousands } from '../text/words.ts'

/** How a run ends, and the words for it. */
export interface Ending {
  readonly outcome: Outcome
  /** Guard or cause; empty on success. */
  readonly reason: string
  readonly headline: string
  /** What was changed so far. */
  readonly changed: string
  /** What to do next; may be empty. */
  readonly next: string
}

/** The ending before anything is known: what the outputs say of a run that is killed. */
export const UNFINISHED: Ending = {
  outcome: 'failed',
  reason: 'unexpected',
  headline: 'The run did not finish.',
  changed: 'The journal has what was changed until then.',
  next: 'Read the journal in the results artifact, then run again: accounts that are inactive already are not changed again.',
}

/** Outcomes with which the step succeeds. */
export function isGreen(outcome: Outcome): boolean {
  return outcome === 'planned' || outcome === 'nothing-to-do' || outcome === 'completed'
}

/** A guard stopped the run before the first change; the first in the contract's order names it. */
export function refusedEnding(findings: readonly GuardFinding[]): Ending {
  const refusals = findings
    .filter(({ verdict }) => verdict === 'refused')
    .toSorted((a, b) => GUARDS.indexOf(a.guard) - GUARDS.indexOf(b.guard))
  const [headline = '', ...others] = refusals.map(({ message }) => message)
  return {
    outcome: 'refused',
    reason: refusals[0]?.guard ?? 'unexpected',
    headline: others.length === 0 ? headline : `${headline} Also: ${others.join(' ')}`,
    changed: 'Nothing was changed.',
    next: joinFilled([...new Set(refusals.map(({ fix }) => fix))], ' '),
  }
}

/** An error that nobody foresaw. */
export function unexpectedEnding(message: string, { counts }: Tally, mode: Mode): Ending {
  return {
    outcome: 'failed',
    reason: 'unexpected',
    headline: `The run failed unexpectedly: ${message}.`,
    changed: changedSentence(counts, mode),
    next: 'The states of all accounts are in results.csv. Run again once the cause is gone: accounts that are inactive already are not changed again.',
  }
}

/** What an ending goes by. */
export interface EndingFacts {
  readonly mode: Mode
  readonly change: Change
  readonly tally: Tally
  readonly stopCause: StopCause | null
  /** Every canary was changed and seen changed, and the pause after them is over; true in a run that changes nobody. */
  readonly canaryPassed: boolean
  readonly byDirectoryAlone: number
  /** In `find`: lines of the inclusions to which nobody in the directory answers. */
  readonly unanswered?: readonly LeftOut[]
}

/** An ending without what follows from the counts; what is left out is empty. */
type News = Pick<Ending, 'outcome' | 'headline'> & Partial<Ending>

/** The ending of a run that got past its guards, from what stopped it and what became of the accounts. */
export function endingOf(facts: EndingFacts): Ending {
  return { reason: '', next: '', ...newsOf(facts), changed: changedSentence(facts.tally.counts, facts.mode) }
}

function newsOf(facts: EndingFacts): News {
  const { mode, change, tally, stopCause, canaryPassed } = facts
  const { counts, targets, unconfirmed } = tally
  const left = counts['not-attempted'] + counts.planned
  // A deadline that came when every account had been begun has left nothing undone.
  const late = stopCause === 'deadline' && left === 0 && canaryPassed && mode !== 'find'
  if (stopCause !== null && !late) return stopNews(stopCause, mode, left)
  if (mode === 'verify') return verifyNews(facts)
  const open = plans(mode) ? 0 : left
  if (counts.failed + counts.unknown + open > 0) {
    const next = 'The reports say what to do about each. Then run again: accounts that are done are not changed again.'
    return { outcome: 'failed', reason: 'accounts-failed', headline: failedNews(tally, mode, open), next }
  }
  if (mode === 'find') return findNews(facts)
  if ((mode === 'plan' ? left : targets) === 0)
    return { outcome: 'nothing-to-do', headline: 'No account is left to change.' }
  if (mode === 'plan') {
    const headline = `Plan: ${thousands(left)} of ${count(counts.listed, 'listed account')} would be ${pastOf(change)}.`
    const applying = change === 'restore' ? 'restore' : 'apply'
    const next = `To go on, run mode "${applying}" with this list and "approved-plan" set to the plan digest.`
    return { outcome: 'planned', headline, next }
  }
  if (unconfirmed > 0) {
    const headline = `${count(unconfirmed, 'account')} did not show the change when read back.`
    const next = `Run mode "verify" on this run's results in a while, and look at those accounts on admin.atlassian.com.`
    return { outcome: 'failed', reason: 'accounts-not-verified', headline, next }
  }
  const done = changedIn(counts)
  const changed = `${count(done, 'account was', 'accounts were')} ${pastWord(counts)} and confirmed by a read.`
  const headline = done === 0 ? 'All accounts were already in the intended state.' : changed
  return { outcome: 'completed', headline }
}

/** `4 of 44 accounts failed; 40 were deactivated.` */
function failedNews({ counts, targets }: Tally, mode: Mode, open: number): string {
  const parts = [
    [counts.failed, 'failed'],
    [counts.unknown, 'ended in an unknown state'],
    [open, open === 1 ? 'was not attempted' : 'were not attempted'],
  ] as const
  const told = parts
    .filter(([number]) => number > 0)
    .map(([number, what], at) => `${thousands(number)}${at === 0 ? ` of ${count(targets, 'account')}` : ''} ${what}`)
  const changed = changedIn(counts)
  const nobody = counts.unknown > 0 ? 'nobody is known to be changed' : 'nobody was changed'
  const done = changed === 0 ? nobody : `${count(changed, 'was', 'were')} ${pastWord(counts)}`
  return `${sentenceList(told)}; ${changes(mode) ? done : `${thousands(counts.planned)} would be changed`}.`
}

const changedIn = (counts: Counts): number => counts.deactivated + counts.restored
const pastWord = (counts: Counts): string => (counts.restored > 0 ? 'restored' : 'deactivated')

const AGAIN = 'Run again for the rest: accounts that are done are not changed again.'

/** What stopped a run; the headline goes on with how many accounts it left. */
const STOPS: Readonly<Record<StopCause, Pick<Ending, 'headline' | 'next'>>> = {
  'canary-failed': {
    headline: 'A canary account could not be changed',
    next: 'Find the cause in the reports, and correct the list or the permissions before the next run.',
  },
  'canary-not-verified': {
    headline: 'A canary account did not show the change when read back',
    next: 'Look at the canary account on admin.atlassian.com before the next run.',
  },
  'too-many-failures': {
    headline: 'More accounts failed than "max-failures" allows',
    next: `The reports say what to do about each. ${AGAIN}`,
  },
  'key-rejected': {
    headline: 'Atlassian rejected the API key in the middle of the run',
    next: `The key may have expired or been revoked: create a new organization API key without scopes, and store it in the secret. ${AGAIN}`,
  },
  deadline: { headline: 'The run reached "deadline-minutes" before the end of the list', next: AGAIN },
  cancelled: { headline: 'The run was cancelled', next: AGAIN },
  unexpected: {
    headline: 'The journal could no longer be written, so nothing further was sent',
    next: `Make room on the runner's disk. ${AGAIN}`,
  },
}

function stopNews(reason: StopCause, mode: Mode, left: number): News {
  const isCut = mode === 'find' || reason === 'deadline' || reason === 'cancelled'
  const outcome = reason === 'unexpected' ? 'failed' : isCut ? 'partial' : 'halted'
  const unread = 'The directory was not read to its end, so no list was written.'
  if (mode === 'find') return { outcome, reason, headline: unread, next: 'Run again.' }
  const { headline, next } = STOPS[reason]
  const rest = left === 0 ? '' : `; ${count(left, 'account was', 'accounts were')} not started`
  return { outcome, reason, headline: `${headline}${rest}.`, next }
}

function verifyNews({ tally: { counts }, byDirectoryAlone }: EndingFacts): News {
  const back = counts['already-active']
  if (back > 0) {
    const headline = `${count(back, 'account')} came back: active again since the results were written.`
    const next =
      'The reports name each one with its likely cause. Anybody who is synced from elsewhere must be deactivated there; then apply again.'
    return { outcome: 'failed', reason: 'accounts-reactivated', headline, next }
  }
  if (counts.unknown > 0) {
    const headline = `${count(counts.unknown, 'account')} could not be read.`
    return { outcome: 'failed', reason: 'accounts-not-verified', headline, next: 'Run mode "verify" again in a while.' }
  }
  const inactive = counts['already-inactive']
  if (inactive === 0) return { outcome: 'nothing-to-do', headline: 'The results name no account that was deactivated.' }
  const lag = `, ${thousands(byDirectoryAlone)} of them as the directory alone shows, which may lag`
  const headline = `All ${count(inactive, 'account')} in the results are still inactive${byDirectoryAlone === 0 ? '' : lag}.`
  return { outcome: 'completed', headline }
}

/** Unresolved lines that the headline quotes; the reports name all. */
const MOST_QUOTED = 20

function findNews({ tally: { counts }, unanswered = [] }: EndingFacts): News {
  const found = `${people(counts.planned)} of ${count(counts.listed, 'active managed person', 'active managed people')}`
  if (unanswered.length > 0) {
    const lines = unanswered.slice(0, MOST_QUOTED).map(({ who, from }) => `${quote(who)} (${from})`)
    const quoted = `${lines.join(', ')}${unanswered.length > lines.length ? ' …' : ''}`
    const headline = `Nobody in the directory matches ${count(unanswered.length, 'line')} of the inclusions: ${quoted}. The list was written with the others: ${found}.`
    const next =
      'Correct or remove those lines. Somebody whose account is gone, or belongs to another organization, cannot be found.'
    return { outcome: 'failed', reason: 'accounts-not-found', headline, next }
  }
  if (counts.planned === 0) return { outcome: 'nothing-to-do', headline: `Nobody was found: the rules leave ${found}.` }
  const next = 'Review the list, users.csv, then run mode "plan" with it as "users-file".'
  return { outcome: 'planned', headline: `Found ${found}.`, next }
}

function changedSentence(counts: Counts, mode: Mode): string {
  if (!changes(mode)) return 'Nothing was changed.'
  const changed = changedIn(counts)
  // An unknown account may be changed: that is what unknown means.
  const doubt = counts.unknown === 0 ? '' : `; ${count(counts.unknown, 'account')} ended in an unknown state`
  if (changed > 0) return `${count(changed, 'account was', 'accounts were')} ${pastWord(counts)}${doubt}.`
  return doubt === '' ? 'Nothing was changed.' : `Nothing is known to be changed${doubt}.`
}
