import type { Call, Organization } from '../stand-in/organization.ts'
import type { Attempt } from './attempts.ts'

type Action = 'disable' | 'enable'

/** What the stand-in's own records say of all attempts at one change together. */
export interface Audit {
  readonly accounts: number
  /** Accounts that were changed more often than once. */
  readonly twice: number
  /** Accounts outside of the list that were changed, or only asked to be. */
  readonly outside: number
  /** Listed accounts that were not changed. */
  readonly missed: number
  /** Changes that were sent again although an answer other than a refusal for the rate had come. */
  readonly resent: number
  /** Whether each attempt changed its canary and read it back before anybody else. */
  readonly canaryFirst: readonly boolean[]
  readonly calls: number
  readonly refused: number
  /** Accounts changed by each attempt. */
  readonly perAttempt: readonly number[]
}

/** Holds attempts against what really happened. Counts only: there may be a hundred thousand accounts. */
export function audit(
  { calls, changes }: Organization,
  attempts: readonly Attempt[],
  action: Action,
  listed: ReadonlySet<string>,
): Audit {
  const own = attempts.map(({ firstCall, endCall }) => calls.slice(firstCall, endCall))
  const sent = tally(own.flat().filter(({ route, status }) => route === action && status !== 429))
  const made = tally(changes.filter((change) => change.action === action))
  const asked = new Set([
    ...made.keys(),
    ...own
      .flat()
      .filter(isChange)
      .map(({ accountId }) => accountId),
  ])
  return {
    accounts: made.size,
    twice: countWhere(made.values(), (times) => times > 1),
    outside: countWhere(asked, (id) => !listed.has(id)),
    missed: countWhere(listed, (id) => !made.has(id)),
    resent: countWhere(sent.values(), (times) => times > 1),
    canaryFirst: own.map(isCanaryFirst),
    calls: own.reduce((sum, { length }) => sum + length, 0),
    refused: own.flat().filter(({ status }) => status === 429).length,
    perAttempt: own.map((some) => new Set(some.filter(isDone).map(({ accountId }) => accountId)).size),
  }
}

/** What of it breaks a promise, in words; nothing where all is well. */
export function brokenPromises(found: Audit, attempts: readonly Attempt[]): string[] {
  const none = { twice: 'changed twice', outside: 'not of the list', missed: 'not changed', resent: 'sent again' }
  const broken = Object.entries(none)
    .map(([name, words]) => ({ words, accounts: found[name as keyof typeof none] }))
    .filter(({ accounts }) => accounts > 0)
    .map(({ words, accounts }) => `${accounts} accounts were ${words}`)
  for (const [index, first] of found.canaryFirst.entries()) {
    if (!first) broken.push(`attempt ${index + 1} did not begin with its canary`)
  }
  const last = attempts.at(-1)?.step.outputs
  if (last?.outcome !== 'completed') broken.push(`the last attempt ended ${last?.outcome} (${last?.reason})`)
  const early = attempts.slice(0, -1).filter(({ step }) => step.outputs.outcome !== 'partial')
  if (early.length > 0) broken.push(`${early.length} earlier attempts were not partial`)
  return broken
}

/** The first account that is changed is read back before the next is begun. */
function isCanaryFirst(calls: readonly Call[]): boolean {
  const first = calls.findIndex(isDone)
  const canary = calls[first]?.accountId
  const next = calls.findIndex((call) => isChange(call) && call.accountId !== canary)
  const readBack = calls.slice(first, next < 0 ? calls.length : next)
  return (
    first >= 0 &&
    (next < 0 || next > first) &&
    readBack.some(({ route, accountId, status }) => route === 'profile' && accountId === canary && status === 200)
  )
}

function isChange({ route }: Call): boolean {
  return route === 'disable' || route === 'enable'
}

function isDone(call: Call): boolean {
  return isChange(call) && call.status === 204
}

function tally(items: readonly { readonly accountId: string }[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const { accountId } of items) times.set(accountId, (times.get(accountId) ?? 0) + 1)
  return times
}

function countWhere<T>(items: Iterable<T>, holds: (item: T) => boolean): number {
  let count = 0
  for (const item of items) if (holds(item)) count++
  return count
}
