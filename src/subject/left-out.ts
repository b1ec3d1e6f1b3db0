import type { SkipReason } from '../account/decision.ts'
import { toldSet } from '../account/facts.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { Selector } from '../account/selector.ts'
import type { Job } from '../job.ts'
import type { Notes } from '../notes.ts'
import { decide } from '../plan/decide.ts'
import { entryOf } from '../plan/plan.ts'
import { fold } from '../text/fold.ts'
import { count, joinFilled, people } from '../text/words.ts'
import { type Found, listPeople } from './from-directory.ts'
import type { Read } from './read-plan.ts'

/** More lines than this are no help in a log: plan.json holds all. */
const MOST_TOLD = 1000

/** Tells who is not in the list of a find although the list before, or a line of the inclusions, names them. */
export function tellLeftOut(job: Job, found: Found, { subject, selectors }: Read, notes: Notes): void {
  const byList = subject.before.map(({ id, email, line }) => {
    return { id, who: id, email, from: `${job.settings.usersFile}, line ${line}`, isNamed: false }
  })
  const named = [...namedBy(selectors.include, found), ...byList]
  const reasonOf = reasonsOf(new Set(named.map(({ id }) => id)), found)
  const leftOut = named.flatMap(({ id, ...who }): LeftOut[] => {
    const reason = reasonOf(id)
    return reason === null ? [] : [{ ...who, reason }]
  })
  notes.learn({ leftOut })
  if (leftOut.length === 0) return
  const lines = leftOut
    .slice(0, MOST_TOLD)
    .map(({ who, email, from, reason }) => `${joinFilled([who, email], '  ')}  ${reason}  (${from})`)
  const more = leftOut.length - lines.length
  if (more > 0) lines.push(`… and ${count(more, 'more')}, all in plan.json`)
  job.world.log.group(`Not in the list: ${people(leftOut.length)} that the list before or "include" names`, lines)
}

/** Whether a selector names one person: by the id, or by a whole address. */
export function namesSomebody({ kind, pattern }: Selector): boolean {
  return kind === 'id' || (kind === 'email' && !pattern.includes('*'))
}

/** Whom lines of the inclusions name, each with everybody who answers to it; where nobody does, with an empty id. */
function namedBy(include: readonly Selector[], { people }: Found) {
  const named = include.filter(namesSomebody)
  /** An id, or an address as it is compared. */
  const keyOf = ({ kind, pattern }: Selector): string => (kind === 'id' ? pattern : fold(pattern))
  const answers = new Map(named.map((selector) => [keyOf(selector), new Set<string>()]))
  for (const { id, facts } of answers.size === 0 ? [] : people.values()) {
    for (const key of [id, ...facts.emails.map(fold)]) answers.get(key)?.add(id)
  }
  return named.flatMap((selector) => {
    const { text, source, line } = selector
    const ids = [...(answers.get(keyOf(selector)) ?? [])]
    const who = { who: text, email: '', from: `${source}, line ${line}`, isNamed: true }
    return (ids.length === 0 ? [''] : ids).map((id) => ({ id, ...who }))
  })
}

/** Why each is left alone; null for who is not. @param ids all who are asked about */
function reasonsOf(ids: ReadonlySet<string>, { plan, people }: Found): (id: string) => SkipReason | null {
  const others = [...ids].flatMap((id) => (entryOf(plan, id) === undefined ? (people.get(id) ?? []) : []))
  const decided = new Map(
    listPeople(others).map((account) => {
      const facts = people.get(account.id)?.facts ?? null
      return [account.id, decide(account, plan.rules, facts, toldSet([]))]
    }),
  )
  return (id) => {
    const decision = entryOf(plan, id)?.decision ?? decided.get(id)
    if (decision === undefined) return 'not-found'
    if (decision.kind === 'skip') return decision.reason
    // Whose status nobody told is not an active person either.
    return decided.has(id) ? 'fact-unknown' : null
  }
}
