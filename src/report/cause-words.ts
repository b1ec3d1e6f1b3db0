import type { Cause, CauseCode } from '../account/cause.ts'
import type { AccountResult } from '../account/result.ts'
import { joinFilled } from '../text/words.ts'

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
  'journal-unreadable': "its fate is unknown: the run's journal could not be read",
  'key-rejected': 'the key was rejected',
  unreadable: 'it could not be read',
  'not-read-back': 'could not be read back',
  undone: 'was undone during the pause',
  'not-told': 'neither the list nor Atlassian provides what a protection asks for',
  synced: 'synced from an identity provider',
}

/** Why something is as it is, in one line: our words, Atlassian's key, then its words. */
export function causeText(cause: Cause | null): string {
  return cause === null ? '' : joinFilled([WORDS[cause.code], cause.key, cause.words], ': ')
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

/** What one of Atlassian's keys means, and what to do about it. */
export interface Explanation {
  readonly words: string
  readonly advice: string
}

const NO_ACCOUNT: Explanation = {
  words: 'No account has this id',
  advice: 'Export the list again: the account may be deleted, or the id damaged by a spreadsheet.',
}

/** Sources: Atlassian's user-management documents, its issue tracker (AX-186, AX-228, ID-9136), people's reports. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  administrative: {
    words: 'Atlassian lets nobody change this account',
    advice: 'Ask Atlassian support, or take the account off the list.',
  },
  'administrative.notMyself': {
    words: 'It is the account that owns the API key',
    advice: 'Nothing to do: nobody can deactivate themselves. Have another administrator do it if it is meant.',
  },
  'authPolicy.saml': {
    words: 'An authentication policy (SAML) governs the account',
    advice: 'Deactivate the person in your identity provider.',
  },
  'blocked.exportControl': {
    words: 'Export control blocks the account',
    advice: 'Ask Atlassian support: only they can change it.',
  },
  'externalDirectory.scim': {
    words: 'An identity provider provisions the account (SCIM)',
    advice: 'Deactivate the person in your identity provider: its next sync would undo it here.',
  },
  'externalDirectory.google': {
    words: 'The account is linked to Google Workspace',
    advice: 'Suspend the person in Google Workspace, or deactivate the account on admin.atlassian.com.',
  },
  myselfOnly: {
    words: 'Only the person can change this account',
    advice: 'Ask the person to close it, or take it off the list.',
  },
  managedAccount: {
    words: 'It is not a managed account of this organization',
    advice: 'Claim and verify its e-mail domain first, or take the account off the list.',
  },
  forbidden: {
    words: 'This API key may not change the account: most often it belongs to another organization',
    advice: 'Check that the list and the API key come from the same organization.',
  },
  'forbidden.targetUnverified': {
    words: 'The e-mail address of the account was never verified',
    advice: 'Have its domain or address verified, or take the account off the list.',
  },
  'forbidden.action': {
    words: 'Atlassian does not allow this change through its API',
    advice: 'Look at the account on admin.atlassian.com: the page there may allow it.',
  },
  'forbidden.insufficientScope': {
    words: 'The API key was created with scopes',
    advice: 'Create an organization API key without scopes, and store it in the secret.',
  },
  unauthorized: {
    words: 'The API key was rejected',
    advice: 'It may be expired or revoked: create a new organization API key without scopes.',
  },
  accountNotFound: NO_ACCOUNT,
  notFound: NO_ACCOUNT,
  'conflict.lifecycleErrors': {
    words: 'Something prevents it, most often a site or a subscription that the person owns',
    advice: 'Hand over or cancel what the person owns, then run again.',
  },
  badRequestFormat: {
    words: 'Atlassian did not understand the request',
    advice: 'Report it to the maintainers of this action, with the journal of the run.',
  },
}

/** Words and advice for what Atlassian said; null where its key is not a known one. */
export function explain(cause: Cause | null): Explanation | null {
  const key = cause?.key ?? ''
  return Object.hasOwn(EXPLANATIONS, key) ? (EXPLANATIONS[key] ?? null) : null
}
