import type { Cause, CauseCode } from '../account/cause.ts'
import type { AccountResult } from '../account/result.ts'

/** What stands before Atlassian's key and words. */
const WORDS: Readonly<Record<CauseCode, string>> = {
  refused: '',
  conflict: '',
  blocked: '',
  unreachable: 'Atlassian could not be reached',
  throttled: 'Atlassian kept answering 429 (too many requests)',
  'answer-lost': 'the answer was lost, and a read shows the account unchanged',
  'answer-lost-done': 'the answer was lost; a read showed that it was done',
  'answer-lost-unread': 'the answer was lost or unclear, and the account could not be read',
  'run-ended': 'the run ended before the answer was known',
  'journal-unreadable': "nobody knows what became of it: the run's journal could not be read",
  'key-rejected': 'the key was rejected',
  unreadable: 'it could not be read',
  'not-read-back': 'could not be read back',
  undone: 'was undone during the pause',
  'not-told': 'neither the list nor Atlassian tells what a protection asks for',
  synced: 'synced from an identity provider',
}

/** Why something is as it is, in one line: our words, Atlassian's key, then its words. */
export function causeText(cause: Cause | null): string {
  if (cause === null) return ''
  return [WORDS[cause.code], cause.key, cause.words].filter((part) => part !== '').join(': ')
}

const TIMES = ['', '', ' twice', ' three times', ' four times', ' five times']
const times = (attempts: number): string => TIMES[attempts] ?? ` ${attempts} times`

/** What went wrong with an account, as a sentence without its full stop. */
export function failureWords({ cause, state, verified, httpStatus, attempts }: AccountResult): string {
  const within = cause === null || cause.key === '' ? '' : ` (${cause.key})`
  const answer =
    httpStatus === 0
      ? `No answer came${times(attempts)}${within}`
      : `Atlassian answered HTTP ${httpStatus}${times(attempts)}`
  switch (cause?.code) {
    case 'refused':
    case 'conflict':
    case 'blocked':
      return httpStatus === 0 ? 'Atlassian refused the change' : `Atlassian refused the change (HTTP ${httpStatus})`
    case 'unreachable':
      return `Atlassian could not be reached${within}`
    case 'throttled':
      return `Atlassian answered HTTP 429${times(attempts)}: its rate limit did not let the change through`
    case 'answer-lost':
      return `${answer}; a read shows the account unchanged`
    case 'answer-lost-unread':
      return `${answer}; the account could not be read afterwards`
    case 'run-ended':
      return 'The run ended before the answer came'
    case 'journal-unreadable':
      return "The run's journal could not be read"
    case 'key-rejected':
      return 'Atlassian rejected the API key'
    case 'unreadable':
      return state === 'failed'
        ? `The account could not be read before the change${within}, and was left alone`
        : `The account could not be read${within}`
    case 'not-read-back':
      return `Atlassian accepted the change, but the account could not be read back${within}`
    case 'undone':
      return 'The change was undone during the pause'
    default:
      return verified === 'unread'
        ? 'Atlassian accepted the change, but the account could not be read back'
        : verified === 'no'
          ? 'Atlassian accepted the change, but a read shows the account unchanged'
          : 'No reason was given'
  }
}

/** Why somebody came back, as far as Atlassian tells. */
export function comebackWords(cause: Cause | null): string {
  if (cause?.code !== 'synced') return 'Atlassian does not say; most often an administrator reactivated the account.'
  const [who, how] =
    cause.key === 'externalDirectory.google' ? ['Google Workspace', 'suspend'] : ['An identity provider', 'deactivate']
  return `${who} syncs the account: ${how} the person there, or its next sync undoes it again.`
}
