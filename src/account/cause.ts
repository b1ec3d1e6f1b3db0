/** Why an account is as it is. */
export const CAUSES = [
  'refused', // Atlassian refused the change; `key` is its reason.
  'conflict', // 409, and a read showed the account in the wanted state.
  'unreachable', // The request never left.
  'throttled', // Refused for the rate until the run gave up.
  'answer-lost', // The answer was lost; a read shows the account unchanged.
  'answer-lost-done', // The answer was lost; a read showed the account changed.
  'answer-lost-unread', // The answer was lost or unclear, and the account could not be read.
  'run-ended', // The run ended before the answer was known.
  'journal-unreadable', // The journal of a killed run cannot be read.
  'key-rejected',
  'unreadable', // It could not be read before the change.
  'not-read-back', // It was changed, and could not be read back.
  'undone', // The canary was active again after the pause.
  'not-told', // Nobody told a fact that a protection asks for; `key` names the facts.
  'blocked', // Atlassian says why the status cannot be changed, or why there is no such managed account.
  'synced', // It comes back with the next sync of an identity provider.
] as const
export type CauseCode = (typeof CAUSES)[number]

/** Data up to the renderers. */
export interface Cause {
  readonly code: CauseCode
  /** Short and technical, safe to show: Atlassian's reason key, `HTTP 500`, an error of the network. May be empty. */
  readonly key: string
  /** Atlassian's own words. Outside text that may name people; may be empty. */
  readonly words: string
}

export function causeOf(code: CauseCode, key = '', words = ''): Cause {
  return { code, key, words }
}

/** How texts from outside may be written down: our own words, with outside text in them, and Atlassian's words. */
export type Shown = Readonly<Record<'text' | 'words', (text: string) => string>>

/** The cause as it may be shown. */
export function cleanCause(cause: Cause, shown: Shown): Cause {
  return { ...cause, key: shown.text(cause.key), words: shown.words(cause.words) }
}
