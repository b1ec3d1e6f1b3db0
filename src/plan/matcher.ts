import { FACT_KINDS, type FactKind } from '../account/facts.ts'
import type { GroupCell, ListedAccount, ListFact } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import { fold } from '../text/fold.ts'
import { createIntern } from '../text/intern.ts'
import { createLookup, type Entry } from './lookup.ts'

/** What selectors can look at; null is what nobody told, which is not the same as none. */
export interface SelectorFacts {
  readonly id: string
  readonly emails: readonly string[] | null
  readonly groups: readonly GroupCell[] | null
  readonly roles: readonly string[] | null
  readonly statuses: readonly string[] | null
}

/** A list of selectors, ready for many accounts. */
export interface Matcher {
  /** Whether at least one selector matches what was told. */
  match(facts: SelectorFacts): boolean
  /** What its selectors ask for. */
  readonly asks: ReadonlySet<FactKind>
  /** Selectors that have matched no account so far, whatever facts it was shown with; `*` does where there is one. */
  unmatched(): readonly Selector[]
}

const FACTS = { email: 'emails', group: 'groups', role: 'roles', status: 'statuses' } as const satisfies Record<
  FactKind,
  keyof SelectorFacts
>
/** The list's name for what a selector asks for. */
const LIST_FACTS: Record<FactKind, ListFact> = { email: 'email', group: 'groups', role: 'role', status: 'status' }

/**
 * Compiles selectors. Everything but ids is compared by Unicode case folding.
 *
 * @param wholeCells for exclusions: a cell with several group names is matched in every run of neighbouring parts,
 *   because names may hold commas, and a run too many only protects. An inclusion matches the whole cell or one part.
 */
export function compileSelectors(
  selectors: readonly Selector[],
  { wholeCells }: { readonly wholeCells: boolean },
): Matcher {
  const ids = new Map<string, Entry>()
  const everyone: Entry = { matched: false }
  const lookups = { email: createLookup(), group: createLookup(), role: createLookup(), status: createLookup() }
  const entries = selectors.map(({ kind, pattern }) => {
    if (kind === 'everyone') return everyone
    if (kind !== 'id') return lookups[kind].add(FOLDS[kind](pattern))
    const entry = ids.get(pattern) ?? { matched: false }
    ids.set(pattern, entry)
    return entry
  })
  const asks = asksOf(selectors)
  const all = entries.includes(everyone)

  const { email: emails, group: groups, role: roles, status: statuses } = lookups
  const partly = (text: string, mark: (text: string) => boolean): boolean =>
    any([text, ...text.split(',')], (name) => mark(name.trim()))
  // Groups, roles and statuses are few texts in many accounts; hardly two accounts share an e-mail.
  const inName = createIntern((text) => groups.mark(foldName(text)))
  const inCell = createIntern((text) =>
    wholeCells ? groups.markRuns(foldName(text)) : partly(foldName(text), groups.mark),
  )
  // A cell may hold several roles, and no role's name holds a comma.
  const inRoles = createIntern((text) => partly(text, (role) => any(rolesNamed(role), roles.mark)))
  const inStatuses = createIntern((text) => statuses.mark(fold(text)))

  return {
    match: (facts) => {
      // Every selector is asked, not only until the first match: one that never matches is told to its author.
      let found = all
      if (all) everyone.matched = true
      const entry = ids.get(facts.id)
      if (entry !== undefined) found = entry.matched = true
      if (asks.has('email') && any(facts.emails, (text) => text !== '' && emails.mark(fold(text)))) found = true
      if (asks.has('group') && any(facts.groups, (cell) => (cell.several ? inCell : inName)(cell.text))) found = true
      if (asks.has('role') && any(facts.roles, inRoles)) found = true
      if (asks.has('status') && any(facts.statuses, inStatuses)) found = true
      return found
    },
    asks,
    unmatched: () => selectors.filter(({ kind }, index) => kind !== 'everyone' && entries[index]?.matched !== true),
  }
}

/** What the selectors ask for; ids and `*` ask for nothing. */
export function asksOf(selectors: readonly Selector[]): ReadonlySet<FactKind> {
  const kinds = new Set<Selector['kind']>(selectors.map(({ kind }) => kind))
  return new Set(FACT_KINDS.filter((fact) => kinds.has(fact)))
}

/** The selectors that ask for a fact that is not known of anybody: as exclusions they would protect nobody. */
export function unanswerable(selectors: readonly Selector[], known: ReadonlySet<ListFact>): readonly Selector[] {
  return selectors.filter(({ kind }) => kind !== 'id' && kind !== 'everyone' && !known.has(LIST_FACTS[kind]))
}

/** Of what is asked, that which nobody told about this account. */
export function untold(asks: ReadonlySet<FactKind>, facts: SelectorFacts): readonly FactKind[] {
  return FACT_KINDS.filter((fact) => asks.has(fact) && facts[FACTS[fact]] === null)
}

/** What the list tells of an account; an empty cell tells nothing. */
export function listedFacts({ id, email, groupCells, roles, statuses }: ListedAccount): SelectorFacts {
  return {
    id,
    emails: email === '' ? null : [email],
    groups: unlessEmpty(groupCells),
    roles: unlessEmpty(roles),
    statuses: unlessEmpty(statuses),
  }
}

/** What two sources tell of one account: known is what either tells. */
export function unitedFacts(one: SelectorFacts, other: SelectorFacts): SelectorFacts {
  const both = <T>(some: readonly T[] | null, more: readonly T[] | null): readonly T[] | null =>
    some === null || more === null ? (some ?? more) : [...some, ...more]
  return {
    id: one.id,
    emails: both(one.emails, other.emails),
    groups: both(one.groups, other.groups),
    roles: both(one.roles, other.roles),
    statuses: both(one.statuses, other.statuses),
  }
}

function unlessEmpty<T>(texts: readonly T[]): readonly T[] | null {
  return texts.length === 0 ? null : texts
}

/** Whether any of the texts will do; all of them are asked. */
function any<T>(texts: readonly T[] | null, ask: (text: T) => boolean): boolean {
  let found = false
  for (const text of texts ?? []) if (ask(text)) found = true
  return found
}

/** A group's name, or several: blanks around commas mean nothing. */
function foldName(text: string): string {
  return fold(text).replaceAll(/ ?, ?/g, ',').trim()
}

/** A role, with blanks for hyphens. */
function foldRole(text: string): string {
  return fold(text.replaceAll('-', ' ')).trim()
}

const PLATFORM = 'ATLASSIAN/'

/** A role as it is compared, without and with Atlassian's prefix. */
function rolesNamed(text: string): readonly string[] {
  const name = foldRole(text)
  const bare = name.startsWith(PLATFORM) ? name.slice(PLATFORM.length) : name
  return bare === '' ? [] : [bare, `${PLATFORM}${bare}`]
}

const FOLDS: Record<FactKind, (pattern: string) => string> = {
  email: fold,
  group: foldName,
  role: foldRole,
  status: fold,
}
