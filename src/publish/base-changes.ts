import type { SkipReason } from '../account/decision.ts'
import type { Selector } from '../account/selector.ts'
import type { GitHub } from '../github/api.ts'
import { blobSha } from '../github/blob-sha.ts'
import { decodeText } from '../list/decode.ts'
import { parseList } from '../list/parse.ts'
import type { Rules } from '../plan/decide.ts'
import { compileSelectors } from '../plan/matcher.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import { parseSelectors } from '../plan/selector.ts'
import type { AccountLine, PlanChanges } from '../report/comment.ts'
import type { ReadFile, Run } from '../run.ts'
import { quote } from '../text/words.ts'

/** The changes, or why there is nothing to compare with; the text is empty where that is nobody's concern. */
export type Comparison =
  | { readonly kind: 'changes'; readonly changes: PlanChanges }
  | { readonly kind: 'none'; readonly why: string }

/** Reasons that keep somebody out who was to be changed before; the others say that it is done, or not yet time. */
const PROTECTIONS: ReadonlySet<SkipReason | ''> = new Set<SkipReason>([
  'executing-user',
  'excluded',
  'not-included',
  'org-admin',
])

/**
 * Compares what a pull request would have done with what its base branch would: the accounts that the list and the
 * rules leave on either side, by the same inputs and on the same day. Live facts are the same for both, so that they
 * only take accounts out of the new ones.
 *
 * @param baseSha commit of the base branch
 */
export async function compareWithBase(run: Run, plan: Plan, github: GitHub, baseSha: string): Promise<Comparison> {
  const { list, excludeFile, settings } = run
  const none = (why = ''): Comparison => ({ kind: 'none', why })
  if (list === null || run.change === 'restore' || baseSha === '') return none()
  const baseList = await readAt(github, list, baseSha)
  if (baseList.kind !== 'bytes') return none(baseList.kind === 'missing' ? '' : baseList.why)
  const baseRules = excludeFile === null ? null : await readAt(github, excludeFile, baseSha)
  if (baseRules?.kind === 'unreadable') return none(baseRules.why)

  const decoded = decodeText(baseList.bytes)
  const parsed = decoded.ok ? parseList(decoded.text) : null
  if (parsed?.ok !== true) return none(`the base branch's ${quote(list.path)} is no valid list.`)
  const exclusions = baseRules?.kind === 'bytes' ? parseExclusions(baseRules.bytes) : []
  if (exclusions === null) return none('the exclusions of the base branch cannot be understood.')
  const rules: Rules = {
    ...plan.rules,
    exclude: compileSelectors([...settings.exclude, ...exclusions], { wholeCells: true }),
  }
  const before = makePlan(parsed.list.accounts, rules, settings.organizationId)
  return { kind: 'changes', changes: changesBetween(before, plan, settings.organizationId) }
}

/** The computed sets, each in its list's order. */
export function changesBetween(before: Plan, live: Plan, organizationId: string): PlanChanges {
  const accounts = live.entries.map(({ account }) => account)
  const after = makePlan(accounts, live.rules, organizationId)
  const targetsBefore = new Set(targetLines(before).map(({ id }) => id))
  const decisions = new Map(after.entries.map(({ record }) => [record.id, record]))
  const noLongerTargeted: AccountLine[] = []
  const newlyProtected: AccountLine[] = []
  for (const line of targetLines(before)) {
    const now = decisions.get(line.id)
    if (now !== undefined && now.decision !== 'skip') continue
    if (now !== undefined && PROTECTIONS.has(now.reason)) newlyProtected.push(line)
    else noLongerTargeted.push(line)
  }
  return {
    newlyTargeted: targetLines(live).filter(({ id }) => !targetsBefore.has(id)),
    noLongerTargeted,
    newlyProtected,
  }
}

function targetLines(plan: Plan): AccountLine[] {
  return plan.entries
    .filter(({ record }) => record.decision !== 'skip')
    .map(({ record: { id, email, name } }) => ({ id, email, name }))
}

type BaseFile =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }

/** The file as the commit holds it; not fetched where it is the one that was read. */
async function readAt(github: GitHub, file: ReadFile, sha: string): Promise<BaseFile> {
  const found = await github.fileAt(file.realPath, sha)
  if (!found.ok) return { kind: 'unreadable', why: found.message }
  if (found.value.kind !== 'file') return { kind: 'missing' }
  if (found.value.sha === blobSha(file.bytes)) return { kind: 'bytes', bytes: file.bytes }
  const read = await github.bytesOf(found.value.sha)
  return read.ok ? { kind: 'bytes', bytes: read.value } : { kind: 'unreadable', why: read.message }
}

/** Null where a line is no selector. */
function parseExclusions(bytes: Uint8Array): readonly Selector[] | null {
  if (bytes.length === 0) return []
  const decoded = decodeText(bytes)
  if (!decoded.ok) return null
  const parsed = parseSelectors(decoded.text.toString('utf8'), 'exclude-file')
  return parsed.ok ? parsed.selectors : null
}
