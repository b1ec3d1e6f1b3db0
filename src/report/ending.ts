import type { Tally } from '../account/counts.ts'
import { type Change, pastOf } from '../account/decision.ts'
import { GUARDS, type GuardFinding } from '../account/guard.ts'
import type { LeftOut } from '../account/left-out.ts'
import { changes, type Mode, plans } from '../account/mode.ts'
import type { StopCause } from '../account/reasons.ts'
import type { Counts, Outcome } from '../account/result.ts'
import { count, people, quote, sentenceList, thousands } from '../text/words.ts'

/** How a run ends, and the words for it. */
export interface Ending {
  readonly outcome: Outcome
  /** Guard or cause; empty on success. */
  readonly reason: string
  /** What happened. */
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
  headline: 'The run did not come to its end.',
  changed: 'What was changed until then stands in the journal.',
  next: 'Read the journal in the results artifact, then run again: accounts that are inactive already are not changed again.',
}

/** Outcomes with which the step succeeds. */
export function isGreen(outcome: Outcome): boolean {
  return outcome === 'planned' || outcome === 'nothing-to-do' || outcome === 'completed'
}

/** A guard stopped the run before the first change; the first in the contract's order names it. */
export function refusedEnding(findings: readonly GuardFinding[]): Ending {
  const refusals = findings
    .filter((finding) => finding.verdict === 'refused')
    .toSorted((a, b) => GUARDS.indexOf(a.guard) - GUARDS.indexOf(b.guard))
  const [first, ...others] = refusals
  const also = others.length === 0 ? '' : ` Also: ${others.map((other) => other.message).join(' ')}`
  const fixes = [...new Set(refusals.map((refusal) => refusal.fix))].filter((fix) => fix !== '')
  return {
    outcome: 'refused',
    reason: first?.guard ?? 'unexpected',
    headline: `${first?.message ?? ''}${also}`,
    changed: 'Nothing was changed.',
    next: fixes.join(' '),
  }
}

