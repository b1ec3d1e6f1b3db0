import * as core from '@actions/core'
import { STATES } from '../account/result.ts'
import { UNFINISHED } from '../report/ending.ts'
import { emptyReport, type RunReport } from '../report/report.ts'
import { summaryMarkdown } from '../report/summary.ts'
import { wayOn } from '../report/words.ts'
import { camelCase, clip, errorText } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'

const LAST = ['artifact-name', 'artifact-id', 'artifact-url', 'results-path', 'result'] as const
/** Names of the outputs, in the order of `action.yml`. */
export const OUTPUTS = ['outcome', 'reason', 'plan-digest', 'listed', ...STATES, 'verified', ...LAST] as const
export type OutputName = (typeof OUTPUTS)[number]

/** Of all names and values in UTF-8: of more than 1 MiB GitHub drops all, and a later step's environment must hold them. */
const MOST_BYTES = 64 * 1024
/** A longer text is left out: a part of a path or an address would name something else. Bytes as JSON. */
const LONGEST_NAME = 8192
/** Lengths that the sentences in `result` are cut to until all fits; the last one always does. */
const LENGTHS = [16_000, 4000, 1000, 250, 60, 1]
const MOST_ITEMS = 100

/** The outputs of a run that ended like this. `result` holds them all and more. */
export function outputsOf(report: RunReport): Record<OutputName, string> {
  const { counts, artifact } = report
  const whole = (text = ''): string => (Buffer.byteLength(JSON.stringify(text)) > LONGEST_NAME ? '' : text)
  const values = Object.entries({
    outcome: report.outcome,
    reason: report.reason,
    'plan-digest': report.planDigest,
    ...counts,
    'artifact-name': whole(artifact?.name),
    'artifact-id': artifact?.id ?? null,
    'artifact-url': whole(artifact?.url),
    'results-path': whole(report.resultsPath),
  } satisfies Record<Exclude<OutputName, 'result'>, string | number | null>)
  const texts = values.map(([name, value]) => [name, String(value ?? '')])
  const facts = Object.fromEntries(values.map(([name, value]) => [camelCase(name), value]))
  const room = MOST_BYTES - Buffer.byteLength(texts.flat().join('')) - 'result'.length
  let result = ''
  for (const most of LENGTHS) {
    result = JSON.stringify({ schemaVersion: 1, ...facts, ...moreOf(report, most) })
    if (Buffer.byteLength(result) < room) break
  }
  return { ...Object.fromEntries(texts), result }
}

/** What `result` tells besides the other outputs, its sentences cut to so many characters. */
function moreOf(report: RunReport, most: number): object {
  const cut = (text: string): string => clip(text, most)
  const { licences, leftOut, guards, warnings } = report
  const products = licences?.products.slice(0, MOST_ITEMS).map((one) => ({ ...one, product: cut(one.product) }))
  return {
    mode: report.mode,
    headline: cut(report.headline),
    changed: cut(report.changed),
    next: cut(wayOn(report).next),
    organizationId: report.organizationId,
    today: report.today,
    live: report.live,
    emailed: report.emailed,
    activeBefore: report.activeBefore,
    activeAfterCanary: report.activeAfterCanary,
    activeAfter: report.activeAfter,
    activity: report.activity,
    licences: licences && { ...licences, products },
    leftOutCount: leftOut.length,
    guardCount: guards.length,
    guards: guards.slice(0, MOST_ITEMS).map(({ guard, verdict, found, limit, message, fix }) => {
      return { guard, verdict, found: cut(found), limit: cut(limit), message: cut(message), fix: cut(fix) }
    }),
    warningCount: warnings.length,
    warnings: warnings.slice(0, MOST_ITEMS).map(cut),
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
  }
}

/** Hands the outputs of a run that ended like this to the runner; a later value of the same name wins. */
export function setOutputs(report: RunReport): void {
  const outputs = outputsOf(report)
  for (const name of OUTPUTS) core.setOutput(name, outputs[name])
}

/** Sets the outputs of a run that is killed before its end, so that they are never unset. */
export function startOutputs({ clock }: World): void {
  setOutputs(emptyReport('plan', UNFINISHED, timestamp(clock.now())))
}

/** Writes the job summary; a runner without one is no failure. */
export async function writeSummary(report: RunReport, { env, log }: World): Promise<void> {
  if ((env.GITHUB_STEP_SUMMARY ?? '') === '') return
  try {
    await core.summary.addRaw(summaryMarkdown(report)).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${errorText(error)}`)
  }
}
