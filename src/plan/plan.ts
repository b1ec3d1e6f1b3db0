import { createHash } from 'node:crypto'
import type { Change, Decision } from '../account/decision.ts'
import { type FactKind, type Facts, toldSet } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { State } from '../account/result.ts'
import { decide, type Rules, ruledOut, UNSEEN } from './decide.ts'

/** What is to become of every listed account. Frozen; only `narrow` makes another one, which is never larger. */
export interface Plan {
  readonly rules: Rules
  readonly digest: string
  /** In list order. */
  readonly entries: readonly PlanEntry[]
  /** State of the accounts that are still to be changed: in a mere plan they stay `planned`. */
  readonly waiting: Extract<State, 'planned' | 'not-attempted'>
  /** Where an account stands in `entries`; undefined where the plan does not name it. */
  readonly placeOf: (id: string) => number | undefined
}

/** With what a look at Atlassian told of the account. */
interface PlanEntry extends Pick<Facts, 'lastActive' | 'licences'> {
  readonly account: ListedAccount
  readonly decision: Decision
}

/** What a look at Atlassian brought for the plan. */
export interface Seen {
  /** By account id; an account that is not in it was not looked at. */
  readonly facts: ReadonlyMap<string, Facts>
  /** The owner of the key, and those who made the organization's other keys. */
  readonly owners: ReadonlySet<string>
  /** Organization admins as the directory lists them. */
  readonly admins: ReadonlySet<string>
}

export interface PlanOptions extends Pick<Plan, 'waiting'> {
  /** Null: a plan that nobody can approve, without a digest. */
  readonly organizationId: string | null
  /** Facts that may still be told, by a look at Atlassian: their absence protects nobody yet. */
  readonly later: ReadonlySet<FactKind>
}

/** Decides by the list and the rules alone: what a reviewer approves. */
export function makePlan(accounts: readonly ListedAccount[], rules: Rules, options: PlanOptions): Plan {
  const { organizationId, waiting, later } = options
  const left: string[] = []
  const entries = accounts.map((account) => {
    const decision = decide(account, rules, null, later)
    // Who is left alone for another reason is left by the rules all the same.
    if (decision.kind !== 'skip' || ruledOut(account, rules, null) === null) left.push(account.id)
    return entryWith(account, decision, UNSEEN)
  })
  const digest = organizationId === null ? '' : planDigest(organizationId, rules.change, left)
  return freeze({ rules, digest, entries, placeOf: placesOf(accounts), waiting })
}

/** The plan after a look: who is still a target is decided again by what was seen. Nobody else becomes one. */
export function narrow(plan: Plan, { facts, owners, admins }: Seen): Plan {
  const rules: Rules = { ...plan.rules, owners: new Set([...plan.rules.owners, ...owners]) }
  const isSilent = rules.exclude.asks.has('group') && ![...facts.values()].some(({ groups }) => groups.length > 0)
  const nothing = toldSet([])
  const entries = plan.entries.map((entry) => {
    const { account, decision } = entry
    const seen = decision.kind === rules.change ? facts.get(account.id) : undefined
    if (seen === undefined) return entry
    // An admin is protected from being deactivated; that says nothing about the status, which a restore goes by.
    const known = admins.has(account.id) && !seen.orgAdmin ? { ...seen, orgAdmin: true } : seen
    // A directory in which nobody has a group has not told the groups.
    const told = isSilent ? toldSet([...known.told].filter((kind) => kind !== 'group')) : known.told
    return entryWith(account, decide(account, rules, isSilent ? { ...known, told } : known, nothing), seen)
  })
  return freeze({ ...plan, rules, entries })
}

/** The plan with the accounts' lines and due dates in another list; line 0 for whom it does not hold. */
export function relisted(plan: Plan, rows: ReadonlyMap<string, Pick<ListedAccount, 'line' | 'due'>>): Plan {
  const entries = plan.entries.map((entry) =>
    Object.freeze({ ...entry, account: { ...entry.account, ...(rows.get(entry.account.id) ?? { line: 0 }) } }),
  )
  return freeze({ ...plan, entries })
}

/** Of plans, which are frozen: all stages ask for them, and there may be a million. */
const targets = new WeakMap<Plan, readonly ListedAccount[]>()

/** The accounts still to be changed, in list order. */
export function targetsOf(plan: Plan): readonly ListedAccount[] {
  const { change } = plan.rules
  const found =
    targets.get(plan) ?? plan.entries.filter(({ decision }) => decision.kind === change).map(({ account }) => account)
  targets.set(plan, found)
  return found
}

/** What the plan says of an account; undefined where it does not name it. */
export function entryOf(plan: Plan, id: string): PlanEntry | undefined {
  return plan.entries[plan.placeOf(id) ?? -1]
}

/** Whether the plan says that this account is to be changed. Asked last thing before a change is sent. */
export function isTarget(plan: Plan, id: string): boolean {
  return entryOf(plan, id)?.decision.kind === plan.rules.change
}

/** The status that a change brings about. */
export function wantedBy(change: Change): 'active' | 'inactive' {
  return change === 'deactivate' ? 'inactive' : 'active'
}

/** Ids that are hashed at once: a million in one text take a hundred megabytes. */
const PIECE = 10_000

/**
 * The plan's digest (contract, section 4): what was approved is what is done. It covers the organization, the kind of
 * change and whom the rules leave, in code-unit order; live facts are not in it, because they can only shrink the set.
 */
export function planDigest(organizationId: string, change: Change, ids: readonly string[]): string {
  const hash = createHash('sha256').update(`${organizationId}\n${change}\n`)
  // Without a function to compare with, texts are sorted by their code units.
  const sorted = ids.toSorted()
  for (let at = 0; at < sorted.length; at += PIECE) {
    hash.update(`${at === 0 ? '' : '\n'}${sorted.slice(at, at + PIECE).join('\n')}`)
  }
  return `sha256:${hash.digest('hex')}`
}

function entryWith(account: ListedAccount, decision: Decision, { lastActive, licences }: Facts): PlanEntry {
  return Object.freeze({ account, decision: Object.freeze(decision), lastActive, licences })
}

/** Made when it is first asked for: of a million accounts it takes as much memory as their ids. */
function placesOf(accounts: readonly ListedAccount[]): Plan['placeOf'] {
  let places: ReadonlyMap<string, number> | null = null
  return (id) => {
    places ??= new Map(accounts.map((account, place) => [account.id, place]))
    return places.get(id)
  }
}

function freeze(plan: Plan): Plan {
  return Object.freeze({ ...plan, entries: Object.freeze(plan.entries) })
}
