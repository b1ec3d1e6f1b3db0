import type { SkipReason } from '../account/decision.ts'
import type { Guard, GuardFinding } from '../account/guard.ts'
import { type Mode, plans } from '../account/mode.ts'
import type { Outcome, State, Verified } from '../account/result.ts'
import { people } from '../text/words.ts'
import { activitySentence } from './live-words.ts'
import type { RunReport } from './report.ts'

/** The states as people say them. */
const STATE_WORDS: Readonly<Record<State, string>> = {
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
  'executing-user': 'Owns an API key',
  excluded: 'On the exclusion list',
  'not-included': 'Not covered by "include"',
  'not-due': 'Last day of access has not passed',
  'not-found': 'Atlassian knows no such account',
  'not-a-person': 'An app or a customer account, not a person',
  unmanaged: 'Not a managed account of the organization',
  'identity-mismatch': "The e-mail in the list differs from Atlassian's",
  'org-admin': 'Administrator of the organization',
  'already-inactive': 'Inactive already',
  'already-active': 'Active already',
  'recently-active': 'Active within "idle-days"',
  'scim-managed': 'Managed by an identity provider (SCIM)',
  'not-manageable': 'Atlassian does not allow the change',
  'fact-unknown': 'A protection asks for a fact that nobody told',
}

export const VERIFIED_WORDS: Readonly<Record<Verified, string>> = {
  yes: 'Confirmed',
  no: 'Not confirmed',
  unread: 'Could not be read',
  '': '–',
}

/** What each guard makes sure of. */
export const GUARD_WORDS: Readonly<Record<Guard, string>> = {
  'invalid-input': 'Inputs are valid',
  'event-not-allowed': 'Event may change accounts',
  'invalid-list': 'List was read whole',
  'results-unreadable': 'Earlier results were read whole',
  'empty-list': 'List names accounts',
  'executing-user-missing': 'Owner of the API key is named',
  'admins-unknown': 'Organization admins are known',
  'key-missing': 'API key is there',
  'plan-mismatch': 'Plan is the approved one',
  'not-approved': 'Approved by somebody else',
  'key-rejected': 'API key is accepted',
  'key-scoped': 'API key has no scopes',
  'directory-unreadable': 'Directory was read',
  'executing-user-unknown': 'Owner of the API key is known',
  'no-account-known': 'Accounts belong to the organization',
  'max-users': 'Number of accounts is within "max-users"',
  'max-percent': 'Share of accounts is within "max-percent"',
}

export const VERDICTS: Readonly<Record<GuardFinding['verdict'], { readonly mark: string; readonly words: string }>> = {
  passed: { mark: '✓', words: 'Passed' },
  refused: { mark: '⛔', words: 'Refused' },
  reported: { mark: '⚠️', words: 'Would refuse' },
  waived: { mark: '🔓', words: 'Waived' },
  'not-checked': { mark: '–', words: 'Not checked' },
}

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  plan: 'Plan',
  apply: 'Deactivation',
  restore: 'Restore',
  verify: 'Verification',
  find: 'Search',
}

export const OUTCOMES: Readonly<
  Record<Outcome, { readonly symbol: string; readonly words: string; readonly tone: 'info' | 'ok' | 'warn' | 'bad' }>
> = {
  planned: { symbol: '📋', words: 'Planned', tone: 'info' },
  'nothing-to-do': { symbol: '💤', words: 'Nothing to do', tone: 'ok' },
  completed: { symbol: '✅', words: 'Completed', tone: 'ok' },
  partial: { symbol: '⏸️', words: 'Stopped early', tone: 'warn' },
  halted: { symbol: '🛑', words: 'Halted', tone: 'bad' },
  refused: { symbol: '⛔', words: 'Refused', tone: 'bad' },
  failed: { symbol: '❌', words: 'Failed', tone: 'bad' },
}

/** `Deactivated`, or `Still inactive` where a verification only read. */
export function stateWords(state: State, mode: Mode): string {
  return (mode === 'verify' ? VERIFY_WORDS[state] : undefined) ?? STATE_WORDS[state]
}

/** The news as a title that needs no knowledge of the action. */
export function titleOf({ outcome, mode, reason, headline }: RunReport): string {
  if (outcome === 'refused') {
    return mode === 'plan' ? 'Refused: this plan must not be applied' : 'Refused: nothing was changed'
  }
  return reason === 'unexpected' ? 'The run failed unexpectedly' : headline.replace(/\.$/, '')
}

/** What happened beyond the title, in sentences. */
export function storyOf(report: RunReport): readonly string[] {
  const { outcome, reason, headline, changed, live, mode } = report
  // Guards tell for themselves why they refused; where the headline is the title, it is told.
  const why = reason === 'unexpected' ? headline : ''
  const isOffline = mode === 'plan' && !live && outcome !== 'refused'
  const offline =
    'Made offline, from the list alone: nothing was read from Atlassian. Live facts can only make it smaller.'
  return [
    why,
    tellsChange(report) || (outcome === 'refused' && mode !== 'plan') ? '' : changed,
    activitySentence(report.activity),
    mailSentence(report),
    isOffline ? offline : '',
  ].filter((part) => part !== '')
}

/** Whether the headline already says what was changed. */
export function tellsChange({ outcome, reason, mode }: Pick<RunReport, 'outcome' | 'reason' | 'mode'>): boolean {
  return (
    outcome === 'planned' ||
    outcome === 'completed' ||
    reason === 'accounts-failed' ||
    (mode === 'verify' && outcome !== 'refused')
  )
}

/** Whom Atlassian e-mails: said wherever people are deactivated, because nothing can suppress it. Else empty. */
function mailSentence({ change, mode, outcome, counts, emailed }: RunReport): string {
  if (change !== 'deactivate' || mode === 'verify' || mode === 'restore' || outcome === 'refused') return ''
  // Nothing comes of a find by itself.
  if (mode === 'find') return ''
  if (!plans(mode)) return emailed === 0 ? '' : `Atlassian has e-mailed ${people(emailed)}.`
  if (counts.planned === 0) return ''
  const whom = emailed === counts.planned ? 'each of them' : `${people(emailed)} of them`
  return `Atlassian will e-mail ${whom}; nothing can suppress that.`
}

/** A digest that is not there to be copied, shortened. */
export function shortDigests(text: string): string {
  return text.replaceAll(/\b(sha256:)?([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1$2…')
}
