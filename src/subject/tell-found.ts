import type { Job } from '../job.ts'
import type { Notes } from '../notes.ts'
import { count, people } from '../text/words.ts'
import type { Found } from './find-people.ts'
import { leftOutOf } from './left-out.ts'
import type { Selectors } from './read-rules.ts'
import type { Subject } from './subject.ts'

/** More lines than this are no help in a log: plan.json holds all. */
const MOST_TOLD = 1000

/** Tells who is not in the list of a find although the list before, or a line of the inclusions, names them. */
export function tellLeftOut(
  { settings, world }: Job,
  found: Found,
  { before = [] }: Subject,
  rules: Selectors,
  notes: Notes,
): void {
  const leftOut = leftOutOf({ ...found, before, file: settings.usersFile, include: rules.include })
  notes.learn({ leftOut })
  if (leftOut.length === 0) return
  const lines = leftOut
    .slice(0, MOST_TOLD)
    .map(
      ({ who, email, from, reason }) =>
        `${[who, email].filter((part) => part !== '').join('  ')}  ${reason}  (${from})`,
    )
  const more =
    leftOut.length > lines.length ? [`… and ${count(leftOut.length - lines.length, 'more')}, all in plan.json`] : []
  world.log.group(`Not in the list: ${people(leftOut.length)} that the list before or "include" names`, [
    ...lines,
    ...more,
  ])
}
