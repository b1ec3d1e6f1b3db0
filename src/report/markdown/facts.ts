import { duration } from '../../text/words.ts'
import type { RunReport } from '../report.ts'
import { shownDigest } from '../way-on.ts'
import { cell, code, figure, link, sentence } from './cells.ts'
import { table } from './table.ts'

/** Warnings beyond this are more than anybody reads. */
const MOST_WARNINGS = 100

/** What else was noticed. */
export function warnings({ warnings: found }: RunReport, most: number): string {
  if (found.length === 0) return ''
  const shown = found.slice(0, Math.min(most, MOST_WARNINGS)).map((warning) => `- ${sentence(warning)}`)
  const more =
    found.length > shown.length ? [`- … and ${figure(found.length - shown.length)} more, see plan.json.`] : []
  return `### Warnings\n\n${[...shown, ...more].join('\n')}`
}

/** Where the run took its data from, how long it took, and where its results are. */
export function facts(report: RunReport): string {
  const rows: (readonly [string, string])[] = [
    ['List', cell(report.source)],
    ['Columns', sentence(report.columns)],
    ['Organization', code(report.organizationId)],
    ['Active managed accounts', active(report)],
    ['Duration', pace(report)],
    ['Pauses that Atlassian asked for', pauses(report)],
    ['Plan digest', code(shownDigest(report))],
    ['Taken as today', report.today === '' ? '' : `${cell(report.today)} (UTC)`],
    ['Personal data', report.privacy === 'masked' ? 'Masked' : 'Shown'],
    ['Results', report.artifact === null ? '' : link(report.artifact.name, report.artifact.url)],
  ]
  const known = rows.filter(([, value]) => value !== '')
  return `### Facts\n\n${table([{ head: 'Fact' }, { head: 'Value' }], known)}`
}

function active({ activeBefore, activeAfterCanary, activeAfter }: RunReport): string {
  const parts = [
    activeBefore === null ? '' : `${figure(activeBefore)} before`,
    activeAfterCanary === null ? '' : `${figure(activeAfterCanary)} after the canary`,
    activeAfter === null ? '' : `${figure(activeAfter)} at the end`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function pace({ startedAt, finishedAt, counts }: RunReport): string {
  const took = Date.parse(finishedAt) - Date.parse(startedAt)
  if (!Number.isFinite(took)) return ''
  const changed = counts.deactivated + counts.restored
  return `${duration(took)}${changed > 0 && took > 0 ? `, ${(changed / (took / 1000)).toFixed(1)} accounts a second` : ''}`
}

function pauses({ pauses: all }: RunReport): string {
  const total = all.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0)
  return all.length === 0 ? '' : `${figure(all.length)}, ${duration(total)} in all`
}
