import type { Change } from '../account/decision.ts'
import type { Facts } from '../account/facts.ts'
import { asObject, asText } from '../text/unknowns.ts'
import { type Reply, unreadable } from './answers.ts'
import type { Atlassian } from './atlassian.ts'
import { accountFacts } from './read-facts.ts'
import type { ApiRequest } from './transport.ts'

/** `GET /users/{id}/manage/profile`: the authority on an account's status. */
export async function readProfile(
  atlassian: Atlassian,
  id: string,
  stop: AbortSignal,
  urgent = false,
): Promise<Reply<Facts>> {
  const read = await atlassian.read({ method: 'GET', path: `${accountPath(id)}/profile` }, stop, urgent)
  if (read.kind !== 'read') return read
  const account = asObject(read.value.account)
  if (Object.keys(account).length === 0) return unreadable('a profile without an account')
  if (account.account_id !== undefined && account.account_id !== id) return unreadable('the profile of another account')
  const { account_type: type, account_status: status, email } = account
  return { kind: 'read', value: accountFacts({ type, status, email }) }
}

/** `GET /users/{id}/manage?privileges=lifecycle.enablement`: the reason key why it cannot be changed; empty where it can. */
export async function readWhyBlocked(atlassian: Atlassian, id: string, stop: AbortSignal): Promise<Reply<string>> {
  const read = await atlassian.read({ method: 'GET', path: `${accountPath(id)}?privileges=lifecycle.enablement` }, stop)
  if (read.kind !== 'read') return read
  const { allowed, reason } = asObject(read.value['lifecycle.enablement'])
  const key = asText(asObject(reason).key)
  // A reason why not is told also where the answer itself is missing, or something else.
  const isFree = allowed === true || (allowed !== false && key === '')
  return { kind: 'read', value: isFree ? '' : key || 'lifecycle.enablement' }
}

/** `POST /users/{id}/manage/lifecycle/disable` or `…/enable`. */
export function changeRequest(change: Change, id: string, message: string): ApiRequest {
  const path = `${accountPath(id)}/lifecycle`
  if (change === 'restore') return { method: 'POST', path: `${path}/enable` }
  // Without a JSON body Atlassian answers 400.
  return { method: 'POST', path: `${path}/disable`, body: message === '' ? {} : { message } }
}

/** Account ids keep their colon in the path, which is proven; everything else is encoded. */
function accountPath(id: string): string {
  return `/users/${encodeURIComponent(id).replaceAll('%3A', ':')}/manage`
}
