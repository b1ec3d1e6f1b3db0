import { FACT_KINDS, type FactKind } from '../account/facts.ts'
import type { GroupCell, ListedAccount, ListFact } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import { fold } from '../text/fold.ts'
import { createIntern } from '../text/intern.ts'
import { createLookup } from './lookup.ts'

/** What selectors look at, as far as it was told: where there is nothing, nobody told it. */
export interface SelectorFacts {
  readonly id: string
  readonly emails: readonly string[]
  readonly groups: readonly GroupCell[]
  readonly roles: readonly string[]
  readonly statuses: readonly string[]
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
  const [ids, emails, groups] = [createLookup(), createLookup(), createLookup()]
  const [roles, statuses] = [createLookup(), createLookup()]
  const lookups = { everyone: ids, id: ids, email: emails, group: groups, role: roles, status: statuses }
  const entries = selectors.map(({ kind, pattern }) => lookups[kind].add(FOLDS[kind](pattern)))
  const asks = asksOf(selectors)

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
      let found = ids.mark(facts.id)
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
  return FACT_KINDS.filter((fact) => asks.has(fact) && facts[FACTS[fact]].length === 0)
}

/** What the list tells of an account; an empty cell tells nothing. */
export function listedFacts({ id, email, groupCells, roles, statuses }: ListedAccount): SelectorFacts {
  return { id, emails: email === '' ? [] : [email], groups: groupCells, roles, statuses }
}

/** Whether any of the texts will do; all of them are asked. */
function any<T>(texts: readonly T[], ask: (text: T) => boolean): boolean {
  let found = false
  for (const text of texts) if (ask(text)) found = true
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

const FOLDS: Record<Selector['kind'], (pattern: string) => string> = {
  everyone: String,
  id: String,
  email: fold,
  group: foldName,
  role: foldRole,
  status: fold,
}
