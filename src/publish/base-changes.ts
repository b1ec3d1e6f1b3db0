import type { SkipReason } from '../account/decision.ts'
import { EVERY_FACT } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { Selector, SelectorSource } from '../account/selector.ts'
import type { GitHub } from '../github/api.ts'
import type { Job } from '../job.ts'
import { activityText } from '../ledger/results.ts'
import { decodeText } from '../list/decode.ts'
import { parseList } from '../list/parse.ts'
import { entryOf, makePlan, type Plan, targetsOf } from '../plan/plan.ts'
import { parseSelectors } from '../plan/selector.ts'
import type { AccountLine, PlanChanges } from '../report/comment.ts'
import type { Read } from '../subject/read-plan.ts'
import { rulesOf } from '../subject/read-rules.ts'
import { quote } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'

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
export async function compareWithBase(
  job: Job,
  { subject, selectors, plan }: Read,
  github: GitHub,
  baseSha: string,
): Promise<Comparison> {
  const none = (why = ''): Comparison => ({ kind: 'none', why })
  const { list } = subject
  if (list === null || job.change === 'restore' || baseSha === '') return none()
  const baseList = await readAt(github, list, baseSha)
  if (baseList.kind === 'missing') return none()
  if (baseList.kind === 'unreadable') return none(baseList.why)
  const accounts = baseList.kind === 'same' ? subject.accounts : accountsIn(baseList.bytes)
  if (accounts === null) return none(`the base branch's ${quote(list.path)} is not a valid list.`)
  const { excludeFile, includeFile } = selectors
  const exclude = await selectorsAt(github, excludeFile, 'exclude-file', selectors.exclude, baseSha)
  const include = await selectorsAt(github, includeFile, 'include-file', selectors.include, baseSha)
  if (typeof exclude === 'string') return none(exclude)
  if (typeof include === 'string') return none(include)
  const { settings } = job
  const baseRules = rulesOf(job, {
    ...selectors,
    exclude: [...settings.exclude, ...exclude],
    include: [...settings.include, ...include],
  })
  const options = { organizationId: settings.organizationId, waiting: plan.waiting, later: EVERY_FACT }
  const before = makePlan(accounts, { ...baseRules, owners: plan.rules.owners }, options)
  const after = makePlan(subject.accounts, plan.rules, options)
  return { kind: 'changes', changes: changesBetween(before, after, plan) }
}

/**
 * The computed sets, each in its list's order.
 *
 * @param after by the new list and rules alone
 * @param live the same after a look at Atlassian
 */
export function changesBetween(before: Plan, after: Plan, live: Plan): PlanChanges {
  const targetsBefore = new Set(targetsOf(before).map(({ id }) => id))
  const noLongerTargeted: AccountLine[] = []
  const newlyProtected: AccountLine[] = []
  for (const account of targetsOf(before)) {
    const now = entryOf(after, account.id)?.decision
    if (now !== undefined && now.kind !== 'skip') continue
    const list = now !== undefined && PROTECTIONS.has(now.reason) ? newlyProtected : noLongerTargeted
    list.push(lineOf(account))
  }
  const newlyTargeted = targetsOf(live)
    .filter(({ id }) => !targetsBefore.has(id))
    .map((account) => {
      const lastActive = activityText(entryOf(live, account.id)?.lastActive)
      return { ...lineOf(account), ...(lastActive === '' ? {} : { lastActive }) }
    })
  return { newlyTargeted, noLongerTargeted, newlyProtected }
}

function lineOf({ id, email, name }: ListedAccount): AccountLine {
  return { id, email, name }
}

function accountsIn(bytes: Uint8Array): readonly ListedAccount[] | null {
  const decoded = decodeText(bytes)
  const parsed = decoded.ok ? parseList(decoded.text) : null
  return parsed?.ok === true ? parsed.list.accounts : null
}

type BaseFile =
  | { readonly kind: 'same' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }

/** The file as the commit holds it; not fetched where it is the one that was read. */
async function readAt(github: GitHub, file: ReadFile, sha: string): Promise<BaseFile> {
  const found = await github.fileAt(file.realPath, sha)
  if (!found.ok) return { kind: 'unreadable', why: found.message }
  if (found.value.kind !== 'file') return { kind: 'missing' }
  if (found.value.sha === file.blobSha) return { kind: 'same' }
  const read = await github.bytesOf(found.value.sha)
  return read.ok ? { kind: 'bytes', bytes: read.value } : { kind: 'unreadable', why: read.message }
}

/** The selectors of a file as the commit holds it, or why they cannot be told. */
async function selectorsAt(
  github: GitHub,
  file: ReadFile | null,
  input: SelectorSource,
  now: readonly Selector[],
  sha: string,
): Promise<readonly Selector[] | string> {
  const read = file === null ? null : await readAt(github, file, sha)
  if (read === null || read.kind === 'missing') return []
  if (read.kind === 'unreadable') return read.why
  if (read.kind === 'same') return now.filter(({ source }) => source === input)
  if (read.bytes.length === 0) return []
  const decoded = decodeText(read.bytes)
  const parsed = decoded.ok ? parseSelectors(decoded.text.toString('utf8'), input) : null
  return parsed?.ok === true ? parsed.selectors : `"${input}" of the base branch cannot be understood.`
}
