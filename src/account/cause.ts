/** Why an account is as it is, as a closed set; renderers turn it into words. */
export const CAUSES = [
  /** Atlassian refused the change; `key` is its reason. */
  'refused',
  /** 409, and a read showed the account in the wanted state. */
  'conflict',
  /** The request never left. */
  'unreachable',
  /** Refused for the rate until the run gave up. */
  'throttled',
  /** The answer was lost; a read shows the account unchanged. */
  'answer-lost',
  /** The answer was lost; a read showed the account changed. */
  'answer-lost-done',
  /** The answer was lost or unclear, and the account could not be read. */
  'answer-lost-unread',
  /** The run ended before the answer was known. */
  'run-ended',
  /** The journal of a killed run cannot be read. */
  'journal-unreadable',
  'key-rejected',
  /** It could not be read before the change. */
  'unreadable',
  /** It was changed, and could not be read back. */
  'not-read-back',
  /** The canary was active again after the pause. */
  'undone',
  /** Nobody told a fact that a protection asks for; `key` names the facts. */
  'not-told',
  /** Atlassian says why the status cannot be changed, or why there is no such managed account. */
  'blocked',
  /** It comes back with the next sync of an identity provider. */
  'synced',
] as const
export type CauseCode = (typeof CAUSES)[number]

/** Why something is as it is: data up to the renderers. */
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

/** How texts from outside may be written down. */
export interface Shown {
  /** Our own words, with outside text in them. */
  text(text: string): string
  /** Atlassian's words. */
  words(text: string): string
}

/** The cause as it may be shown. */
export function cleanCause(cause: Cause, shown: Shown): Cause {
  return { ...cause, key: shown.text(cause.key), words: shown.words(cause.words) }
}
