import { FACT_KINDS, type FactKind } from '../account/facts.ts'
import type { GroupCell, ListedAccount, ListFact } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import { fold } from '../text/fold.ts'
import { createIntern } from '../text/intern.ts'
import { anyOf, createLookup } from './lookup.ts'

/** What selectors look at, as far as it was told: where there is nothing, nobody told it. */
export interface SelectorFacts {
  readonly id: string
  readonly emails: readonly string[]
  readonly groups: readonly GroupCell[]
  readonly roles: readonly string[]
  readonly statuses: readonly string[]
}

export type Matcher = ReturnType<typeof compileSelectors>

/**
 * Compiles a list of selectors for many accounts. Everything but ids is compared by Unicode case folding.
 * @param wholeCells for exclusions: a cell with several group names is matched in every run of neighbouring parts,
 *   because names may hold commas, and a run too many only protects. An inclusion matches the whole cell or one part.
 */
export function compileSelectors(selectors: readonly Selector[], { wholeCells }: { readonly wholeCells: boolean }) {
  const [ids, emails, groups] = [createLookup(String), createLookup(fold), createLookup(foldName)]
  const [roles, statuses] = [createLookup(foldRole), createLookup(fold)]
  const lookups = { everyone: ids, id: ids, email: emails, group: groups, role: roles, status: statuses }
  for (const { kind, pattern } of selectors) lookups[kind].add(pattern)
  /** What the selectors ask for; ids and `*` ask for nothing. */
  const asks: ReadonlySet<FactKind> = new Set(FACT_KINDS.filter((fact) => selectors.some(({ kind }) => kind === fact)))

  const partly = (text: string, mark: (text: string) => boolean): boolean =>
    anyOf([text, ...text.split(',')], (name) => mark(name.trim()))
  // Groups, roles and statuses are few texts in many accounts; hardly two accounts share an e-mail.
  const inName = createIntern((text) => groups.mark(foldName(text)))
  const inCell = createIntern((text) =>
    wholeCells ? groups.markRuns(foldName(text)) : partly(foldName(text), groups.mark),
  )
  // A cell may hold several roles, and no role's name holds a comma.
  const inRoles = createIntern((text) => partly(text, (role) => anyOf(rolesNamed(role), roles.mark)))
  const inStatuses = createIntern((text) => statuses.mark(fold(text)))

  return {
    /** Whether at least one selector matches what was told. */
    match: (facts: SelectorFacts): boolean => {
      // Every selector is asked, not only until the first match: one that never matches is told to its author.
      let found = ids.mark(facts.id)
      if (asks.has('email') && anyOf(facts.emails, (text) => text !== '' && emails.mark(fold(text)))) found = true
      if (asks.has('group') && anyOf(facts.groups, (cell) => (cell.several ? inCell : inName)(cell.text))) found = true
      if (asks.has('role') && anyOf(facts.roles, inRoles)) found = true
      if (asks.has('status') && anyOf(facts.statuses, inStatuses)) found = true
      return found
    },
    asks,
    /** Selectors that have matched no account so far, whatever facts it was shown with; `*` does where there is one. */
    unmatched: (): readonly Selector[] =>
      selectors.filter(({ kind, pattern }) => kind !== 'everyone' && !lookups[kind].hasMatched(pattern)),
  }
}

/** The selectors that ask for a fact that is not known of anybody: as exclusions they would protect nobody. */
export function unanswerable(selectors: readonly Selector[], known: ReadonlySet<ListFact>): readonly Selector[] {
  return selectors.filter(
    ({ kind }) => kind !== 'id' && kind !== 'everyone' && !known.has(kind === 'group' ? 'groups' : kind),
  )
}

const TOLD_IN = { email: 'emails', group: 'groups', role: 'roles', status: 'statuses' } as const

/** Of what is asked, that which nobody told about this account. */
export function untold(asks: ReadonlySet<FactKind>, facts: SelectorFacts): readonly FactKind[] {
  return FACT_KINDS.filter((kind) => asks.has(kind) && facts[TOLD_IN[kind]].length === 0)
}

/** What the list tells of an account; an empty cell tells nothing. */
export function listedFacts({ id, email, groupCells, roles, statuses }: ListedAccount): SelectorFacts {
  return { id, emails: email === '' ? [] : [email], groups: groupCells, roles, statuses }
}

/** A group's name, or several: blanks around commas mean nothing. */
function foldName(text: string): string {
  return fold(text).replaceAll(/ ?, ?/g, ',').trim()
}

/** A role, with blanks for hyphens. */
function foldRole(text: string): string {
  return fold(text.replaceAll('-', ' ')).trim()
}

/** A role as it is compared, without and with Atlassian's prefix. */
function rolesNamed(text: string): readonly string[] {
  const bare = foldRole(text).replace(/^ATLASSIAN\//, '')
  return bare === '' ? [] : [bare, `ATLASSIAN/${bare}`]
}
