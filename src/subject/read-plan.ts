import { plans } from '../account/decision.ts'
import { EVERY_FACT, toldSet } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { ReviewedFile } from '../approval/pull-request.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Notes } from '../notes.ts'
import { unlisted } from '../plan/decide.ts'
import * as guards from '../plan/guards.ts'
import { passedByReading } from '../plan/guards.ts'
import { makePlan, type Plan, targetsOf } from '../plan/plan.ts'
import { count } from '../text/words.ts'
import { type Found, readBeforeFind } from './from-directory.ts'
import { readListSubject } from './from-list.ts'
import { readResultsSubject } from './from-results.ts'
import { guardBlind, readSelectors, rulesOf, type Selectors } from './read-rules.ts'
import { type Subject, tellSubject } from './subject.ts'

/** What a run is about, and what it would do. */
export interface Read {
  readonly subject: Subject
  readonly selectors: Selectors
  readonly plan: Plan
  /** In `find`, what the directory told. */
  readonly found?: Found
}

/** Reads list or results and the rules, and decides; null where they cannot be read. `stop` ends GitHub's part. */
export async function readPlan(job: Job, notes: Notes, ledger: Ledger, stop: AbortSignal): Promise<Read | null> {
  const { settings, context, aim, change } = job
  const { mode, organizationId, apiKey } = settings
  const isWaived = settings.waive.has('admins-unknown')
  notes.guard(...guards.guardsOfInputs(mode, aim, context.eventName, settings, apiKey !== '', isWaived))
  const isOfResults = change === 'restore' || mode === 'verify'
  const readSubject = mode === 'find' ? readBeforeFind : isOfResults ? readResultsSubject : readListSubject
  const read = await readSubject(job, stop, notes)
  if (!read.ok) {
    notes.guard(read.finding)
    notes.learn({ lineProblems: read.problems })
  }
  const selectors = await readSelectors(job, notes)
  if (!read.ok) return null
  const { subject } = read
  notes.learn({ source: subject.source })
  tellSubject(job, subject, notes)
  if (!isOfResults && mode !== 'find') notes.guard(guards.guardListNotEmpty(subject.accounts.length))
  if (selectors === null) return null
  const blind = organizationId === '' && mode !== 'verify' ? guardBlind(selectors.exclude, subject.facts) : []
  notes.guard(...blind)
  if (blind.length > 0) return null
  const compiled = rulesOf(job, selectors)
  const waiting = plans(mode) ? 'planned' : 'not-attempted'
  // Without the directory a look at the profiles tells e-mails alone; a plan without a key awaits what its apply will see.
  const later = organizationId === '' ? toldSet(['email']) : EVERY_FACT
  notes.learn({ sha256: { list: subject.sha256, ...selectors.sha256 } })
  notes.guard(...passedByReading(mode === 'find' ? null : subject.columns !== null))
  const digested = mode === 'find' ? null : organizationId
  const plan = makePlan(subject.accounts, compiled, { organizationId: digested, waiting, later })
  ledger.adopt(plan)
  if (mode !== 'verify') notes.guard(guards.guardPlanDigest(settings.approvedPlan, plan.digest, mode))
  if (apiKey === '') warnOfUntold(plan, notes)
  return { subject, selectors, plan }
}

/** What an offline plan cannot know takes nobody off; it is told, because an apply may leave these people alone. */
function warnOfUntold(plan: Plan, notes: Notes): void {
  const targets = targetsOf(plan)
  const isTold = (account: ListedAccount): boolean =>
    plan.rules.idleDays === 0 && unlisted(account, plan.rules).length === 0
  const untold = targets.length - targets.filter(isTold).length
  if (untold === 0) return
  notes.warn(
    `Not checked for ${count(untold, 'account')}: the list does not have what a protection asks for, and a plan without a key reads nothing from Atlassian. An apply leaves them alone if Atlassian does not provide it either.`,
  )
}

/** The files that decide who is touched; null where the accounts came out of an artifact. */
export function reviewedFiles({ subject, selectors }: Read): readonly ReviewedFile[] | null {
  const { list } = subject
  if (list === null) return null
  const files = { 'users-file': list, 'exclude-file': selectors.excludeFile, 'include-file': selectors.includeFile }
  const roles = ['users-file', 'exclude-file', 'include-file'] as const
  return roles.flatMap((role) => (files[role] === null ? [] : [{ ...files[role], role }]))
}
