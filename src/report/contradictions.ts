import { type AccountResult, isChanged, type State, type Verified } from '../account/result.ts'

/** States in which an account may end that was to be changed; in a verification it may have come back. */
const STATES_OF: Readonly<Record<'deactivate' | 'restore', readonly State[]>> = {
  deactivate: ['planned', 'deactivated', 'already-inactive', 'already-active', 'failed', 'unknown', 'not-attempted'],
  restore: ['planned', 'restored', 'already-active', 'failed', 'unknown', 'not-attempted'],
}
/** States in which reading the account may have shown that. */
const READ_IN: Readonly<Record<Exclude<Verified, ''>, readonly State[]>> = {
  yes: ['deactivated', 'restored', 'already-inactive', 'already-active'],
  no: ['deactivated', 'restored', 'already-inactive', 'already-active'],
  unread: ['deactivated', 'restored', 'unknown'],
}

/** What no run leaves in one line of its results (contract, sections 4 to 6): words, and whether a line is so. */
export const CONTRADICTIONS: Readonly<Record<string, (result: AccountResult) => boolean>> = {
  'it was left alone, but nothing says why': ({ decision, reason }) => decision === 'skip' && reason === '',
  'it was not left alone, but a reason for that is given': ({ decision, reason }) =>
    decision !== 'skip' && reason !== '',
  'it was left alone, but its state is not the one that its reason gives': ({ decision, reason, state }) =>
    decision === 'skip' &&
    state !== (reason === 'already-inactive' || reason === 'already-active' ? reason : 'skipped'),
  'its state is none that its decision can lead to': ({ decision, state }) =>
    decision !== 'skip' && !STATES_OF[decision].includes(state),
  'it was changed, but no request was sent': (result) => isChanged(result) && result.attempts === 0,
  'no request was sent, but one was answered, or took time': ({ attempts, httpStatus, startedAt, finishedAt }) =>
    attempts === 0 && (httpStatus !== 0 || startedAt !== '' || finishedAt !== ''),
  'requests were sent, but it was left alone, or only planned': ({ attempts, decision, state }) =>
    attempts > 0 && (decision === 'skip' || state === 'planned'),
  'requests were sent, but at no time': ({ attempts, startedAt }) => attempts > 0 && startedAt === '',
  'it was changed, but at no time': (result) => isChanged(result) && result.finishedAt === '',
  'it was read back, but not in its state': ({ verified, state }) =>
    verified !== '' && !READ_IN[verified].includes(state),
  'it came back in a verification, but requests were sent': ({ decision, state, attempts }) =>
    decision === 'deactivate' && state === 'already-active' && attempts > 0,
}

const KNOWN = Object.entries(CONTRADICTIONS)

/** Why the line cannot be one that this action wrote; null where it can. */
export function contradictionIn(result: AccountResult): string | null {
  const found = KNOWN.find(([, isSo]) => isSo(result))
  return found === undefined ? null : `The line contradicts itself: ${found[0]}.`
}

/** The same of all lines together: a run makes one kind of change, and a plan makes none. */
export function contradictionAmong(results: Iterable<AccountResult>): string | null {
  const found = { deactivate: false, restore: false, skip: false, planned: false, sent: false }
  for (const { decision, state, attempts } of results) {
    found[decision] = true
    if (state === 'planned') found.planned = true
    if (attempts > 0) found.sent = true
  }
  const told = (what: string): string => `The lines contradict each other: ${what}.`
  if (found.deactivate && found.restore) return told('some accounts were to be deactivated, others to be restored')
  return found.planned && found.sent ? told('some accounts are only planned, others were changed') : null
}
