import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { EVERY_FACT, type Facts } from '../account/facts.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import { readWhyBlocked } from '../atlassian/accounts.ts'
import type { Directory, DirectoryPerson } from '../atlassian/directory.ts'
import { unitePeople, wholeDirectory } from '../atlassian/whole-directory.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { foundList } from '../list/found-list.ts'
import { parseList } from '../list/parse.ts'
import { settled } from '../look/connect.ts'
import { checkKey } from '../look/key.ts'
import { type LookQuestion, look } from '../look/look.ts'
import type { Rules } from '../plan/decide.ts'
import { guardInput } from '../plan/guards.ts'
import { makePlan, narrow, type Plan, targetsOf } from '../plan/plan.ts'
import { quote } from '../text/words.ts'
import { SHORT_PATIENCE, withPatience } from '../world/clock.ts'
import { inPieces } from '../world/files.ts'
import { whyNotWritten } from '../world/replace-file.ts'
import { inWorkspace, readListSubject } from './from-list.ts'
import { type SubjectRead, subjectOf, unreadable } from './subject.ts'

/** A find begins with nobody, and the list it replaces: an unreadable one refuses, as its dates would be lost. */
export async function readBeforeFind(job: Job, stop: AbortSignal): Promise<SubjectRead> {
  const { usersFile, organizationId } = job.settings
  const source = `directory of the organization ${organizationId}`
  if (usersFile === '') return subjectOf({ source })
  const why = whyNotReplaced(job)
  if (why !== null) return unreadable(guardInput([why]))
  const { root, path } = inWorkspace(job.context, usersFile)
  if (!existsSync(resolve(root, path))) return subjectOf({ source })
  const read = await readListSubject(job, stop)
  if (!read.ok) return read
  const { accounts: before, remarks, columns } = read.subject
  return subjectOf({ source, remarks, columns, before })
}

/** Why the list that `users-file` names must not be written, in a sentence; null where it may. */
export function whyNotReplaced(job: Job): string | null {
  const { usersFile, excludeFile, includeFile } = job.settings
  const { root, path } = inWorkspace(job.context, usersFile)
  const others = [excludeFile, includeFile].filter((other) => other !== '')
  const why = whyNotWritten(root, path, others)
  return why === null ? null : `Input "users-file" names ${quote(path)}, but ${why}`
}

/** Lists people by id as a plan will read them: written, then parsed. @throws where a list may not hold as many */
export function listPeople(people: Iterable<DirectoryPerson>): readonly ListedAccount[] {
  const sorted = [...people].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const pieces = Array.from(inPieces(foundList(sorted, () => '')), (piece) => Buffer.from(piece))
  const parsed = parseList(Buffer.concat(pieces))
  if (!parsed.ok) throw new Error(`The people of the organization make no list: ${parsed.problems[0]?.message ?? ''}`)
  return parsed.list.accounts
}

/** The plan of everybody who could be listed, and everybody whom the directory tells of, in whatever state. */
export type Found = NonNullable<Awaited<ReturnType<typeof findPeople>>>

type FindQuestion = Omit<LookQuestion, 'plan' | 'listed' | 'told'>

/** Targets that are asked whether they can be changed, one after the other, until one can. */
const MOST_ASKED = 10

/** Reads the whole directory and decides as a plan of its list will, by the same facts. Null if refused or stopped. */
export async function findPeople(question: FindQuestion, directory: Directory, rules: Rules, ledger: Ledger) {
  const { notes, clock, stop } = question
  notes.learn({ live: true })
  // So that the walk can tell how far it is.
  await withPatience(clock, stop, SHORT_PATIENCE, directory.stats)
  const entries = settled(await directory.search({}, stop), notes)
  if (entries === null) return null
  const people = unitePeople(entries)
  const told = new Map([...people].map(([id, { facts }]) => [id, facts]))
  // The subject of a find: active, managed people, as far as Atlassian tells.
  const subject = [...people.values()].filter(
    ({ facts }) => facts.presence === 'found' && facts.active === true && facts.person !== false,
  )
  const listed = listPeople(subject)
  const plan = makePlan(listed, rules, { organizationId: null, waiting: 'planned', later: EVERY_FACT })
  ledger.adopt(plan)
  const whole = wholeDirectory(people, directory)
  const seen = await look({ ...question, directory: whole, plan, listed, told })
  if (notes.refused() || stop.aborted) return null
  if (seen === null) return { plan, people }
  const narrowed = await asPlanned(narrow(plan, seen), told, question)
  return narrowed && { plan: narrowed, people }
}

/**
 * Narrows the plan as one of its list will be: that looks at the list's people alone, and what none of them shows, such as
 * a group, nobody told; and it checks the key with the first of them, who is left out where that account cannot be changed.
 * Null after a refusal or a stop.
 */
async function asPlanned(plan: Plan, told: ReadonlyMap<string, Facts>, question: FindQuestion): Promise<Plan | null> {
  const again = (left: Plan, facts: ReadonlyMap<string, Facts>): Plan =>
    narrow(left, { facts, owners: new Set(), admins: new Set() })
  const factsOf = (id: string): [string, Facts][] => {
    const facts = told.get(id)
    return facts === undefined ? [] : [[id, facts]]
  }
  /** Why the status cannot be changed, as far as it is told. */
  const ask = async (id: string): Promise<{ readonly blockedBy: string }> => {
    const read = await readWhyBlocked(question.atlassian, id, question.stop)
    return { blockedBy: read.kind === 'read' ? read.value : '' }
  }
  let left = plan
  for (let asked = 0; asked < MOST_ASKED; asked++) {
    left = again(left, new Map(targetsOf(left).flatMap(({ id }) => factsOf(id))))
    const [first] = targetsOf(left)
    if (first === undefined) return left
    const permission = asked === 0 ? await checkKey(question, first.id) : await ask(first.id)
    if (permission === null) return null
    const { blockedBy } = permission
    if (blockedBy === '') return left
    left = again(left, new Map(factsOf(first.id).map(([id, facts]) => [id, { ...facts, blockedBy }])))
  }
  return left
}
