import type { Mode, SkipReason } from '../account/decision.ts'
import type { LateActivity } from '../account/facts.ts'
import type { Guard, GuardFinding } from '../account/guard.ts'
import type { Outcome, State, Verified } from '../account/result.ts'
import { count, people, thousands } from '../text/words.ts'
import type { RunReport } from './report.ts'

/** The states as people say them, `read` where a verification read the accounts, and their squares in a bar. */
export const STATE_WORDS: Readonly<Record<State, Readonly<{ words: string; read?: string; square: string }>>> = {
  planned: { words: 'Planned', square: '🟦' },
  deactivated: { words: 'Deactivated', square: '🟩' },
  restored: { words: 'Restored', square: '🟩' },
  'already-inactive': { words: 'Inactive already', read: 'Still inactive', square: '🟫' },
  'already-active': { words: 'Active already', read: 'Came back', square: '🟪' },
  skipped: { words: 'Left alone', square: '⬜' },
  failed: { words: 'Failed', square: '🟥' },
  unknown: { words: 'Unknown', read: 'Could not be read', square: '🟧' },
  'not-attempted': { words: 'Not attempted', square: '🟨' },
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
  'fact-unknown': 'A protection asks for a fact that nobody provided',
}

export const VERIFIED_WORDS: Readonly<Record<Verified, string>> = {
  '': '–',
  yes: 'Confirmed',
  no: 'Not confirmed',
  unread: 'Could not be read',
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

export const VERDICTS: Readonly<Record<GuardFinding['verdict'], Readonly<Record<'mark' | 'words', string>>>> = {
  passed: { mark: '✓', words: 'Passed' },
  refused: { mark: '⛔', words: 'Not met' },
  reported: { mark: '⚠️', words: 'Not met yet' },
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

export const OUTCOMES: Readonly<Record<Outcome, Readonly<Record<'symbol' | 'words' | 'tone', string>>>> = {
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
  const { words, read = words } = STATE_WORDS[state]
  return mode === 'verify' ? read : words
}

/** The news as a title that needs no knowledge of the action. */
export function titleOf({ outcome, mode, reason, headline }: RunReport): string {
  if (outcome === 'refused')
    return mode === 'plan' ? 'Refused: this plan must not be applied' : 'Refused: nothing was changed'
  return reason === 'unexpected' ? 'The run failed unexpectedly' : headline.replace(/\.$/, '')
}

/** What happened beyond the title, in sentences. */
export function storyOf(report: RunReport): readonly string[] {
  const { outcome, reason, headline, changed, live, mode } = report
  const isRefused = outcome === 'refused'
  const offline =
    'Made offline, from the list alone: nothing was read from Atlassian. Live facts can only make it smaller.'
  return [
    // Guards tell for themselves why they refused; where the headline is the title, it is told.
    reason === 'unexpected' ? headline : '',
    tellsChange(report) || (isRefused && mode !== 'plan') ? '' : changed,
    activitySentence(report.activity),
    mailSentence(report),
    mode === 'plan' && !live && !isRefused ? offline : '',
  ].filter((part) => part !== '')
}

/** Whether the headline already says what was changed. */
export function tellsChange({ outcome, reason, mode }: Pick<RunReport, 'outcome' | 'reason' | 'mode'>): boolean {
  const isRead = mode === 'verify' && outcome !== 'refused'
  return isRead || outcome === 'planned' || outcome === 'completed' || reason === 'accounts-failed'
}

/** Whom Atlassian e-mails: said wherever people are deactivated, because nothing can suppress it. Else empty. */
function mailSentence({ change, mode, outcome, counts, emailed }: RunReport): string {
  // Nothing comes of a find by itself.
  if (change !== 'deactivate' || (mode !== 'plan' && mode !== 'apply') || outcome === 'refused') return ''
  if (mode === 'apply') return emailed === 0 ? '' : `Atlassian has e-mailed ${people(emailed)}.`
  if (counts.planned === 0) return ''
  const whom = emailed === counts.planned ? 'each of them' : `${people(emailed)} of them`
  return `Atlassian will e-mail ${whom}; nothing can suppress that.`
}

/** How many were active lately of those who are to be deactivated; empty where there is nobody to tell of. */
export function activitySentence(activity: LateActivity | null): string {
  if (activity === null || activity.people === 0) return ''
  const { last7Days, last30Days, never, unknown } = activity
  if (unknown === activity.people)
    return `Atlassian does not say when the ${people(unknown)} to deactivate ${unknown === 1 ? 'was' : 'were'} last active.`
  const parts = [
    last30Days === 0
      ? 'nobody was active in the last 30 days'
      : `${count(last7Days, 'was', 'were')} active in the last 7 days and ${thousands(last30Days)} in the last 30 days`,
    ...(never > 0 ? [`${count(never, 'was', 'were')} never active`] : []),
    ...(unknown > 0 ? [`for ${thousands(unknown)}, Atlassian does not say`] : []),
  ]
  return `Of the ${people(activity.people)} to deactivate, ${parts.join('; ')}.`
}

/** A digest that is not there to be copied, shortened. */
export function shortDigests(text: string): string {
  return text.replaceAll(/\b(sha256:)?([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1$2…')
}

/**
 * How to go on: what comes next, in sentences, the digest that somebody may approve, and how many guards would refuse
 * the apply as things stand. A plan that is refused, does not know the organization, or is applied by merging its pull
 * request has no digest to approve.
 */
export function wayOn(report: RunReport) {
  const { outcome, next, planDigest, guards, settings } = report
  const blockers = guards.filter(({ guard, verdict }) => verdict === 'reported' && !PENDING.has(guard)).length
  const way = (told: string, digest = '') => ({ next: told, digest, blockers })
  // Guards that refused stand each with what to do.
  if (outcome === 'refused') return way(guards.some(({ verdict }) => verdict === 'refused') ? '' : next)
  if (outcome !== 'planned' || report.mode === 'find') return way(next)
  if (lacksOrganization(report))
    return way('Set "organization-id": without it, the digest of this plan differs from that of its apply.')
  const approval = guards.find(({ guard }) => guard === 'not-approved')
  if (settings['require-approval'] === 'pull-request' && approval?.verdict === 'not-checked') {
    const how = 'merging it applies this plan: the run on the default branch checks that approval itself.'
    return way(`Once somebody else has approved this pull request, ${how}`)
  }
  const digest = /^sha256:[0-9a-f]{64}$/.test(planDigest) ? planDigest : ''
  if (blockers === 0) return way(next, digest)
  const mode = report.change === 'restore' ? 'restore' : 'apply'
  return way(`First see to ${count(blockers, 'guard')} that would refuse the ${mode}, as told below.`, digest)
}

/** What to do next, where no section of its own tells how to carry out the plan. */
export function nextOf(report: RunReport): string {
  const { next, digest, blockers } = wayOn(report)
  return digest === '' || blockers > 0 ? next : ''
}

/** What a plan cannot have yet: they say nothing against it. */
const PENDING: ReadonlySet<Guard> = new Set<Guard>(['plan-mismatch', 'not-approved'])

/** Whether the apply, which knows the organization, will have another digest. */
export function lacksOrganization({ mode, change, organizationId, guards }: RunReport): boolean {
  const isWaived = guards.some(({ guard, verdict }) => guard === 'admins-unknown' && verdict === 'waived')
  return mode === 'plan' && change !== 'restore' && organizationId === '' && !isWaived
}
