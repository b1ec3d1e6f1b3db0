import type { Cause, CauseCode } from '../account/cause.ts'
import { type AccountResult, hasFailed } from '../account/result.ts'
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

/** What a sentence about a failure may name. What may be empty begins with a blank. */
type Told = Readonly<Record<'answer' | 'status' | 'times' | 'key', string>> & Pick<AccountResult, 'state'>

const refused = ({ status }: Told): string => `Atlassian refused the change${status}`

/** What went wrong, as a sentence without its full stop. */
const FAILURES: Readonly<Partial<Record<CauseCode, (told: Told) => string>>> = {
  refused,
  conflict: refused,
  blocked: refused,
  unreachable: ({ key }) => `Atlassian could not be reached${key}`,
  throttled: ({ times }) => `Atlassian answered HTTP 429${times}: its rate limit did not let the change through`,
  'answer-lost': ({ answer }) => `${answer}; a read shows the account unchanged`,
  'answer-lost-unread': ({ answer }) => `${answer}; the account could not be read afterwards`,
  'run-ended': () => 'The run ended before the answer came',
  'journal-unreadable': () => "The run's journal could not be read",
  'key-rejected': () => 'Atlassian rejected the API key',
  unreadable: ({ key, state }) =>
    `The account could not be read${state === 'failed' ? ` before the change${key}, and was left alone` : key}`,
  'not-read-back': ({ key }) => `Atlassian accepted the change, but the account could not be read back${key}`,
  undone: () => 'The change was undone during the pause',
}

const TIMES = ['', '', ' twice', ' three times', ' four times', ' five times']

function failureWords({ cause, state, verified, httpStatus, attempts }: AccountResult): string {
  const key = cause === null || cause.key === '' ? '' : ` (${cause.key})`
  const times = TIMES[attempts] ?? ` ${attempts} times`
  const answer = httpStatus === 0 ? `No answer came${times}${key}` : `Atlassian answered HTTP ${httpStatus}${times}`
  const tell = cause === null ? undefined : FAILURES[cause.code]
  if (tell !== undefined)
    return tell({ state, key, times, answer, status: httpStatus === 0 ? '' : ` (HTTP ${httpStatus})` })
  if (verified === 'unread') return 'Atlassian accepted the change, but the account could not be read back'
  return verified === 'no'
    ? 'Atlassian accepted the change, but a read shows the account unchanged'
    : 'No reason was given'
}

/** Why somebody came back, as far as Atlassian tells. */
export function comebackWords(cause: Cause | null): string {
  if (cause?.code !== 'synced') return 'Atlassian does not say; most often an administrator reactivated the account.'
  const [who, how] =
    cause.key === 'externalDirectory.google' ? ['Google Workspace', 'suspend'] : ['An identity provider', 'deactivate']
  return `${who} syncs the account: ${how} the person there, or its next sync undoes it again.`
}

type Explanation = readonly [words: string, advice: string]

const NO_ACCOUNT: Explanation = [
  'No account has this id',
  'Export the list again: the account may be deleted, or the id damaged by a spreadsheet.',
]

/** Sources: Atlassian's user-management documents, its issue tracker (AX-186, AX-228, ID-9136), people's reports. */
const EXPLANATIONS = new Map(
  Object.entries<Explanation>({
    administrative: [
      'Atlassian lets nobody change this account',
      'Ask Atlassian support, or take the account off the list.',
    ],
    'administrative.notMyself': [
      'It is the account that owns the API key',
      'Nothing to do: nobody can deactivate themselves. Have another administrator do it if it is meant.',
    ],
    'authPolicy.saml': [
      'An authentication policy (SAML) governs the account',
      'Deactivate the person in your identity provider.',
    ],
    'blocked.exportControl': ['Export control blocks the account', 'Ask Atlassian support: only they can change it.'],
    'externalDirectory.scim': [
      'An identity provider provisions the account (SCIM)',
      'Deactivate the person in your identity provider: its next sync would undo it here.',
    ],
    'externalDirectory.google': [
      'The account is linked to Google Workspace',
      'Suspend the person in Google Workspace, or deactivate the account on admin.atlassian.com.',
    ],
    myselfOnly: ['Only the person can change this account', 'Ask the person to close it, or take it off the list.'],
    managedAccount: [
      'It is not a managed account of this organization',
      'Claim and verify its e-mail domain first, or take the account off the list.',
    ],
    forbidden: [
      'This API key may not change the account: most often it belongs to another organization',
      'Check that the list and the API key come from the same organization.',
    ],
    'forbidden.targetUnverified': [
      'The e-mail address of the account was never verified',
      'Have its domain or address verified, or take the account off the list.',
    ],
    'forbidden.action': [
      'Atlassian does not allow this change through its API',
      'Look at the account on admin.atlassian.com: the page there may allow it.',
    ],
    'forbidden.insufficientScope': [
      'The API key was created with scopes',
      'Create an organization API key without scopes, and store it in the secret.',
    ],
    unauthorized: [
      'The API key was rejected',
      'It may be expired or revoked: create a new organization API key without scopes.',
    ],
    accountNotFound: NO_ACCOUNT,
    notFound: NO_ACCOUNT,
    'conflict.lifecycleErrors': [
      'Something prevents it, most often a site or a subscription that the person owns',
      'Hand over or cancel what the person owns, then run again.',
    ],
    badRequestFormat: [
      'Atlassian did not understand the request',
      'Report it to the maintainers of this action, with the journal of the run.',
    ],
  }),
)

/** What Atlassian said means, and what to do; null where its key is not a known one. */
export function explain(cause: Cause | null) {
  return EXPLANATIONS.get(cause?.key ?? '') ?? null
}

const LOOK = 'Look at the account on admin.atlassian.com, then run again: nothing is done twice.'
const READ_LATER = 'Run mode "verify" on these results in a while.'

/** What one account's failure means, and what to do about it. The key is Atlassian's own; it may be empty. */
export function kindOf(account: AccountResult) {
  const { cause, state } = account
  const failure = failureWords(account)
  // Only what Atlassian refused has a key of Atlassian's; what else was noted stands in the words.
  if (cause?.code === 'refused' || cause?.code === 'conflict' || cause?.code === 'blocked') {
    const [words, advice] = explain(cause) ?? [failure, hasFailed(account) ? LOOK : READ_LATER]
    return { key: cause.key, words, advice }
  }
  const waits = !hasFailed(account) || (cause?.code === 'unreadable' && state === 'unknown')
  return { key: '', words: failure, advice: waits ? READ_LATER : LOOK }
}
