import { compileGlob } from './glob.ts'
import type { Selector } from './selector.ts'

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

interface Lookup {
  readonly exact: Map<string, Selector[]>
  readonly patterns: { readonly matches: (text: string) => boolean; readonly selector: Selector }[]
}

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
  const lookups: Record<Kind, Lookup> = {
    email: emptyLookup(),
    group: emptyLookup(),
    role: emptyLookup(),
    status: emptyLookup(),
  }
  for (const selector of selectors) {
    if (selector.kind === 'everyone') continue
    if (selector.kind === 'id') {
      push(ids, selector.pattern, selector)
      continue
    }
    const pattern = fold(selector.pattern)
    const lookup = lookups[selector.kind]
    if (pattern.includes('*')) lookup.patterns.push({ matches: compileGlob(pattern), selector })
    else push(lookup.exact, pattern, selector)
  }
  const matched = new Set<Selector>()
  const note = (found: readonly Selector[] | undefined): boolean => {
    if (found === undefined || found.length === 0) return false
    for (const selector of found) matched.add(selector)
    return true
  }
  const look = ({ exact, patterns }: Lookup, texts: readonly string[]): boolean => {
    if (exact.size === 0 && patterns.length === 0) return false
    let any = false
    for (const text of texts) {
      if (text === '') continue
      const folded = fold(text)
      if (note(exact.get(folded))) any = true
      for (const { matches, selector } of patterns) {
        if (matches(folded)) any = note([selector])
      }
    }
    return any
  }
  const groups = (cells: readonly string[]): readonly string[] =>
    cells.flatMap((cell) => [...cell.split(',').map((name) => name.trim()), ...(wholeCells ? [cell] : [])])

  return {
    match: (facts) => {
      // Every selector is asked, not only until the first match: one that never matches is told to its author.
      const hits = [
        note(everyone),
        note(ids.get(facts.id)),
        look(lookups.email, facts.emails),
        isEmpty(lookups.group) ? false : look(lookups.group, groups(facts.groupCells)),
        look(lookups.role, facts.roles),
        look(lookups.status, facts.statuses),
      ]
      return hits.includes(true)
    },
    unmatched: () => selectors.filter((selector) => !matched.has(selector)),
  }
}

function emptyLookup(): Lookup {
  return { exact: new Map(), patterns: [] }
}

function isEmpty({ exact, patterns }: Lookup): boolean {
  return exact.size === 0 && patterns.length === 0
}

function push(map: Map<string, Selector[]>, key: string, selector: Selector): void {
  const others = map.get(key)
  if (others === undefined) map.set(key, [selector])
  else others.push(selector)
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
