/** Why there is nothing to work with: a word for those who decide by it, and a message for people. */
export interface Refusal {
  readonly ok: false
  readonly reason: string
  readonly message: string
}

export function refuse(reason: string, message: string): Refusal {
  return { ok: false, reason, message }
}
