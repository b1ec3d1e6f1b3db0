/** Whether somebody agreed to the run. `by` are logins of GitHub users. */
export type ApprovalVerdict<Reason extends string> =
  | { readonly approved: true; readonly by: readonly string[]; readonly warnings: readonly string[] }
  | Refusal<Reason>

interface Refusal<Reason extends string> {
  readonly approved: false
  readonly reason: Reason
  /** What was found, what is needed, that nothing was changed, and what to do to go on: `why` and `fix` in one text. */
  readonly message: string
  /** What was found, and what is needed. */
  readonly why: string
  /** What to do, with the line to write to go on. */
  readonly fix: string
}

/** Puts a refusal together from its sentences. */
export function refusal<Reason extends string>(
  reason: Reason,
  found: string,
  needed: string,
  fix: string,
): Refusal<Reason> {
  const why = `${found} ${needed}`
  return { approved: false, reason, message: `${why} Nothing was changed. ${fix}`, why, fix }
}
