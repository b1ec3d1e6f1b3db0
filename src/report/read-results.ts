import { tally } from '../account/counts.ts'
import type { AccountResult } from '../account/result.ts'
import { asObject, asText, parseObject } from '../text/unknowns.ts'
import { quote } from '../text/words.ts'
import { sha256Of } from '../world/files.ts'
import { parseResultsCsv } from './results-csv.ts'

type ResultsRead =
  | { readonly ok: true; readonly results: readonly AccountResult[] }
  | { readonly ok: false; readonly why: string }

/**
 * Reads the results of an artifact, and holds them against the plan that was written with them: a file that somebody
 * changed, or that belongs to another run, is not what this action did.
 *
 * @param csv `results.csv`
 * @param plan `plan.json`; null where the artifact has none
 * @param masked whether texts of the file are left out of what is told
 */
export function readResults(csv: Buffer, plan: string | null, masked: boolean): ResultsRead {
  const parsed = parseResultsCsv(csv)
  if (!parsed.ok) {
    const [{ line, message, found }, ...others] = parsed.problems
    const where = line === 0 ? '' : `line ${line}: `
    const shown = masked || found === '' ? '' : ` Found ${quote(found)}.`
    const more = others.length === 0 ? '' : ` ${others.length} more lines are wrong.`
    return { ok: false, why: `results.csv cannot be read: ${where}${message}${shown}${more}` }
  }
  const why = plan === null ? 'there is no plan.json beside results.csv' : mismatch(csv, parsed.results, plan)
  return why === null ? parsed : { ok: false, why: `${why}, so that it is not what a run of this action left` }
}

/** What in the plan does not go with the results; null where all does. */
function mismatch(csv: Buffer, results: readonly AccountResult[], text: string): string | null {
  const plan = parseObject(text)
  if (plan?.schemaVersion !== 1) return 'plan.json is not in the form that this version writes'
  const counts = asObject(plan.counts)
  for (const [name, count] of Object.entries(tally(results).counts)) {
    if (counts[name] === count) continue
    const told = typeof counts[name] === 'number' ? counts[name] : 'no number'
    return `results.csv has ${count} accounts that are "${name}", and plan.json says ${told}`
  }
  if (results.some(({ decision }) => decision !== 'skip' && decision !== plan.change))
    return 'plan.json names another change than results.csv'
  const isChange = plan.mode === 'apply' || plan.mode === 'restore'
  if (results.some(({ attempts, state }) => (isChange ? state === 'planned' : attempts > 0)))
    return `results.csv is not that of a run in the mode ${quote(asText(plan.mode))} of plan.json`
  const hash = asText(plan.resultsSha256)
  return hash === '' || hash === sha256Of(csv) ? null : 'results.csv does not have the SHA-256 that plan.json gives'
}
