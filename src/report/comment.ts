import { createHash } from 'node:crypto'
import { pastOf } from '../account/decision.ts'
import type { LineProblem } from '../account/line-problem.ts'
import type { AccountResult } from '../account/result.ts'
import { count, joinFilled } from '../text/words.ts'
import { markdownSections, markdownText } from './markdown.ts'
import { type Section, table } from './model.ts'
import type { RunReport } from './report.ts'
import { apply } from './run-sections.ts'
import { firstSections, leftAlone, licences, lineOf, who, whom } from './sections.ts'
import { sift } from './sift.ts'
import { verdictMarkdown } from './summary.ts'

/** One account in a comment, masked where privacy asks for it; its last activity is left out where nobody told. */
export type AccountLine = Pick<AccountResult, 'id' | 'email' | 'name'> & Partial<Pick<AccountResult, 'lastActive'>>

/** What a pull request changes against its base branch: the computed sets. Who is protected was a target before. */
export type PlanChanges = Readonly<
  Record<'newlyTargeted' | 'noLongerTargeted' | 'newlyProtected', readonly AccountLine[]>
>

/** What makes a comment this action's own: another job, or another list (by its path), has a comment of its own. */
type CommentPlace = Readonly<Record<'workflow' | 'job' | 'list', string>>

/** GitHub's limit. */
const MOST_CHARACTERS = 65_536
/** Rows of each table and lines of each list, from what is tried first to what always fits. */
const LENGTHS = [200, 100, 50, 10, 0]

/** The hidden first line by which a comment is found again. As they stand, the names could end the HTML comment. */
export function commentMarker({ workflow, job, list }: CommentPlace): string {
  const names = JSON.stringify([workflow, job, list])
  return `<!-- deactivate-atlassian-users ${createHash('sha256').update(names).digest('hex')} -->`
}

/**
 * The comment that a pull request shows of its plan, as GitHub-flavoured Markdown of at most 65,536 characters: tables
 * and lists are shortened until it fits.
 * @param changes null where nothing can be compared @param lineProblems lines of the list that are wrong
 */
export function buildComment(
  report: RunReport,
  changes: PlanChanges | null,
  place: CommentPlace,
  lineProblems: readonly LineProblem[] = [],
): string {
  const sifted = sift(report)
  const start = [commentMarker(place), verdictMarkdown(report, '###')]
  for (const rows of LENGTHS) {
    const sections = [
      badLines(lineProblems, rows),
      ...firstSections(report, sifted, rows),
      ...(changes === null || report.outcome === 'refused' ? [] : comparison(report, changes, rows)),
      whom(report, rows),
      leftAlone(sifted, rows),
      licences(report),
      apply(report, 'merge this, then run it on the default branch'),
    ]
    const text = [...start, ...markdownSections(sections, '####'), footer(report)].join('\n\n')
    if (text.length <= MOST_CHARACTERS) return text
  }
  return [...start, 'The plan is too long for a comment: see the job summary.'].join('\n\n')
}

function comparison({ change }: RunReport, changes: PlanChanges, most: number): readonly Section[] {
  const sets = Object.entries({
    [`➕ newly to be ${pastOf(change)}`]: changes.newlyTargeted,
    [`➖ no longer to be ${pastOf(change)}`]: changes.noLongerTargeted,
    '🛡️ newly protected': changes.newlyProtected,
  }).filter(([, accounts]) => accounts.length > 0)
  const text = sets.length === 0 ? 'The same accounts as before.' : 'What this pull request changes:'
  const compared: Section = { id: 'compared', title: 'Against the base branch', blocks: [{ text }] }
  const tables = sets.map(([words, accounts]) => ({
    id: '',
    title: `${count(accounts.length, 'account')} ${words}`,
    folded: true,
    blocks: table(accounts, most, { Account: who, 'Last active': ({ lastActive = '' }) => lastActive }),
  }))
  return [compared, ...tables]
}

function badLines(found: readonly LineProblem[], most: number): Section {
  const extent = { most, rest: 'the annotations of the run' }
  const blocks = table(found, extent, { Line: lineOf, Problem: ({ text }) => text })
  return { id: 'lines', title: 'Lines of the list that are wrong', blocks }
}

function footer({ runUrl, artifact, today }: RunReport): string {
  const links = [
    { link: 'run', url: runUrl },
    { link: 'all accounts', url: artifact?.url ?? '' },
    `as of ${today} (UTC)`,
  ].map((part) => markdownText(part))
  return `<sub>${joinFilled(links, ' · ')}</sub>`
}
