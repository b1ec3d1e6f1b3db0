import type { RunReport } from './report.ts'

/** What comes next, and the digest that somebody may approve. */
export interface WayOn {
  /** In one or more sentences; empty when nothing is left to do. */
  readonly next: string
  /** Empty where there is none to approve. */
  readonly digest: string
}

/**
 * How to go on from here. A refused plan has no digest to approve. Nor has one that does not know the organization,
 * because the apply, which does, has another; nor one that is applied by merging its pull request.
 */
export function wayOn(report: RunReport): WayOn {
  const { outcome, next, planDigest } = report
  if (outcome !== 'planned' || report.mode === 'find') return { next, digest: '' }
  if (lacksOrganization(report)) {
    return { next: 'Give "organization-id": without it this plan has another digest than its apply.', digest: '' }
  }
  if (mergeApplies(report)) {
    const how = 'merging it applies this plan: the run on the default branch checks that approval itself.'
    return { next: `Once somebody else has approved this pull request, ${how}`, digest: '' }
  }
  return { next, digest: /^sha256:[0-9a-f]{64}$/.test(planDigest) ? planDigest : '' }
}

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
