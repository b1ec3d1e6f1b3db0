import type { Change, Decision, SkipReason } from '../account/decision.ts'
import type { LiveFacts } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { isDue } from '../list/due.ts'
import { listedFacts, type Matcher, type SelectorFacts, unitedFacts } from './matcher.ts'

/** What the workflow's author laid down. */
export interface Rules {
  readonly change: Change
  /** The person who owns the key and those who made the organization's other keys. */
  readonly protectedIds: ReadonlySet<string>
  /** Address of the executing user, lower case; empty where only the id is known. */
  readonly executingEmail: string
  readonly exclude: Matcher
  readonly include: Matcher
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string
}

/** Reasons that the rules alone give: the accounts they leave make the digest (contract, section 4). */
export type RuleReason = Extract<SkipReason, 'excluded' | 'not-included' | 'not-due'>

/** The first rule that takes the account out, or null. */
export function ruledOut(account: ListedAccount, rules: Rules, facts: LiveFacts | null): RuleReason | null {
  const listed = listedFacts(account)
  const excluded = rules.exclude.match(facts === null ? listed : unitedFacts(listed, toldLive(account.id, facts)))
  // Asked of excluded accounts too: a selector of theirs is not one that matches nobody.
  const included = rules.include.match(listed)
  if (excluded) return 'excluded'
  if (!included) return 'not-included'
  return isDue(account.due, rules.today) ? null : 'not-due'
}

function toldLive(id: string, { email, groups, roles, active }: LiveFacts): SelectorFacts {
  return {
    id,
    emails: email === '' ? null : [email],
    groups: groups.map((text) => ({ text, several: false })),
    roles,
    statuses: [active ? 'active' : 'inactive'],
  }
}

/** The account's one decision: the first reason that holds, in the contract's order, else the change. */
export function decide(account: ListedAccount, rules: Rules, facts: LiveFacts | null): Decision {
  const skip = (reason: SkipReason, detail = ''): Decision => ({ kind: 'skip', reason, detail })
  if (isExecutingUser(account, rules, facts)) return skip('executing-user', facts?.blockedBy ?? '')
  const rule = ruledOut(account, rules, facts)
  if (rule !== null) return skip(rule)
  if (facts?.presence === 'not-found') return skip('not-found', facts.detail)
  if (facts !== null && !facts.person) return skip('not-a-person')
  if (facts?.presence === 'unmanaged') return skip('unmanaged', facts.detail)
  if (facts !== null && differ(facts.email, account.email)) return skip('identity-mismatch')
  if (rules.change === 'deactivate' && (listsOrgAdmin(account) || facts?.orgAdmin === true)) return skip('org-admin')
  if (isAlreadySo(account, rules.change, facts)) {
    return skip(rules.change === 'deactivate' ? 'already-inactive' : 'already-active')
  }
  if (facts?.synced === true || facts?.blockedBy === 'externalDirectory.scim') {
    return skip('scim-managed', facts.blockedBy)
  }
  if (facts !== null && facts.blockedBy !== '') return skip('not-manageable', facts.blockedBy)
  return { kind: rules.change }
}

/** Whether the list itself calls the account an administrator of the organization. */
export function listsOrgAdmin(account: ListedAccount): boolean {
  return account.roles.some((role) => role.toLowerCase().includes('admin'))
}

function isExecutingUser(account: ListedAccount, rules: Rules, facts: LiveFacts | null): boolean {
  if (rules.protectedIds.has(account.id) || facts?.blockedBy === 'administrative.notMyself') return true
  const emails = [account.email, facts?.email ?? ''].map((email) => email.toLowerCase())
  return rules.executingEmail !== '' && emails.includes(rules.executingEmail)
}

/** In a restore the list is an earlier result, which says nothing about the status of today. */
function isAlreadySo(account: ListedAccount, change: Change, facts: LiveFacts | null): boolean {
  if (change === 'restore') return facts?.active === true
  return !account.active || facts?.active === false
}

/** Two known addresses that are not the same. */
function differ(live: string, listed: string): boolean {
  return live !== '' && listed !== '' && live.toLowerCase() !== listed.toLowerCase()
}
