/** How many times as many random cases are tried as usual: `LAW_RUNS=10` once in a while, or after a change of a law. */
export const LAW_RUNS = Number(process.env.LAW_RUNS || '1')

/** Random cases of a test, from the number that is usual for it. A case that fails is told with the seed that finds it again. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(usual * LAW_RUNS)) }
}
