import type { Activity, Facts } from '../account/facts.ts'
import { escapeCsvCell } from '../text/escape.ts'
import { dayOf } from '../world/clock.ts'
import { FIND_HEADER } from './dialects.ts'

/** Somebody of the live organization. */
interface Listable {
  readonly id: string
  readonly name: string
  readonly facts: Facts
}

/** A person's row but for its last cell, the due date. The same facts make the same row, in whatever order they came. */
function foundRow({ id, name, facts }: Listable): string {
  const { active, emails, statuses, roles, groups, lastActive, addedAt } = facts
  const status = active === false ? 'Deactivated' : statuses.includes('suspended') ? 'Suspended' : 'Active'
  const [email = ''] = emails.toSorted()
  const names = [roles, groups].map((texts) => texts.toSorted().join(', '))
  const cells = [id, name, email, status, ...names, activityDay(lastActive), addedAt === null ? '' : dayOf(addedAt)]
  // A list with NUL bytes is no text, and half a surrogate pair is written as something else.
  return cells.map((text) => escapeCsvCell(text.replaceAll('\0', '').toWellFormed())).join(',')
}

/** The list that mode `find` writes, line by line. @param dueOf is told of each row in order, and gives the due date */
export function* foundList(people: Iterable<Listable>, dueOf: (id: string, row: string) => string): Generator<string> {
  yield `${FIND_HEADER.join(',')}\r\n`
  for (const person of people) {
    const row = foundRow(person)
    yield `${row},${dueOf(person.id, row)}\r\n`
  }
}

/** `YYYY-MM-DD` in UTC, `never`, or nothing where nobody told. */
export function activityDay(activity: Activity): string {
  return activity.kind === 'at' ? dayOf(activity.at) : activity.kind === 'never' ? 'never' : ''
}
