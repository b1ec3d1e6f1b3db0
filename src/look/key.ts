import { DAY } from '../account/day.ts'
import { readWhyBlocked } from '../atlassian/accounts.ts'
import { type ApiKey, keyThatEndsSoon } from '../atlassian/api-keys.ts'
import type { Notes } from '../notes.ts'
import { passed } from '../plan/findings.ts'
import { guardKeyAccepted } from '../plan/guards.ts'
import { count } from '../text/words.ts'
import { dayOf } from '../world/clock.ts'
import { withPatience } from '../world/patience.ts'
import type { Question } from './connect.ts'

/** What the check of the key learned of one account. */
export interface Permission {
  /** Empty where nothing was learned. */
  readonly account: string
  /** Why its status cannot be changed; empty where it can. */
  readonly blockedBy: string
  /** Whether the key has scopes that do not reach this. */
  readonly isScoped: boolean
}

/** The check learned nothing, or was not made. */
export const NO_PERMISSION: Permission = { account: '', blockedBy: '', isScoped: false }

/** Asks once for a right that only a key without scopes has. Null after a refusal or a stop. */
export async function checkKey(
  { atlassian, settings, notes, stop }: Pick<Question, 'atlassian' | 'settings' | 'notes' | 'stop'>,
  account: string,
): Promise<Permission | null> {
  const read = await readWhyBlocked(atlassian, account, stop)
  if (read.kind === 'withheld') return null
  if (read.kind === 'key-rejected') {
    const finding = guardKeyAccepted(read.why, settings.mode)
    notes.guard(finding)
    return finding.verdict === 'refused' ? null : { ...NO_PERMISSION, isScoped: true }
  }
  notes.guard(
    passed('key-rejected', 'accepted', 'a valid organization API key'),
    passed('key-scoped', 'no scopes', 'a key without scopes'),
  )
  return read.kind === 'read' ? { account, blockedBy: read.value, isScoped: false } : NO_PERMISSION
}

/** The list of keys protects people, as far as it can be read. Milliseconds. */
const KEYS_PATIENCE = 60_000

/** The organization's API keys. Best effort: a run goes on without them. */
export async function readApiKeys({ directory, log, clock, stop }: Question): Promise<readonly ApiKey[]> {
  if (directory === null) return []
  const { keys, isComplete } = await withPatience(clock, stop, KEYS_PATIENCE, directory.apiKeys)
  if (!isComplete && !stop.aborted) {
    log.notice(
      keys.length === 0
        ? "The organization's API keys could not be listed, so only the executing user is protected as the owner of one."
        : `Only ${count(keys.length, 'API key')} of the organization could be listed; the owners of further ones are not protected.`,
    )
  }
  return keys
}

/** A key that ends between two runs makes the next one fail at night. */
export function warnOfKeyEnd(keys: readonly ApiKey[], owners: readonly string[], now: number, notes: Notes): void {
  const end = keyThatEndsSoon(keys, owners, now)
  if (end === null) return
  const days = Math.floor((end.endsAt - now) / DAY)
  const when = `on ${dayOf(end.endsAt)}, in ${days === 0 ? 'less than a day' : count(days, 'day')}`
  notes.warn(
    `${end.isCertain ? `The API key ends ${when}.` : `One of the executing user's API keys ends ${when}; nobody can tell whether it is the one of this run.`} ` +
      'Create a new one without scopes on admin.atlassian.com (Settings, API keys), store it in the secret, and delete the old one.',
  )
}
