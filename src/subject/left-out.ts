import type { SkipReason } from '../account/decision.ts'
import { toldSet } from '../account/facts.ts'
import type { LeftOut } from '../account/left-out.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import type { DirectoryPerson } from '../atlassian/directory.ts'
import type { Job } from '../job.ts'
import type { Notes } from '../notes.ts'
import { decide } from '../plan/decide.ts'
import { entryOf, type Plan } from '../plan/plan.ts'
import { fold } from '../text/fold.ts'
import { count, people } from '../text/words.ts'
import type { Found } from './find-people.ts'
import { listPeople } from './from-directory.ts'
import type { Selectors } from './read-rules.ts'

/** More lines than this are no help in a log: plan.json holds all. */
const MOST_TOLD = 1000

/** Tells who is not in the list of a find although the list before, or a line of the inclusions, names them. */
export function tellLeftOut(
  { settings, world }: Job,
  found: Found,
  before: readonly ListedAccount[],
  rules: Selectors,
  notes: Notes,
): void {
  const leftOut = leftOutOf(found, before, settings.usersFile, rules.include)
  notes.learn({ leftOut })
  if (leftOut.length === 0) return
  const lines = leftOut.slice(0, MOST_TOLD).map(({ who, email, from, reason }) => {
    const whom = [who, email].filter((part) => part !== '').join('  ')
    return `${whom}  ${reason}  (${from})`
  })
  const more = leftOut.length - lines.length
  if (more > 0) lines.push(`… and ${count(more, 'more')}, all in plan.json`)
  world.log.group(`Not in the list: ${people(leftOut.length)} that the list before or "include" names`, lines)
}

/** Whether a selector names one person: by the id, or by a whole address. */
export function namesSomebody({ kind, pattern }: Selector): boolean {
  return kind === 'id' || (kind === 'email' && !pattern.includes('*'))
}

/**
 * Who is not in the list although a line of the inclusions, or the list before, names them; each with the reason.
 *
 * @param file name of the list before
 */
function leftOutOf(
  { plan, people }: Found,
  before: readonly ListedAccount[],
  file: string,
  include: readonly Selector[],
): readonly LeftOut[] {
  const named = include.filter(namesSomebody)
  const answering = answersTo(named, people)
  const ids = new Set([...before.map(({ id }) => id), ...[...answering.values()].flatMap((found) => [...found])])
  const reasons = reasonsFor(ids, plan, people)
  const unlessListed = (id: string, who: Omit<LeftOut, 'reason'>): LeftOut[] => {
    const reason = reasons.get(id)
    return reason === undefined ? [] : [{ ...who, reason }]
  }
  const byLine = named.flatMap((selector): LeftOut[] => {
    const { text, source, line } = selector
    const who = { who: text, email: '', from: `${source}, line ${line}`, isNamed: true }
    const found = [...(answering.get(keyOf(selector)) ?? [])]
    return found.length === 0 ? [{ ...who, reason: 'not-found' }] : found.flatMap((id) => unlessListed(id, who))
  })
  const byList = before.flatMap(({ id, email, line }) =>
    unlessListed(id, { who: id, email, from: `${file}, line ${line}`, isNamed: false }),
  )
  return [...byLine, ...byList]
}

/** An id, or an address as it is compared. */
function keyOf({ kind, pattern }: Selector): string {
  return kind === 'id' ? pattern : fold(pattern)
}

/** Ids of the people who answer to each of the selectors' keys. */
function answersTo(named: readonly Selector[], people: Found['people']): ReadonlyMap<string, ReadonlySet<string>> {
  const answers = new Map(named.map((selector) => [keyOf(selector), new Set<string>()]))
  if (answers.size === 0) return answers
  for (const { id, facts } of people.values()) {
    for (const key of [id, ...facts.emails.map(fold)]) answers.get(key)?.add(id)
  }
  return answers
}

/** Why each of these is left alone; who is not is left out. */
function reasonsFor(ids: ReadonlySet<string>, plan: Plan, people: Found['people']): ReadonlyMap<string, SkipReason> {
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
