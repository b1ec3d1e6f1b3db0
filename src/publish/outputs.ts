import * as core from '@actions/core'
import { STATES } from '../account/result.ts'
import type { RunReport } from '../report/report.ts'
import { wayOn } from '../report/way-on.ts'

/** Names of the counts, in the order of `action.yml`. */
const COUNTS = ['listed', ...STATES, 'verified'] as const

/** Names of the outputs, in the order of `action.yml`. */
export const OUTPUTS = [
  'outcome',
  'reason',
  'plan-digest',
  ...COUNTS,
  'artifact-name',
  'artifact-id',
  'artifact-url',
  'results-path',
  'result',
] as const
export type OutputName = (typeof OUTPUTS)[number]

/** The outputs of a run that ended like this. `result` holds them all and more. */
export function outputsOf(report: RunReport): Record<OutputName, string> {
  const { counts, artifact } = report
  const values: Record<Exclude<OutputName, 'result'>, string | number> = {
    outcome: report.outcome,
    reason: report.reason,
    'plan-digest': report.planDigest,
    ...counts,
    'artifact-name': artifact?.name ?? '',
    'artifact-id': artifact?.id ?? '',
    'artifact-url': artifact?.url ?? '',
    'results-path': report.resultsPath,
  }
  const result = {
    schemaVersion: 1,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value])),
    mode: report.mode,
    headline: report.headline,
    changed: report.changed,
    next: wayOn(report).next,
    organizationId: report.organizationId,
    today: report.today,
    live: report.live,
    emailed: report.emailed,
    activeBefore: report.activeBefore,
    activeAfterCanary: report.activeAfterCanary,
    activeAfter: report.activeAfter,
    guards: report.guards,
    warnings: report.warnings.slice(0, MOST_WARNINGS),
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
  }
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  return { ...texts, result: JSON.stringify(result) } as Record<OutputName, string>
}

/** A job's outputs may hold 1 MiB in all. */
const MOST_WARNINGS = 100

/** Hands the outputs to the runner; a later value of the same name wins. */
export function setOutputs(outputs: Record<OutputName, string>): void {
  for (const name of OUTPUTS) core.setOutput(name, outputs[name])
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
