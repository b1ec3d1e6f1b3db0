import type { Change, SkipReason } from '../account/decision.ts'
import type { GuardFinding } from '../account/guard.ts'
import { changes, type Mode, plans } from '../account/mode.ts'
import type { Outcome, State, Verified } from '../account/result.ts'
import { count } from '../text/words.ts'
import type { RunReport } from './report.ts'

/** The states as people say them. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  planned: 'Planned',
  deactivated: 'Deactivated',
  restored: 'Restored',
  'already-inactive': 'Inactive already',
  'already-active': 'Active already',
  skipped: 'Left alone',
  failed: 'Failed',
  unknown: 'Unknown',
  'not-attempted': 'Not attempted',
}

/** The same, where a verification read the accounts. */
const VERIFY_WORDS: Partial<Readonly<Record<State, string>>> = {
  'already-inactive': 'Still inactive',
  'already-active': 'Came back',
  unknown: 'Could not be read',
}

export const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  'executing-user': 'Owns the API key, or runs this',
  excluded: 'On the exclusion list',
  'not-included': 'Not covered by "include"',
  'not-due': 'Last day of access is not over',
  'not-found': 'Atlassian knows no such account',
  'not-a-person': 'An app or a customer account, not a person',
  unmanaged: 'Not a managed account of the organization',
  'identity-mismatch': 'The e-mail in the list is not the one that Atlassian has',
  'org-admin': 'Administrator of the organization',
  'already-inactive': 'Inactive already',
  'already-active': 'Active already',
  'recently-active': 'Active within "idle-days"',
  'scim-managed': 'Managed by an identity provider (SCIM)',
  'not-manageable': 'Atlassian does not allow the change',
  'fact-unknown': 'Nobody told a fact that a protection asks for',
}

export const VERIFIED_WORDS: Readonly<Record<Verified, string>> = {
  yes: 'Confirmed',
  no: 'Not confirmed',
  unread: 'Could not be read',
  '': '–',
}

export const VERDICT_WORDS: Readonly<Record<GuardFinding['verdict'], string>> = {
  passed: 'Passed',
  refused: 'Refused',
  reported: 'Would refuse',
  waived: 'Waived',
  'not-checked': 'Not checked',
}

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  plan: 'Plan',
  apply: 'Deactivation',
  restore: 'Restore',
  verify: 'Verification',
  find: 'Search',
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  planned: 'Planned',
  'nothing-to-do': 'Nothing to do',
  completed: 'Completed',
  partial: 'Stopped early',
  halted: 'Halted',
  refused: 'Refused',
  failed: 'Failed',
}

/** `Deactivated`, or `Still inactive` where a verification only read. */
export function stateWords(state: State, mode: Mode): string {
  return (mode === 'verify' ? VERIFY_WORDS[state] : undefined) ?? STATE_WORDS[state]
}

/** `deactivated` or `restored`. */
export function pastOf(change: Change): string {
  return change === 'restore' ? 'restored' : 'deactivated'
}

/** `1 person`, `12 people`. */
export function people(number: number): string {
  return count(number, 'person', 'people')
}

/** The verdict as a title that needs no knowledge of the action. */
export function verdictTitle(report: RunReport): string {
  const { outcome, mode, change, counts } = report
  const changed = counts.deactivated + counts.restored
  const done = `${people(changed)} ${changed === 1 ? 'was' : 'were'} ${pastOf(change)}`
  switch (outcome) {
    case 'planned':
      if (mode === 'find') return `Found: ${people(counts.planned)} to review`
      return `Plan: ${people(counts.planned)} would be ${pastOf(change)}`
    case 'nothing-to-do':
      if (mode === 'find') return 'Nobody was found'
      return mode === 'verify' ? 'Nothing to verify' : 'Nothing to do: nobody is left to change'
    case 'completed':
      if (mode === 'verify') return `Nobody came back: ${people(counts['already-inactive'])} still inactive`
      return changed === 0 ? `Completed: everybody was ${pastOf(change)} already` : `Completed: ${done}`
    case 'refused':
      return mode === 'plan' ? 'Refused: this plan must not be applied' : 'Refused: nothing was changed'
    case 'failed':
      if (report.reason === 'accounts-reactivated') return `${people(counts['already-active'])} came back`
      return !changes(mode) ? `${MODE_WORDS[mode]} failed` : `Not all went well: ${done}`
    default:
      return !changes(mode) ? OUTCOME_WORDS[outcome] : `${OUTCOME_WORDS[outcome]}: ${done}`
  }
}

/** Whom Atlassian e-mails: said wherever people are deactivated, because nothing can suppress it. Else empty. */
export function mailSentence({ change, mode, outcome, counts, emailed }: RunReport): string {
  if (change !== 'deactivate' || mode === 'verify' || mode === 'restore' || outcome === 'refused') return ''
  if (plans(mode)) {
    if (counts.planned === 0) return ''
    const whom = emailed === counts.planned ? 'each of them' : `${people(emailed)} of them`
    const would = `${people(counts.planned)} would be deactivated`
    return `${would}, and Atlassian will e-mail ${whom}; nothing can suppress that.`
  }
  return emailed === 0 ? '' : `Atlassian has e-mailed ${people(emailed)}.`
}
