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
import type { PlanChanges } from '../report/comment.ts'
import type { Read } from '../subject/read-plan.ts'
import { rulesOf } from '../subject/read-rules.ts'
import { quote } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'

/** Reasons that keep somebody out who was to be changed before; the others say that it is done, or not yet time. */
const PROTECTIONS: ReadonlySet<SkipReason> = new Set<SkipReason>([
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
 * @returns null where there is nothing to compare with
 * @throws where what the base branch has cannot be read
 */
export async function compareWithBase(
  job: Job,
  { subject, selectors, plan }: Read,
  github: GitHub,
  baseSha: string,
): Promise<PlanChanges | null> {
  const { list } = subject
  if (list === null || job.change === 'restore' || baseSha === '') return null
  const base = await readAt(github, list, baseSha)
  if (base === null) return null
  const accounts = base === 'same' ? subject.accounts : accountsIn(base)
  if (accounts === null) throw new Error(`the base branch's ${quote(list.path)} is not a valid list.`)
  const { exclude, include, organizationId } = job.settings
  const fromFile = (file: ReadFile | null, input: SelectorSource, now: readonly Selector[]) =>
    selectorsAt(github, file, input, now, baseSha)
  const baseRules = rulesOf(job, {
    ...selectors,
    exclude: [...exclude, ...(await fromFile(selectors.excludeFile, 'exclude-file', selectors.exclude))],
    include: [...include, ...(await fromFile(selectors.includeFile, 'include-file', selectors.include))],
  })
  const options = { organizationId, waiting: plan.waiting, later: EVERY_FACT }
  const before = makePlan(accounts, { ...baseRules, owners: plan.rules.owners }, options)
  return changesBetween(before, makePlan(subject.accounts, plan.rules, options), plan)
}

/**
 * The computed sets, each in its list's order.
 *
 * @param after by the new list and rules alone
 * @param live the same after a look at Atlassian
 */
function changesBetween(before: Plan, after: Plan, live: Plan): PlanChanges {
  const targetsBefore = targetsOf(before)
  const idsBefore = new Set(targetsBefore.map(({ id }) => id))
  const nowOf = ({ id }: ListedAccount) => entryOf(after, id)?.decision
  const gone = targetsBefore.filter((account) => (nowOf(account)?.kind ?? 'skip') === 'skip')
  const isProtected = (account: ListedAccount): boolean => {
    const now = nowOf(account)
    return now?.kind === 'skip' && PROTECTIONS.has(now.reason)
  }
  return {
    newlyTargeted: targetsOf(live)
      .filter(({ id }) => !idsBefore.has(id))
      .map((account) => ({ ...account, lastActive: activityText(entryOf(live, account.id)?.lastActive) })),
    noLongerTargeted: gone.filter((account) => !isProtected(account)),
    newlyProtected: gone.filter(isProtected),
  }
}

function accountsIn(bytes: Uint8Array): readonly ListedAccount[] | null {
  const decoded = decodeText(bytes)
  const parsed = decoded.ok ? parseList(decoded.text) : null
  return parsed?.ok === true ? parsed.list.accounts : null
}

/** The file as the commit holds it, null where it does not; not fetched where it is the one that was read. */
async function readAt(github: GitHub, file: ReadFile, sha: string): Promise<Uint8Array | 'same' | null> {
  const found = await github.fileAt(file.realPath, sha)
  if (!found.ok) throw new Error(found.message)
  if (found.value.kind !== 'file') return null
  if (found.value.sha === file.blobSha) return 'same'
  const read = await github.bytesOf(found.value.sha)
  if (!read.ok) throw new Error(read.message)
  return read.value
}

/** The selectors of a file as the commit holds it. */
async function selectorsAt(
  github: GitHub,
  file: ReadFile | null,
  input: SelectorSource,
  now: readonly Selector[],
  sha: string,
): Promise<readonly Selector[]> {
  const bytes = file === null ? null : await readAt(github, file, sha)
  if (bytes === 'same') return now.filter(({ source }) => source === input)
  if (bytes === null || bytes.length === 0) return []
  const decoded = decodeText(bytes)
  const parsed = decoded.ok ? parseSelectors(decoded.text.toString('utf8'), input) : null
  if (parsed?.ok !== true) throw new Error(`"${input}" of the base branch cannot be understood.`)
  return parsed.selectors
}
