/** A line of the list that is wrong. */
export type LineProblem = { readonly line: number; readonly text: string }
