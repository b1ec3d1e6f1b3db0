export type Refusal = ReturnType<typeof refuse>

/** Why there is nothing to work with: a word for those who decide by it, and a message for people. */
export function refuse(reason: string, message: string) {
  return { ok: false, reason, message } as const
}
