import type { SkipReason } from '../account/decision.ts'
import { toldSet } from '../account/facts.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import type { DirectoryPerson } from '../atlassian/directory.ts'
import { decide } from '../plan/decide.ts'
import { entryOf, type Plan } from '../plan/plan.ts'
import { fold } from '../text/fold.ts'
import { listPeople } from './from-directory.ts'

/** What `find` looked for, and where. */
export interface LeftOutQuestion {
  /** Of everybody who could be listed, decided to the end. */
  readonly plan: Plan
  /** Everybody whom the directory tells of, in whatever state. */
  readonly people: ReadonlyMap<string, DirectoryPerson>
  /** The list that is replaced, and its name. */
  readonly before: readonly ListedAccount[]
  readonly file: string
  readonly include: readonly Selector[]
}

/** Whether a selector names one person: by the id, or by a whole address. */
export function namesSomebody({ kind, pattern }: Selector): boolean {
  return kind === 'id' || (kind === 'email' && !pattern.includes('*'))
}

/** Who is not in the list although a line of the inclusions, or the list before, names them; each with the reason. */
export function leftOutOf({ plan, people, before, file, include }: LeftOutQuestion): readonly LeftOut[] {
  const named = include.filter(namesSomebody)
  const answering = answersTo(named, people)
  const ids = new Set([...before.map(({ id }) => id), ...[...answering.values()].flat()])
  const reasons = reasonsFor(ids, plan, people)
  const byLine = named.flatMap((selector): LeftOut[] => {
    const found = answering.get(selector) ?? []
    const from = `${selector.source}, line ${selector.line}`
    if (found.length === 0) return [{ who: selector.text, email: '', from, isNamed: true, reason: 'not-found' }]
    return found.flatMap((id) => {
      const reason = reasons.get(id)
      return reason === undefined ? [] : [{ who: selector.text, email: '', from, isNamed: true, reason }]
    })
  })
  const byList = before.flatMap(({ id, email, line }): LeftOut[] => {
    const reason = reasons.get(id)
    return reason === undefined ? [] : [{ who: id, email, from: `${file}, line ${line}`, isNamed: false, reason }]
  })
  return [...byLine, ...byList]
}

/** Ids of the people who answer to each selector. */
function answersTo(
  named: readonly Selector[],
  people: ReadonlyMap<string, DirectoryPerson>,
): ReadonlyMap<Selector, readonly string[]> {
  const byAddress = new Map(
    named.filter(({ kind }) => kind === 'email').map(({ pattern }) => [fold(pattern), new Set<string>()]),
  )
  if (byAddress.size > 0) {
    for (const { id, facts } of people.values()) for (const email of facts.emails) byAddress.get(fold(email))?.add(id)
  }
  return new Map(
    named.map((selector) => {
      const { kind, pattern } = selector
      if (kind === 'email') return [selector, [...(byAddress.get(fold(pattern)) ?? [])]]
      return [selector, people.has(pattern) ? [pattern] : []]
    }),
  )
}

/** Why each of these is left alone; who is not is left out. */
function reasonsFor(
  ids: ReadonlySet<string>,
  plan: Plan,
  people: ReadonlyMap<string, DirectoryPerson>,
): ReadonlyMap<string, SkipReason> {
  const reasons = new Map<string, SkipReason>()
  const others: DirectoryPerson[] = []
  for (const id of ids) {
    const decision = entryOf(plan, id)?.decision
    const person = people.get(id)
    if (decision?.kind === 'skip') reasons.set(id, decision.reason)
    else if (decision === undefined && person === undefined) reasons.set(id, 'not-found')
    else if (decision === undefined && person !== undefined) others.push(person)
  }
  for (const account of listPeople(others)) {
    const decision = decide(account, plan.rules, people.get(account.id)?.facts ?? null, toldSet([]))
    // Whose status nobody told is not an active person either.
    reasons.set(account.id, decision.kind === 'skip' ? decision.reason : 'fact-unknown')
  }
  return reasons
}
