import type { SkipReason } from '../account/decision.ts'
import { EVERY_FACT } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { GitHub } from '../github/api.ts'
import type { Job } from '../job.ts'
import { activityText } from '../ledger/fold.ts'
import { decodeText } from '../list/decode.ts'
import { parseList } from '../list/parse.ts'
import { entryOf, makePlan, type Plan, targetsOf } from '../plan/plan.ts'
import { parseSelectors } from '../plan/selector.ts'
import type { AccountLine, PlanChanges } from '../report/comment.ts'
import { maskPerson, type RunReport } from '../report/report.ts'
import type { Read } from '../subject/read-plan.ts'
import { rulesOf, type Selectors } from '../subject/read-rules.ts'
import { errorText, quote } from '../text/words.ts'
import type { ReadFile } from '../world/files.ts'

/** Reasons that keep somebody out who was to be changed before; the others say that it is done, or not yet time. */
const PROTECTIONS: readonly SkipReason[] = ['executing-user', 'excluded', 'not-included', 'org-admin']

/** What is told of the base branch, masked where privacy asks for it; null where nothing can be compared. */
export async function changesOf(job: Job, { outcome }: RunReport, read: Read | null, github: GitHub) {
  if (read === null || (outcome !== 'planned' && outcome !== 'nothing-to-do')) return null
  try {
    return await compareWithBase(job, read, github)
  } catch (error) {
    job.world.log.info(`The plan is not compared with the base branch: ${errorText(error)}`)
    return null
  }
}

/**
 * Compares what a pull request would have done with what its base branch would: the accounts that the list and the
 * rules leave on either side, by the same inputs and on the same day. Live facts are the same for both, so that they
 * only take accounts out of the new ones.
 * @throws where what the base branch has cannot be read
 */
async function compareWithBase(job: Job, read: Read, github: GitHub): Promise<PlanChanges | null> {
  const { subject, selectors, plan } = read
  const { list } = subject
  const sha = job.context.pullRequest?.baseSha ?? ''
  if (list === null || job.change === 'restore' || sha === '') return null
  const base = await readAt(github, list, sha)
  if (base === null) return null
  const accounts = base === 'same' ? subject.accounts : accountsIn(base)
  if (accounts === null) throw new Error(`the base branch's ${quote(list.path)} is not a valid list.`)
  const { exclude, include, organizationId } = job.settings
  const rules = rulesOf(job, {
    ...selectors,
    exclude: [...exclude, ...(await selectorsAt(github, sha, selectors, 'exclude'))],
    include: [...include, ...(await selectorsAt(github, sha, selectors, 'include'))],
  })
  const options = { organizationId, waiting: plan.waiting, later: EVERY_FACT }
  const before = makePlan(accounts, { ...rules, owners: plan.rules.owners }, options)
  // By the new list and rules alone.
  const after = makePlan(subject.accounts, plan.rules, options)
  return changesBetween(before, after, plan, job.privacy === 'masked')
}

/** The computed sets, each in its list's order. */
function changesBetween(before: Plan, after: Plan, live: Plan, isMasked: boolean): PlanChanges {
  const targets = targetsOf(before)
  const { gone = [], safe = [] } = Object.groupBy(targets, ({ id }) => {
    const now = entryOf(after, id)?.decision
    if (now?.kind === 'skip') return PROTECTIONS.includes(now.reason) ? 'safe' : 'gone'
    return now === undefined ? 'gone' : 'kept'
  })
  const ids = new Set(targets.map(({ id }) => id))
  const added = targetsOf(live).filter(({ id }) => !ids.has(id))
  const withActivity = (account: ListedAccount): AccountLine => {
    return { ...account, lastActive: activityText(entryOf(live, account.id)?.lastActive) }
  }
  return {
    newlyTargeted: added.map(isMasked ? maskPerson : withActivity),
    noLongerTargeted: isMasked ? gone.map(maskPerson) : gone,
    newlyProtected: isMasked ? safe.map(maskPerson) : safe,
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

/** The selectors of an input's file as the commit holds it. */
async function selectorsAt(github: GitHub, sha: string, now: Selectors, side: 'exclude' | 'include') {
  const input = `${side}-file` as const
  const file = now[`${side}File`]
  const bytes = file && (await readAt(github, file, sha))
  if (bytes === 'same') return now[side].filter(({ source }) => source === input)
  if (bytes === null || bytes.length === 0) return []
  const decoded = decodeText(bytes)
  const parsed = decoded.ok ? parseSelectors(decoded.text.toString('utf8'), input) : null
  if (parsed?.ok !== true) throw new Error(`"${input}" of the base branch cannot be understood.`)
  return parsed.selectors
}
