import { type Cause, causeOf } from '../account/cause.ts'
import { DAY } from '../account/day.ts'
import type { Change, Decision, SkipReason } from '../account/decision.ts'
import { type FactKind, type Facts, factsWith, isServiceAddress, toldSet } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { isDue } from '../list/cells.ts'
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

/** The first rule that takes the account out, or null. @param facts null for the list's own values: they make the digest */
export function ruledOut(account: ListedAccount, rules: Rules, facts: Facts | null): SkipReason | null {
  const listed = listedFacts(account)
  // All are asked, also of excluded accounts: a selector of theirs is not one that matches nobody.
  const isExcluded = rules.exclude.match(listed)
  const isExcludedLive = facts !== null && rules.exclude.match(seenFacts(account.id, facts))
  const isIncluded = rules.include.match(listed)
  if (isExcluded || isExcludedLive) return 'excluded'
  if (!isIncluded) return 'not-included'
  return isDue(account.due, rules.today) ? null : 'not-due'
}

/** What was seen, told whole or not: whatever matches an exclusion protects. */
function seenFacts(id: string, { emails, groups, roles, statuses }: Facts): SelectorFacts {
  return { id, emails, groups: groups.map((text) => ({ text, several: false })), roles, statuses }
}

/** An account that nobody looked at. */
export const UNSEEN = factsWith({})
/** Shared: a million targets have one decision. */
const CHANGES = { deactivate: { kind: 'deactivate' }, restore: { kind: 'restore' } } as const

/**
 * The account's one decision: the first reason that holds, in the contract's order, else the change. `facts`: null where
 * nobody looked. A fact that a protection asks for protects by its absence, unless it may still be told `later`.
 */
export function decide(
  account: ListedAccount,
  rules: Rules,
  facts: Facts | null,
  later: ReadonlySet<FactKind>,
): Decision {
  const skip = (reason: SkipReason, cause: Cause | null = null): Decision => ({ kind: 'skip', reason, cause })
  const { change } = rules
  const { email } = account
  const seen = facts ?? UNSEEN
  const { presence, blockedBy, active } = seen
  const blocked = blockedBy === '' ? null : causeOf('blocked', blockedBy)
  if (isOwner(account, rules, seen)) return skip('executing-user', blocked)
  const rule = ruledOut(account, rules, facts)
  if (rule !== null) return skip(rule)
  if (presence === 'not-found') return skip('not-found', seen.cause)
  if (seen.person === false || isServiceAddress(email)) return skip('not-a-person')
  if (account.unclaimed || presence === 'unmanaged') return skip('unmanaged', seen.cause)
  const isOther = (live: string) => live !== '' && email !== '' && live.toLowerCase() !== email.toLowerCase()
  if (seen.emails.some(isOther)) return skip('identity-mismatch')
  const isAdmin = seen.orgAdmin || account.roles.some((role) => fold(role).includes('ADMIN'))
  if (change === 'deactivate' && isAdmin) return skip('org-admin')
  if (presence === 'unreadable') return { kind: 'unreadable', cause: seen.cause ?? causeOf('unreadable') }
  // In a restore the list is an earlier result, which says nothing about the status of today.
  if (change === 'restore' && active === true) return skip('already-active')
  if (change === 'deactivate' && (!account.active || active === false)) return skip('already-inactive')
  const idle = rules.idleDays === 0 || change === 'restore' ? 'yes' : isIdle(rules, seen)
  if (idle === 'no') return skip('recently-active')
  if (seen.synced || blockedBy === 'externalDirectory.scim') return skip('scim-managed', blocked)
  if (blocked !== null) return skip('not-manageable', blocked)
  const missing = unlisted(account, rules)
    .filter((kind) => !later.has(kind) && !seen.told.has(kind))
    .map((kind): string => (kind === 'email' ? 'e-mail' : kind === 'group' ? 'groups' : kind))
  // Activity is only ever told by a look: until then it takes nobody off.
  if (idle === 'unknown' && facts !== null) missing.push('last activity')
  return missing.length > 0 ? skip('fact-unknown', causeOf('not-told', missing.join(', '))) : CHANGES[change]
}

/** Facts that a protection asks for and the list does not tell of this account. */
export function unlisted(account: ListedAccount, { exclude, ownerEmail }: Rules): readonly FactKind[] {
  const asks = ownerEmail === '' ? exclude.asks : exclude.asks.union(toldSet(['email']))
  return untold(asks, listedFacts(account))
}

function isOwner({ id, email }: ListedAccount, { owners, ownerEmail }: Rules, { blockedBy, emails }: Facts): boolean {
  if (owners.has(id) || blockedBy === 'administrative.notMyself') return true
  return ownerEmail !== '' && [email, ...emails].some((address) => fold(address) === ownerEmail)
}

/** Whether the account went without any activity for the days that the rules ask for: `unknown` where nobody told. */
function isIdle({ idleDays, now }: Rules, { lastActive, addedAt }: Facts): 'yes' | 'no' | 'unknown' {
  if (lastActive.kind === 'not-told') return 'unknown'
  const since = now - idleDays * DAY
  // Who joined lately had no time to be active.
  if (addedAt !== null && addedAt > since) return 'no'
  if (lastActive.kind === 'never') return addedAt === null ? 'unknown' : 'yes'
  return lastActive.at > since ? 'no' : 'yes'
}
