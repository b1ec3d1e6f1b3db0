import { type Cause, causeOf } from '../account/cause.ts'
import { DAY } from '../account/day.ts'
import type { Change, Decision, SkipReason } from '../account/decision.ts'
import { type FactKind, type Facts, isServiceAddress } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { isDue } from '../list/due.ts'
import { fold } from '../text/fold.ts'
import { listedFacts, type Matcher, type SelectorFacts, untold } from './matcher.ts'

/** What the workflow's author laid down. */
export interface Rules {
  readonly change: Change
  /** Ids that are protected as the owners of API keys. */
  readonly owners: ReadonlySet<string>
  /** Address of the executing user, folded; empty where the id is given. */
  readonly ownerEmail: string
  readonly exclude: Matcher
  readonly include: Matcher
  /** Only accounts without any activity for so many days may be changed; 0: activity does not count. */
  readonly idleDays: number
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string
  /** The moment from which idle days are counted back. Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The first of the rules that the digest covers which takes the account out, or null: the exclusions, the inclusions and
 * the due date.
 *
 * @param facts null for the list's own values alone, which make the digest
 */
export function ruledOut(account: ListedAccount, rules: Rules, facts: Facts | null): SkipReason | null {
  const listed = listedFacts(account)
  // All are asked, also of excluded accounts: a selector of theirs is not one that matches nobody.
  const excluded = rules.exclude.match(listed)
  const excludedLive = facts !== null && rules.exclude.match(seenFacts(account.id, facts))
  const included = rules.include.match(listed)
  if (excluded || excludedLive) return 'excluded'
  if (!included) return 'not-included'
  return isDue(account.due, rules.today) ? null : 'not-due'
}

/** What was seen, told whole or not: whatever matches an exclusion protects. */
function seenFacts(id: string, { emails, groups, roles, statuses }: Facts): SelectorFacts {
  return { id, emails, groups: groups.map((text) => ({ text, several: false })), roles, statuses }
}

/**
 * The account's one decision: the first reason that holds, in the contract's order, else the change.
 *
 * @param facts null where nobody looked
 * @param later facts that may still be told; that any other one is absent protects
 */
export function decide(
  account: ListedAccount,
  rules: Rules,
  facts: Facts | null,
  later: ReadonlySet<FactKind>,
): Decision {
  const skip = (reason: SkipReason, cause: Cause | null = null): Decision => ({ kind: 'skip', reason, cause })
  const blocked = facts === null || facts.blockedBy === '' ? null : causeOf('blocked', facts.blockedBy)
  if (isOwner(account, rules, facts)) return skip('executing-user', blocked)
  const rule = ruledOut(account, rules, facts)
  if (rule !== null) return skip(rule)
  if (facts?.presence === 'not-found') return skip('not-found', facts.cause)
  if (facts?.person === false || isServiceAddress(account.email)) return skip('not-a-person')
  if (account.unclaimed || facts?.presence === 'unmanaged') return skip('unmanaged', facts?.cause ?? null)
  if (facts?.emails.some((email) => differ(email, account.email)) === true) return skip('identity-mismatch')
  const { change } = rules
  if (change === 'deactivate' && (listsOrgAdmin(account) || facts?.orgAdmin === true)) return skip('org-admin')
  if (facts?.presence === 'unreadable') {
    return { kind: 'unreadable', cause: facts.cause ?? causeOf('unreadable') }
  }
  if (isAlreadySo(account, change, facts)) return skip(change === 'deactivate' ? 'already-inactive' : 'already-active')
  const idle = rules.idleDays === 0 || change === 'restore' ? 'yes' : isIdle(rules, facts)
  if (idle === 'no') return skip('recently-active')
  if (facts?.synced === true || facts?.blockedBy === 'externalDirectory.scim') return skip('scim-managed', blocked)
  if (blocked !== null) return skip('not-manageable', blocked)
  const untold = untoldFacts(account, rules, facts, later)
  // Activity is only ever told by a look: until then it takes nobody off.
  if (idle === 'unknown' && facts !== null) untold.push('last activity')
  if (untold.length > 0) return skip('fact-unknown', causeOf('not-told', untold.join(', ')))
  return CHANGES[change]
}

/** Shared: a million targets have one decision. */
const CHANGES = { deactivate: { kind: 'deactivate' }, restore: { kind: 'restore' } } as const

/** Whether the list itself calls the account an administrator of the organization. */
function listsOrgAdmin(account: ListedAccount): boolean {
  return account.roles.some((role) => fold(role).includes('ADMIN'))
}

function isOwner(account: ListedAccount, rules: Rules, facts: Facts | null): boolean {
  if (rules.owners.has(account.id) || facts?.blockedBy === 'administrative.notMyself') return true
  if (rules.ownerEmail === '') return false
  return [account.email, ...(facts?.emails ?? [])].some((email) => fold(email) === rules.ownerEmail)
}

/** In a restore the list is an earlier result, which says nothing about the status of today. */
function isAlreadySo(account: ListedAccount, change: Change, facts: Facts | null): boolean {
  if (change === 'restore') return facts?.active === true
  return !account.active || facts?.active === false
}

/** Whether the account went without any activity for the days that the rules ask for: `unknown` where nobody told. */
function isIdle({ idleDays, now }: Rules, facts: Facts | null): 'yes' | 'no' | 'unknown' {
  if (facts === null || facts.lastActive.kind === 'not-told') return 'unknown'
  const since = now - idleDays * DAY
  // Who joined lately had no time to be active.
  if (facts.addedAt !== null && facts.addedAt > since) return 'no'
  if (facts.lastActive.kind === 'never') return facts.addedAt === null ? 'unknown' : 'yes'
  return facts.lastActive.at > since ? 'no' : 'yes'
}

/** Facts that a protection asks for and nobody told, in words. */
function untoldFacts(
  account: ListedAccount,
  { exclude, ownerEmail }: Rules,
  facts: Facts | null,
  later: ReadonlySet<FactKind>,
): string[] {
  const asks = ownerEmail === '' ? exclude.asks : new Set([...exclude.asks, 'email' as const])
  return untold(asks, listedFacts(account))
    .filter((kind) => !later.has(kind) && facts?.told.has(kind) !== true)
    .map((kind) => (kind === 'email' ? 'e-mail' : kind === 'group' ? 'groups' : kind))
}

/** Two known addresses that are not the same. */
function differ(live: string, listed: string): boolean {
  return live !== '' && listed !== '' && live.toLowerCase() !== listed.toLowerCase()
}
