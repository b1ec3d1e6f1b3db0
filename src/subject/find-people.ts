import { EVERY_FACT, type Facts } from '../account/facts.ts'
import { blockOf, readPermission } from '../atlassian/accounts.ts'
import type { Directory, DirectoryPerson } from '../atlassian/directory.ts'
import { unitePeople, wholeDirectory } from '../atlassian/whole-directory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { checkKey } from '../look/key.ts'
import { type LookQuestion, look, settledBy } from '../look/look.ts'
import type { Rules } from '../plan/decide.ts'
import { makePlan, narrow, type Plan, targetsOf } from '../plan/plan.ts'
import { SHORT_PATIENCE, withPatience } from '../world/patience.ts'
import { type FoundPeople, isListable, listPeople } from './from-directory.ts'

/** The live organization, as the rules leave it. */
export interface Found extends FoundPeople {
  /** Of everybody who could be listed, decided to the end. */
  readonly plan: Plan
  /** Everybody whom the directory tells of, in whatever state. */
  readonly people: ReadonlyMap<string, DirectoryPerson>
}

type FindQuestion = Omit<LookQuestion, 'plan' | 'listed' | 'told'>

/** Targets that are asked why they cannot be changed, one after the other, until one can. */
const MOST_ASKED = 10

/**
 * Reads the directory to its end and decides about everybody in it as a plan of the list will, by the same facts.
 *
 * @returns null after a refusal or a stop
 */
export async function findPeople(
  question: FindQuestion,
  directory: Directory,
  rules: Rules,
  ledger: Ledger,
): Promise<Found | null> {
  const { notes, clock, stop } = question
  notes.learn({ live: true })
  // So that the walk can tell how far it is.
  await withPatience(clock, stop, SHORT_PATIENCE, directory.stats)
  const entries = settledBy(notes)(await directory.walk(stop))
  if (entries === null) return null
  const people = unitePeople(entries)
  const found = listPeople([...people.values()].filter(isListable))
  const plan = makePlan(found.accounts, rules, { organizationId: null, waiting: 'planned', later: EVERY_FACT })
  ledger.adopt(plan)
  const told = new Map<string, Facts>()
  for (const { id } of found.accounts) {
    const person = people.get(id)
    if (person !== undefined) told.set(id, person.facts)
  }
  const whole = wholeDirectory(people, directory)
  const seen = await look({ ...question, directory: whole, plan, listed: found.accounts, told })
  if (notes.refused() || stop.aborted) return null
  if (seen === null) return { ...found, plan, people }
  const left = narrow(plan, seen)
  // A plan of the list looks at its people alone, and what nobody of them shows, such as a group, nobody told.
  const listed = new Map(
    targetsOf(left)
      .map(({ id }) => [id, told.get(id)] as const)
      .filter(isTold),
  )
  const narrowed = await withoutBlocked(narrow(left, { ...seen, facts: listed }), listed, question)
  return narrowed === null ? null : { ...found, plan: narrowed, people }
}

function isTold(entry: readonly [string, Facts | undefined]): entry is readonly [string, Facts] {
  return entry[1] !== undefined
}

/**
 * Checks the key with the first target, as a plan of the list does, and leaves that target out where it cannot be changed:
 * then the next one is the plan's first. Null after a refusal or a stop.
 */
async function withoutBlocked(
  plan: Plan,
  facts: ReadonlyMap<string, Facts>,
  { atlassian, settings, notes, stop }: FindQuestion,
): Promise<Plan | null> {
  let left = plan
  for (let asked = 0; asked < MOST_ASKED; asked++) {
    const [first] = targetsOf(left)
    if (first === undefined) return left
    const check = asked === 0 ? await checkKey(atlassian, first.id, settings.mode, notes, stop) : null
    if (asked === 0 && check === null) return null
    const read = asked === 0 ? null : await readPermission(atlassian, first.id, stop)
    const blockedBy = check?.blockedBy ?? (read?.kind === 'permission' ? blockOf(read) : '')
    const known = facts.get(first.id)
    if (blockedBy === '' || known === undefined) return left
    const blocked = new Map([[first.id, { ...known, blockedBy }]])
    left = narrow(left, { facts: blocked, owners: new Set(), admins: new Set() })
  }
  return left
}