/** An error that nobody foresaw. */
export function unexpectedEnding(message: string, { counts }: Tally, mode: Mode): Ending {
  return {
    outcome: 'failed',
    reason: 'unexpected',
    headline: `The run failed unexpectedly: ${message}.`,
    changed: changedSentence(counts, mode),
    next: 'The states of all accounts stand in results.csv. Run again once the cause is gone: accounts that are inactive already are not changed again.',
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
  /** Accounts whose status the directory alone told. */
  readonly byDirectoryAlone: number
  /** In `find`: lines of the inclusions to which nobody in the directory answers. */
  readonly unanswered?: readonly LeftOut[]
}

/** The ending of a run that got past its guards, from what stopped it and what became of the accounts. */
export function endingOf(facts: EndingFacts): Ending {
  const { mode, change, tally, stopCause, canaryPassed } = facts
  const { counts, targets, unconfirmed } = tally
  const ending = (outcome: Outcome, reason: string, headline: string, next: string): Ending => ({
    outcome,
    reason,
    headline,
    changed: changedSentence(counts, mode),
    next,
  })
  const left = counts['not-attempted'] + counts.planned
  // A deadline that came when every account had been begun has left nothing undone.
  const late = stopCause === 'deadline' && left === 0 && canaryPassed && mode !== 'find'
  if (stopCause !== null && !late) {
    return mode === 'find' ? cutShortEnding(stopCause, ending) : stoppedEnding(stopCause, counts, ending)
  }
  if (mode === 'verify') return verifyEnding(facts, ending)
  const open = plans(mode) ? 0 : left
  if (counts.failed + counts.unknown + open > 0) {
    return ending('failed', 'accounts-failed', failedNews(tally, mode, open), FAILED_NEXT)
  }
  if (mode === 'find') return findEnding(facts, ending)
  if (mode === 'plan') {
    if (left === 0) return ending('nothing-to-do', '', NOTHING_LEFT, '')
    return ending(
      'planned',
      '',
      `Plan: ${thousands(left)} of ${count(counts.listed, 'listed account')} would be ${pastOf(change)}.`,
      `To go on, run mode "${change === 'restore' ? 'restore' : 'apply'}" with this list and "approved-plan" set to the plan digest.`,
    )
  }
  if (targets === 0) return ending('nothing-to-do', '', NOTHING_LEFT, '')
  if (unconfirmed > 0) {
    return ending(
      'failed',
      'accounts-not-verified',
      `${count(unconfirmed, 'account')} did not show the change when read back.`,
      'Run mode "verify" on this run\'s results in a while, and look at those accounts on admin.atlassian.com.',
    )
  }
  const changed = counts.deactivated + counts.restored
  return ending(
    'completed',
    '',
    changed === 0
      ? 'All accounts were in the wanted state already.'
      : `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} ${pastWord(counts)} and confirmed by a read.`,
    '',
  )
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
  const changed = counts.deactivated + counts.restored
  if (!changes(mode)) return `${sentenceList(told)}; ${thousands(counts.planned)} would be changed.`
  const done = `${thousands(changed)} ${changed === 1 ? 'was' : 'were'} ${pastWord(counts)}`
  const nobody = counts.unknown > 0 ? 'nobody is known to be changed' : 'nobody was changed'
  return `${sentenceList(told)}; ${changed === 0 ? nobody : done}.`
}

function pastWord(counts: Counts): string {
  return counts.restored > 0 ? 'restored' : 'deactivated'
}

const NOTHING_LEFT = 'Nothing to do: no account is left to change.'
const FAILED_NEXT =
  'The reports say for each what to do. Run again afterwards: accounts that are done are not changed again.'

type MakeEnding = (outcome: Outcome, reason: string, headline: string, next: string) => Ending

function stoppedEnding(cause: StopCause, counts: Counts, ending: MakeEnding): Ending {
  const left = count(counts['not-attempted'] + counts.planned, 'account')
  const again = 'Run again for the rest: accounts that are done are not changed again.'
  switch (cause) {
    case 'canary-failed':
      return ending(
        'halted',
        cause,
        'A canary account could not be changed, so the rest was not begun.',
        'See in the reports why it failed, and correct the list or the permissions before the next run.',
      )
    case 'canary-not-verified':
      return ending(
        'halted',
        cause,
        'A canary account did not show the change when read back, so the rest was not begun.',
        'Look at the canary account on admin.atlassian.com before the next run.',
      )
    case 'too-many-failures':
      return ending(
        'halted',
        cause,
        `More accounts failed than "max-failures" allows, so ${left} were not begun.`,
        `The reports say for each what to do. ${again}`,
      )
    case 'key-rejected':
      return ending(
        'halted',
        cause,
        `Atlassian rejected the API key in the middle of the run, so ${left} were not begun.`,
        `The key may have expired or been revoked: create a new organization API key without scopes, store it in the secret. ${again}`,
      )
    case 'deadline':
      return ending(
        'partial',
        cause,
        `The deadline of "deadline-minutes" came before the end of the list, so ${left} were not begun.`,
        again,
      )
    case 'cancelled':
      return ending('partial', cause, `The run was cancelled, so ${left} were not begun.`, again)
    case 'unexpected':
      return ending(
        'failed',
        cause,
        `The journal could not be written any more, so nothing further was sent: ${left} were not begun.`,
        `Make room on the runner's disk. ${again}`,
      )
  }
}

function verifyEnding({ tally: { counts }, byDirectoryAlone }: EndingFacts, ending: MakeEnding): Ending {
  const back = counts['already-active']
  if (back > 0) {
    return ending(
      'failed',
      'accounts-reactivated',
      `${count(back, 'account')} came back: active again since the results were written.`,
      'The reports name each with the likely cause. Whoever is synced from elsewhere must be taken out there; then apply again.',
    )
  }
  if (counts.unknown > 0) {
    return ending(
      'failed',
      'accounts-not-verified',
      `${count(counts.unknown, 'account')} could not be read.`,
      'Run mode "verify" again in a while.',
    )
  }
  if (counts['already-inactive'] === 0)
    return ending('nothing-to-do', '', 'The results name no account that was deactivated.', '')
  return ending(
    'completed',
    '',
    `All ${count(counts['already-inactive'], 'account')} of the results are still inactive${byDirectoryAlone === 0 ? '' : `, ${thousands(byDirectoryAlone)} of them as the directory alone shows, which may lag`}.`,
    '',
  )
}

function cutShortEnding(cause: StopCause, ending: MakeEnding): Ending {
  const headline = 'The directory was not read to its end, so no list was written.'
  return ending(cause === 'unexpected' ? 'failed' : 'partial', cause, headline, 'Run again.')
}

/** Unresolved lines that the headline quotes; the reports name all. */
const MOST_QUOTED = 20

function findEnding({ tally: { counts }, unanswered = [] }: EndingFacts, ending: MakeEnding): Ending {
  const found = `${people(counts.planned)} of ${count(counts.listed, 'active managed person', 'active managed people')}`
  if (unanswered.length > 0) {
    const lines = unanswered.slice(0, MOST_QUOTED).map(({ who, from }) => `${quote(who)} (${from})`)
    const more = unanswered.length > lines.length ? ' …' : ''
    return ending(
      'failed',
      'accounts-not-found',
      `Nobody in the directory answers to ${count(unanswered.length, 'line')} of the inclusions: ${lines.join(', ')}${more}. The list was written with the others: ${found}.`,
      'Correct or remove those lines. Somebody whose account is gone, or belongs to another organization, cannot be found.',
    )
  }
  if (counts.planned === 0) {
    return ending('nothing-to-do', '', `Nobody was found: the rules leave ${found}.`, '')
  }
  return ending(
    'planned',
    '',
    `Found ${found} whom the rules leave.`,
    'Review the list, users.csv, then run mode "plan" with it as "users-file".',
  )
}

function changedSentence(counts: Counts, mode: Mode): string {
  const changed = counts.deactivated + counts.restored
  // An unknown account may be changed: that is what unknown means.
  const unknown = changes(mode) ? counts.unknown : 0
  const doubt = unknown === 0 ? '' : `; ${count(unknown, 'account')} ended in an unknown state`
  if (!changes(mode) || changed === 0)
    return unknown === 0 ? 'Nothing was changed.' : `Nothing is known to be changed${doubt}.`
  return `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} ${pastWord(counts)}${doubt}.`
}
