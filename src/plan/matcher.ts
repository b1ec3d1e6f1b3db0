import type { Selector } from '../account/selector.ts'
import { createLookup, type Lookup, push, remembered } from './lookup.ts'

/** What selectors can look at. */
export interface SelectorFacts {
  readonly id: string
  /** Empty ones match nothing. */
  readonly emails: readonly string[]
  /** Cells of group columns; a cell may hold several names with commas between them. */
  readonly groupCells: readonly string[]
  readonly roles: readonly string[]
  readonly statuses: readonly string[]
}

/** A list of selectors, ready for many accounts. */
export interface Matcher {
  /** Whether at least one selector matches. */
  match(facts: SelectorFacts): boolean
  /** Selectors that have matched no account so far. */
  unmatched(): readonly Selector[]
}

type Kind = Exclude<Selector['kind'], 'id' | 'everyone'>

/**
 * Compiles selectors. Everything but ids is compared without regard to case.
 *
 * @param wholeCells whether a group cell also matches as a whole: an exclusion may protect somebody too many, but an
 *   inclusion must not match a text that is no group
 */
export function compileSelectors(
  selectors: readonly Selector[],
  { wholeCells }: { readonly wholeCells: boolean },
): Matcher {
  const ids = new Map<string, Selector[]>()
  const everyone = selectors.filter((selector) => selector.kind === 'everyone')
  const emails = createLookup()
  const groups = createLookup()
  const roles = createLookup()
  const statuses = createLookup()
  const lookups: Record<Kind, Lookup> = { email: emails, group: groups, role: roles, status: statuses }
  for (const selector of selectors) {
    if (selector.kind === 'everyone') continue
    if (selector.kind === 'id') push(ids, selector.pattern, selector)
    else lookups[selector.kind].add(selector)
  }
  const matched = new Set<Selector>()
  const note = (found: readonly Selector[] | undefined): boolean => {
    if (found === undefined || found.length === 0) return false
    for (const selector of found) matched.add(selector)
    return true
  }
  const look = (find: (text: string) => readonly Selector[], texts: readonly string[]): boolean => {
    let any = false
    for (const text of texts) if (text !== '' && note(find(text))) any = true
    return any
  }
  // Groups, roles and statuses are few texts in many accounts; hardly two accounts share an e-mail.
  const inGroups = remembered((cell) => namesIn(cell, wholeCells).flatMap((name) => groups.find(name)))
  const inRoles = remembered(roles.find)
  const inStatuses = remembered(statuses.find)

  return {
    match: (facts) => {
      // Every selector is asked, not only until the first match: one that never matches is told to its author.
      let any = note(everyone)
      if (note(ids.get(facts.id))) any = true
      if (!emails.isEmpty() && look(emails.find, facts.emails)) any = true
      if (!groups.isEmpty() && look(inGroups, facts.groupCells)) any = true
      if (!roles.isEmpty() && look(inRoles, facts.roles)) any = true
      if (!statuses.isEmpty() && look(inStatuses, facts.statuses)) any = true
      return any
    },
    unmatched: () => selectors.filter((selector) => !matched.has(selector)),
  }
}

/** The names in a cell of groups: those between commas and, where asked for, the cell as it stands. */
function namesIn(cell: string, wholeCells: boolean): readonly string[] {
  const names = cell.split(',').map((name) => name.trim())
  return wholeCells ? [...names, cell] : names
}
