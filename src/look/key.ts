import { DAY } from '../account/day.ts'
import { readWhyBlocked } from '../atlassian/accounts.ts'
import { type ApiKey, keyThatEndsSoon } from '../atlassian/api-keys.ts'
import type { Notes } from '../notes.ts'
import { guardKeyAccepted, passed } from '../plan/guards.ts'
import { count } from '../text/words.ts'
import { dayOf, withPatience } from '../world/clock.ts'
import type { Live, Question } from './connect.ts'

/** What the check of the key learned. */
export interface Permission {
  /** Of whom it learned it; empty: of nobody. */
  readonly account: string
  /** Why the status cannot be changed; empty where it can. */
  readonly blockedBy: string
  /** Whether all others are asked for by their own calls. */
  readonly asksOthers: boolean
}

export const NOTHING_LEARNED: Permission = { account: '', blockedBy: '', asksOthers: true }
/** For a key whose scopes do not reach the permission, or where nothing will be changed. */
export const NOBODY_ASKED: Permission = { ...NOTHING_LEARNED, asksOthers: false }

/** Asks once for a right that only a key without scopes has. Null after a refusal or a stop. */
export async function checkKey(question: Omit<Question, 'plan'>, account: string): Promise<Permission | null> {
  const { atlassian, settings, notes, stop } = question
  const read = await readWhyBlocked(atlassian, account, stop)
  if (read.kind === 'withheld') return null
  if (read.kind === 'key-rejected') {
    const finding = guardKeyAccepted(read.why, settings.mode)
    notes.guard(finding)
    return finding.verdict === 'refused' ? null : NOBODY_ASKED
  }
  notes.guard(
    passed('key-rejected', 'accepted', 'a valid organization API key'),
    passed('key-scoped', 'no scopes', 'a key without scopes'),
  )
  return read.kind === 'read' ? { account, blockedBy: read.value, asksOthers: true } : NOTHING_LEARNED
}

/** The organization's API keys, as far as they can be read in a minute: a run goes on without them. */
export async function readApiKeys({ directory, log, clock, stop }: Question): Promise<readonly ApiKey[]> {
  if (directory === null) return []
  const { keys, isComplete } = await withPatience(clock, stop, 60_000, directory.apiKeys)
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
  const which = end.isCertain
    ? `The API key ends ${when}.`
    : `One of the executing user's API keys ends ${when}; nobody can tell whether it is the one of this run.`
  notes.warn(
    `${which} Create a new one without scopes on admin.atlassian.com (Settings, API keys), store it in the secret, and delete the old one.`,
  )
}

/** Tells what the scopes of the key do not reach; the API keys and the permission are told where they are read. */
export function tellReach({ directory, refused }: Live, notes: Notes): void {
  const told = [
    refused.has('search') &&
      directory?.standsIn() === true &&
      'the search, so the list of managed accounts replaces it. That has status, e-mail and last activity, but no groups, roles, admins or joining dates: admins are not recognized, and newcomers without activity are left alone where "idle-days" asks',
    refused.has('profile') &&
      (directory === null
        ? 'profiles, so nothing is read about anybody without "organization-id"'
        : 'profiles, so the status in the directory counts, which may lag, and anybody it does not know is left alone'),
    refused.has('count') &&
      'the count of active accounts, so "max-percent" is only checked where all accounts were read',
    refused.has('stats') &&
      'the figures of the directory, so whether all organization admins are listed is not checked',
  ].filter((text) => text !== false)
  if (told.length > 0) notes.warn(`The scopes of the API key do not reach ${told.join('; ')}.`)
}
