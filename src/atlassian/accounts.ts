import type { Change } from '../account/decision.ts'
import type { Facts } from '../account/facts.ts'
import { asObject, asText } from '../text/unknowns.ts'
import type { Atlassian, Read, Sent } from './atlassian.ts'
import type { Withheld } from './pacer.ts'
import { accountFacts } from './read-facts.ts'

export type ProfileRead = { readonly kind: 'profile'; readonly facts: Facts } | Exclude<Read, { kind: 'done' }>

/** Whether the account can be enabled and disabled by this key, with Atlassian's reason key where it cannot. */
export type PermissionRead =
  | { readonly kind: 'permission'; readonly allowed: boolean; readonly reason: string }
  | Exclude<Read, { kind: 'done' }>

/** `GET /users/{id}/manage/profile`: the authority on an account's status. */
export async function readProfile(
  atlassian: Atlassian,
  id: string,
  stop: AbortSignal,
  urgent = false,
): Promise<ProfileRead> {
  const read = await atlassian.read({ method: 'GET', path: `${accountPath(id)}/profile` }, stop, urgent)
  if (read.kind !== 'done') return read
  const account = asObject(read.body.account)
  if (Object.keys(account).length === 0) return { kind: 'temporary', why: 'a profile without an account' }
  if (account.account_id !== undefined && account.account_id !== id) {
    return { kind: 'temporary', why: 'the profile of another account' }
  }
  return {
    kind: 'profile',
    facts: accountFacts({ type: account.account_type, status: account.account_status, email: account.email }),
  }
}

/** `GET /users/{id}/manage?privileges=lifecycle.enablement`. */
export async function readPermission(atlassian: Atlassian, id: string, stop: AbortSignal): Promise<PermissionRead> {
  const read = await atlassian.read({ method: 'GET', path: `${accountPath(id)}?privileges=lifecycle.enablement` }, stop)
  if (read.kind !== 'done') return read
  const enablement = asObject(read.body['lifecycle.enablement'])
  const reason = asText(asObject(enablement.reason).key)
  // A reason why not is told also where the answer itself is missing, or something else.
  const allowed = enablement.allowed === true || (enablement.allowed !== false && reason === '')
  return { kind: 'permission', allowed, reason }
}

/** Why a status cannot be changed; empty where it can. */
export function blockOf({ allowed, reason }: Extract<PermissionRead, { kind: 'permission' }>): string {
  return allowed ? '' : reason || 'lifecycle.enablement'
}

/** `POST /users/{id}/manage/lifecycle/disable` or `…/enable`, sent once. */
export function sendChange(
  atlassian: Atlassian,
  change: Change,
  id: string,
  message: string,
  stop: AbortSignal,
  onSend: () => Promise<void>,
): Promise<Sent | Withheld> {
  const path = `${accountPath(id)}/lifecycle`
  if (change === 'restore') return atlassian.change({ method: 'POST', path: `${path}/enable` }, stop, onSend)
  // Without a JSON body Atlassian answers 400.
  const body = message === '' ? {} : { message }
  return atlassian.change({ method: 'POST', path: `${path}/disable`, body }, stop, onSend)
}

/** Account ids keep their colon in the path, which is proven; everything else is encoded. */
function accountPath(id: string): string {
  return `/users/${encodeURIComponent(id).replaceAll('%3A', ':')}/manage`
}
