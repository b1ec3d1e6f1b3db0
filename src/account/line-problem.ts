/** A line of the list that is wrong. */
export interface LineProblem {
  readonly line: number
  readonly text: string
}
