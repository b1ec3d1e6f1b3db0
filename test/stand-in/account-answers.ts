import { badFormat, done, json, ok } from './answers.ts'
import type { Asked } from './atlassian-handlers.ts'
import type { Organization, Person } from './organization.ts'

const PRIVILEGES = [
  'profile',
  'profile.read',
  'profile.write',
  'email.set',
  'lifecycle.enablement',
  'lifecycle.delete',
  'apiToken.read',
  'apiToken.delete',
]
/** Privileges whose rule names one property after the other. */
const BY_PROPERTY = ['profile', 'profile.write']

/** `GET /users/{id}/manage`: what the key may do with the account; all of it, or the privileges asked for. */
export function permissions(organization: Organization, { person, url }: Asked): Response {
  const asked = url.searchParams.getAll('privileges').flatMap((names) => names.split(','))
  if (asked.some((name) => !PRIVILEGES.includes(name))) return badFormat('Unknown privilege')
  return managed(organization, person, ({ manageRefusal: reason }) => {
    const rule = (name: string): object => {
      if (BY_PROPERTY.includes(name)) return { name: { allowed: true }, nickname: { allowed: true } }
      if (name === 'lifecycle.enablement' && reason !== '') return { allowed: false, reason: { key: reason, more: 1 } }
      return { allowed: true }
    }
    return ok(Object.fromEntries((asked.length === 0 ? PRIVILEGES : asked).map((name) => [name, rule(name)])))
  })
}

/** `GET /users/{id}/manage/profile`, the authority on an account's status. */
export function profile(organization: Organization, { person }: Asked): Response {
  return managed(organization, person, (found) => profileOf(found, organization.profiledStatus(found)))
}

/** A profile that shows the opposite of what is. */
export function wrongProfile(organization: Organization, { person }: Asked): Response {
  return managed(organization, person, (found) =>
    profileOf(found, found.accountStatus === 'active' ? 'inactive' : 'active'),
  )
}

/** `POST /users/{id}/manage/lifecycle/disable` and `…/enable`. */
export function lifecycle(organization: Organization, asked: Asked, action: 'disable' | 'enable'): Response {
  const { call, body, person } = asked
  if (action === 'disable') {
    const type = call.contentType === '' ? 'application/octet-stream' : call.contentType
    if (!/^application\/json\b/i.test(type))
      return badFormat(`Invalid content type (${type}).  These are valid: application/json`)
    if (body === null) return json({ key: 'bodyParseFailure' }, 400)
    if (body.message !== undefined && typeof body.message !== 'string') return badFormat('message must be a string')
  }
  return managed(organization, person, (found) => {
    if (found.manageRefusal !== '')
      return json({ key: 'forbidden.action', context: { allowed: false, reason: { key: found.manageRefusal } } }, 403)
    if (found.disableRefusal !== null) return json(found.disableRefusal.body, found.disableRefusal.status)
    const message = typeof body?.message === 'string' ? body.message : ''
    if (organization.setStatus(found.id, action, message)) return done()
    const asWanted = found.accountStatus === (action === 'disable' ? 'inactive' : 'active')
    return asWanted && organization.alreadySo === 204 ? done() : conflict(found)
  })
}

/** Answers for accounts that the organization manages; of the others a key learns nothing. */
function managed(
  organization: Organization,
  person: Person | undefined,
  answer: (person: Person) => Response,
): Response {
  if (person === undefined) return json({ key: 'accountNotFound' }, 404)
  if (person.claimStatus === 'unmanaged') {
    const { unmanagedStatus: status } = organization
    return json({ key: status === 404 ? 'notFound' : 'forbidden' }, status)
  }
  return answer(person)
}

function profileOf(person: Person, status: Person['accountStatus']): Response {
  return ok({
    account: {
      account_id: person.id,
      account_type: person.accountType,
      account_status: status,
      name: shownName(person, status),
      nickname: person.name,
      email: person.email,
      email_verified: true,
      picture: 'https://example.com/picture.png',
      extended_profile: { job_title: 'Tester' },
      characteristics: { not_mentionable: status !== 'active' },
      later: [1],
      ...person.odd.profile,
    },
  })
}

/** Atlassian shows everywhere that an account is deactivated. */
export function shownName({ name }: Person, status: Person['accountStatus']): string {
  return status === 'active' ? name : `${name} (Deactivated)`
}

function conflict({ id: accountId, accountStatus }: Person): Response {
  const errorCodes = [
    { code: 'account.status', message: `The account is ${accountStatus}`, link: 'https://example.com/help' },
  ]
  const context = { message: 'This account is not eligible for the requested action', accountId, errorCodes }
  return json({ key: 'conflict.lifecycleErrors', context }, 409)
}
