import type { Cause, CauseCode } from '../account/cause.ts'

/** What stands before Atlassian's key and words; with `KEY` where the key belongs inside. */
const WORDS: Readonly<Record<CauseCode, string>> = {
  refused: '',
  conflict: '',
  blocked: '',
  unreachable: 'Atlassian could not be reached',
  throttled: 'Atlassian kept refusing for the rate (429)',
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
