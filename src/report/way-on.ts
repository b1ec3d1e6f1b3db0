import type { Guard } from '../account/guard.ts'
import { count } from '../text/words.ts'
import type { RunReport } from './report.ts'

/** What comes next, and the digest that somebody may approve. */
export interface WayOn {
  /** In one or more sentences; empty when nothing is left to do. */
  readonly next: string
  /** Empty where there is none to approve. */
  readonly digest: string
  /** Guards that would refuse the apply as things stand. */
  readonly blockers: number
}

/**
 * How to go on from here. A refused plan has no digest to approve. Nor has one that does not know the organization,
 * because the apply, which does, has another; nor one that is applied by merging its pull request.
 */
export function wayOn(report: RunReport): WayOn {
  const { outcome, next, planDigest, guards, change } = report
  const blockers = guards.filter(({ guard, verdict }) => verdict === 'reported' && !PENDING.has(guard)).length
  const way = (told: string, digest = ''): WayOn => ({ next: told, digest, blockers })
  // Guards that refused stand each with what to do.
  if (outcome === 'refused') return way(guards.some(({ verdict }) => verdict === 'refused') ? '' : next)
  if (outcome !== 'planned' || report.mode === 'find') return way(next)
  if (lacksOrganization(report)) {
    return way('Set "organization-id": without it, the digest of this plan differs from that of its apply.')
  }
  if (mergeApplies(report)) {
    const how = 'merging it applies this plan: the run on the default branch checks that approval itself.'
    return way(`Once somebody else has approved this pull request, ${how}`)
  }
  const digest = /^sha256:[0-9a-f]{64}$/.test(planDigest) ? planDigest : ''
  if (blockers === 0) return way(next, digest)
  const mode = change === 'restore' ? 'restore' : 'apply'
  return way(`First see to ${count(blockers, 'guard')} that would refuse the ${mode}, as told below.`, digest)
}

/** What to do next, where no section of its own tells how to carry out the plan. */
export function nextOf(report: RunReport): string {
  const { next, digest, blockers } = wayOn(report)
  return digest === '' || blockers > 0 ? next : ''
}

/** What a plan cannot have yet: they say nothing against it. */
const PENDING: ReadonlySet<Guard> = new Set<Guard>(['plan-mismatch', 'not-approved'])

/** The digest as a fact of the run; empty where nobody must take it for that of an apply. */
export function shownDigest(report: RunReport): string {
  return report.outcome === 'refused' || lacksOrganization(report) ? '' : report.planDigest
}

function lacksOrganization({ mode, change, organizationId, guards }: RunReport): boolean {
  if (mode !== 'plan' || change === 'restore' || organizationId !== '') return false
  return !guards.some(({ guard, verdict }) => guard === 'admins-unknown' && verdict === 'waived')
}

/** Whether `require-approval: pull-request` binds the run that follows the merge: nothing else speaks against it now. */
function mergeApplies({ settings, guards }: RunReport): boolean {
  const approval = guards.find(({ guard }) => guard === 'not-approved')
  return settings['require-approval'] === 'pull-request' && approval?.verdict === 'not-checked'
}
