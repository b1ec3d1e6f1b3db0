import type { Section } from '../model.ts'
import type { RunReport } from '../report.ts'
import type { Sifted } from '../sift.ts'
import { canary, leftAlone, leftOut, licences, outcomes, whom } from './accounts.ts'
import { attention } from './attention.ts'
import { facts, guards } from './facts.ts'
import { apply, undo } from './steps.ts'

/** The report below its verdict, up to the counts: what needs attention comes first. @param rows of each table */
export function firstSections(report: RunReport, sifted: Sifted, rows: number): readonly Section[] {
  return [...attention(report, sifted, rows), outcomes(report)]
}

/** What follows: how to go on or back, whom, and what the run was. */
export function furtherSections(report: RunReport, sifted: Sifted, rows: number): readonly Section[] {
  return [
    apply(report),
    undo(report),
    whom(report, Math.min(rows, MOST_NAMED)),
    leftAlone(sifted, rows),
    leftOut(report, rows),
    licences(report),
    canary(sifted, report, rows),
    facts(report),
    guards(report),
  ]
}

/** Targets that a report names; all stand in results.csv. */
export const MOST_NAMED = 200
