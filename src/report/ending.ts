import { countStates } from '../account/counts.ts'
import { GUARDS, type GuardFinding } from '../account/guard.ts'
import type { Mode } from '../account/mode.ts'
import type { StopCause } from '../account/reasons.ts'
import { type AccountResult, type Counts, isChanged, type Outcome } from '../account/result.ts'
import { count, sentenceList, thousands } from '../text/words.ts'

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
export function unexpectedEnding(message: string, accounts: readonly AccountResult[], mode: Mode): Ending {
  return {
    outcome: 'failed',
    reason: 'unexpected',
    headline: `The run failed unexpectedly: ${message}.`,
    changed: changedSentence(countStates(accounts), mode),
    next: 'The states of all accounts stand in results.csv. Run again once the cause is gone: accounts that are inactive already are not changed again.',
  }
}

/** The ending of a run that got past its guards, from what stopped it and what became of the accounts. */
export function endingOf(mode: Mode, accounts: readonly AccountResult[], stopCause: StopCause | null): Ending {
  const counts = countStates(accounts)
  const ending = (outcome: Outcome, reason: string, headline: string, next: string): Ending => ({
    outcome,
    reason,
    headline,
    changed: changedSentence(counts, mode),
    next,
  })
  // A deadline that came when every account had been begun has left nothing undone.
  const late = stopCause === 'deadline' && counts['not-attempted'] + counts.planned === 0
  if (stopCause !== null && !late) return stoppedEnding(stopCause, counts, ending)
  if (mode === 'verify') return verifyEnding(counts, ending)
  const failed = counts.failed + counts.unknown
  if (failed > 0) {
    const what = sentenceList([
      ...(counts.failed > 0 ? [`${count(counts.failed, 'account')} failed`] : []),
      ...(counts.unknown > 0 ? [`${count(counts.unknown, 'account')} ended in an unknown state`] : []),
    ])
    return ending('failed', 'accounts-failed', `The run went through the whole list, but ${what}.`, FAILED_NEXT)
  }
  const targets = accounts.filter((account) => account.decision !== 'skip')
  const open = targets.filter((account) => account.state === 'not-attempted' || account.state === 'planned').length
  const changed = counts.deactivated + counts.restored
  if (mode === 'plan') {
    if (open === 0) return ending('nothing-to-do', '', NOTHING_LEFT, '')
    return ending(
      'planned',
      '',
      planHeadline(open, counts.listed, targets),
      'To go on, run mode "apply" with this list and "approved-plan" set to the plan digest.',
    )
  }
  if (targets.length === 0) return ending('nothing-to-do', '', NOTHING_LEFT, '')
  const unverified = targets.filter((account) => isChanged(account) && account.verified !== 'yes').length
  if (unverified > 0) {
    return ending(
      'failed',
      'accounts-not-verified',
      `${count(unverified, 'account')} did not show the change when read back.`,
      'Run mode "verify" on this run\'s results in a while, and look at those accounts on admin.atlassian.com.',
    )
  }
  return ending(
    'completed',
    '',
    changed === 0 ? 'All accounts were in the wanted state already.' : 'The run is complete.',
    '',
  )
}

const NOTHING_LEFT = 'There is nothing to do: no account is left to change.'
const FAILED_NEXT =
  'The table of failures says what to do for each. Run again afterwards: accounts that are done are not changed again.'

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
        'See in the table why it failed, and correct the list or the permissions before the next run.',
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
        `The table of failures says what to do for each. ${again}`,
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
  }
}

function verifyEnding(counts: Counts, ending: MakeEnding): Ending {
  const back = counts['already-active']
  if (back > 0) {
    return ending(
      'failed',
      'accounts-reactivated',
      `${count(back, 'account')} came back: active again since the results were written.`,
      'The table names them with the likely cause. An account that an identity provider synchronises must be taken out there; then apply again.',
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
    `All ${count(counts['already-inactive'], 'account')} of the results are still inactive.`,
    '',
  )
}

function planHeadline(open: number, listed: number, targets: readonly AccountResult[]): string {
  const verb = targets[0]?.decision === 'restore' ? 'restored' : 'deactivated'
  return `Plan: ${thousands(open)} of ${count(listed, 'listed account')} would be ${verb}.`
}

function changedSentence(counts: Counts, mode: Mode): string {
  const changed = counts.deactivated + counts.restored
  if (mode === 'plan' || mode === 'verify' || changed === 0) return 'Nothing was changed.'
  return `${count(changed, 'account')} ${changed === 1 ? 'was' : 'were'} ${counts.restored > 0 ? 'restored' : 'deactivated'}.`
}
