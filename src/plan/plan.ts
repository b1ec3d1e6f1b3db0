import type { Decision, SkipReason } from '../account/decision.ts'
import { type LiveFacts, PLAIN_FACTS } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { AccountRecord, AccountResult, State } from '../account/result.ts'
import { decide, type RuleReason, type Rules, ruledOut } from './decide.ts'
import { planDigest } from './digest.ts'

/** What would be done to every listed account. */
export interface Plan {
  readonly rules: Rules
  readonly digest: string
  /** State of the accounts that are still to be changed. */
  readonly waiting: Extract<State, 'planned' | 'not-attempted'>
  /** In list order. */
  readonly entries: readonly PlanEntry[]
}

export interface PlanEntry {
  readonly account: ListedAccount
  readonly record: AccountRecord
}

/**
 * Decides by the list and the rules alone: what a reviewer approves.
 *
 * @param waiting state of the accounts to change until they are: in a mere plan they stay `planned`
 */
export function makePlan(
  accounts: readonly ListedAccount[],
  rules: Rules,
  organizationId: string,
  waiting: Plan['waiting'] = 'not-attempted',
): Plan {
  const ids: string[] = []
  const entries = accounts.map((account) => {
    const decision = decide(account, rules, null)
    if (rulesLeave(account, decision, rules)) ids.push(account.id)
    return { account, record: toRecord(account, decision, waiting) }
  })
  return { rules, digest: planDigest(organizationId, rules.change, ids), waiting, entries }
}

/** The accounts still to be changed. */
export function targetsOf(plan: Plan): readonly PlanEntry[] {
  return plan.entries.filter(({ record }) => record.decision !== 'skip' && record.state === plan.waiting)
}

/** Decides again about the targets that were looked at; live facts only take accounts out. */
export function applyFacts(plan: Plan, facts: ReadonlyMap<string, LiveFacts>): void {
  for (const { account, record } of targetsOf(plan)) {
    const seen = facts.get(account.id)
    if (seen === undefined) continue
    note(record, decide(account, plan.rules, seen))
    if (seen.presence !== 'unreadable' || record.decision === 'skip') continue
    record.state = 'failed'
    record.detail = `left alone, because it could not be read before the change: ${seen.detail}`
  }
}

/** The plan under rules that protect more people, and with the organization's admins taken out. */
export function applyRules(plan: Plan, rules: Rules, orgAdmins: ReadonlySet<string>): Plan {
  for (const { account, record } of targetsOf(plan)) {
    // An admin is protected from being deactivated; that says nothing about the status, which a restore goes by.
    const admin = rules.change === 'deactivate' && orgAdmins.has(account.id)
    const facts = admin ? { ...PLAIN_FACTS, orgAdmin: true } : null
    note(record, decide(account, rules, facts))
  }
  return { ...plan, rules }
}

/** Whether exclusions, inclusions and due dates leave the account, whatever protects it besides. */
function rulesLeave(account: ListedAccount, decision: Decision, rules: Rules): boolean {
  if (decision.kind !== 'skip') return true
  if (decision.reason === 'executing-user') return ruledOut(account, rules, null) === null
  return !RULE_REASONS.has(decision.reason)
}

const RULE_REASONS: ReadonlySet<SkipReason> = new Set<RuleReason>(['excluded', 'not-included', 'not-due'])

function toRecord(account: ListedAccount, decision: Decision, waiting: Plan['waiting']): AccountRecord {
  const record: AccountRecord = {
    id: account.id,
    email: account.email,
    name: account.name,
    line: account.line,
    decision: 'skip',
    reason: '',
    state: waiting,
    verified: '',
    detail: '',
    httpStatus: 0,
    attempts: 0,
    startedAt: '',
    finishedAt: '',
    lastActive: '',
    canary: false,
  }
  note(record, decision)
  return record
}

function note(record: AccountRecord, decision: Decision): void {
  if (decision.kind !== 'skip') {
    record.decision = decision.kind
    return
  }
  record.decision = 'skip'
  record.reason = decision.reason
  record.detail = decision.detail
  record.state = skippedState(decision.reason)
}

function skippedState(reason: AccountResult['reason']): State {
  return reason === 'already-inactive' || reason === 'already-active' ? reason : 'skipped'
}
