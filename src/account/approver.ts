/** Somebody who agreed to the run, how, and to which commit. */
export interface Approver {
  /** Of the GitHub user. */
  readonly id: number
  readonly login: string
  readonly through:
    | { readonly kind: 'environment'; readonly name: string }
    | { readonly kind: 'pull-request'; readonly number: number }
  readonly commit: string
}
