import type { Mode } from '../account/decision.ts'
import { CHANGING_EVENTS } from '../account/events.ts'
import type { Guard, GuardFinding } from '../account/guard.ts'
import { MAX_PROBLEMS } from '../list/user-list.ts'
import { count, quote, sentenceList, thousands } from '../text/words.ts'

/** Guards that a `plan` only reports: they are about applying it. */
const ABOUT_APPLY: Guard[] = ['executing-user-missing', 'admins-unknown', 'plan-mismatch', 'not-approved', 'key-scoped']
/** `find` reports the caps as well: its list is looked at before anything comes of it. */
const ABOUT_LIST: Guard[] = [...ABOUT_APPLY, 'max-users', 'max-percent']

type Obstacle = Omit<GuardFinding, 'guard' | 'verdict'>

export function passed(guard: Guard, found: string, limit: string): GuardFinding {
  return { guard, verdict: 'passed', found, limit, message: '', fix: '' }
}

export function notChecked(guard: Guard, limit: string, why: string): GuardFinding {
  return { guard, verdict: 'not-checked', found: 'not checked', limit, message: why, fix: '' }
}

/** A guard that stops the run; the modes that change nobody only report those about changing somebody. */
export function refused(guard: Guard, obstacle: Obstacle, mode = ''): GuardFinding {
  const reporting = mode === 'plan' ? ABOUT_APPLY : mode === 'find' ? ABOUT_LIST : []
  if (!reporting.includes(guard)) return { guard, verdict: 'refused', ...obstacle }
  return { guard, verdict: 'reported', ...obstacle, message: `${obstacle.message} An apply would be refused.` }
}

/** Passed where it holds, else refused. */
export function checked(guard: Guard, holds: boolean, obstacle: Obstacle, mode = ''): GuardFinding {
  return holds ? passed(guard, obstacle.found, obstacle.limit) : refused(guard, obstacle, mode)
}

/** A guard that would have refused, but was waived on purpose. */
export function waived(guard: Guard, found: string, limit: string): GuardFinding {
  const message = `Guard ${guard} was waived with "waive: ${guard}": ${found}.`
  return { guard, verdict: 'waived', found, limit, message, fix: '' }
}

/** What a run has got past once it has read its inputs, and the list or the earlier results. @param isList null: neither */
export function passedByReading(isList: boolean | null): readonly GuardFinding[] {
  const read = isList
    ? passed('invalid-list', 'read whole', 'a list that can be parsed whole')
    : passed('results-unreadable', 'read whole', 'whole results of a trusted run')
  const inputs = passed('invalid-input', 'valid', 'inputs as action.yml describes them')
  return isList === null ? [inputs] : [inputs, read]
}

export function guardEvent(mode: string, eventName: string): GuardFinding {
  const limit = sentenceList(CHANGING_EVENTS, 'or')
  const isAllowed = (mode !== 'apply' && mode !== 'restore') || CHANGING_EVENTS.includes(eventName)
  return checked('event-not-allowed', isAllowed, {
    found: eventName || 'no event',
    limit,
    message: `Mode "${mode}" was started by the event ${quote(eventName)}; allowed: ${limit} alone, because most others can be triggered or filled by people without write permission.`,
    fix: `Write "mode: plan" here, and run "mode: ${mode}" on ${limit}.`,
  })
}

export function guardListNotEmpty(accounts: number): GuardFinding {
  return checked('empty-list', accounts > 0, {
    found: count(accounts, 'account'),
    limit: 'at least 1 account',
    message: 'The list has a header but 0 accounts; at least 1 account is required.',
    fix: 'Check the export that "users-file" or "users-artifact" names, or the step that writes it; to run on lists that may be empty, test for that before this step.',
  })
}

export function guardExecutingUser(executingUser: string, mode: string): GuardFinding {
  const limit = 'the owner of the API key'
  if (executingUser !== '') return passed('executing-user-missing', 'named', limit)
  if (mode === 'restore' || mode === 'verify')
    return notChecked('executing-user-missing', limit, 'Only an apply needs it.')
  const message = 'Input "executing-user" is empty, so the key\'s owner could be deactivated with the rest.'
  const fix = 'Name the owner of the API key, by e-mail or account id: "executing-user: WHO".'
  return refused('executing-user-missing', { found: 'nobody', limit, message, fix }, mode)
}

const ADMINS_UNKNOWN = {
  unnamed: {
    found: 'no organization-id',
    message: 'Input "organization-id" is empty, so the live organization admins are not known and cannot be protected.',
    fix: 'Add "organization-id: YOUR-ORGANIZATION-ID" (from admin.atlassian.com/o/…), or "waive: admins-unknown" if the list or "exclude" keeps the admins out.',
  },
  hidden: {
    found: 'not for this key',
    message: 'This key may not search the directory for its admins, so the admins cannot be protected.',
    fix: 'Name the admins in "exclude", or use a key that may search the directory.',
  },
  none: {
    found: 'no active admin in the directory',
    message: 'The directory names no active organization admin, so the admins cannot be protected.',
    fix: 'Check that "organization-id" is the right one, or add "waive: admins-unknown" if the list or "exclude" keeps the admins out.',
  },
} as const

/** @param activeAdmins `hidden` where the key may not ask; null where nobody asked */
export function guardAdminsKnown(
  organizationId: string,
  activeAdmins: number | 'hidden' | null,
  isWaived: boolean,
  mode: string,
): GuardFinding {
  const limit = 'at least 1 active organization admin, read from the directory'
  if (mode === 'restore' || mode === 'verify') return notChecked('admins-unknown', limit, 'Only an apply needs it.')
  if (organizationId !== '' && activeAdmins === null)
    return notChecked('admins-unknown', limit, 'The directory was not read.')
  if (typeof activeAdmins === 'number' && activeAdmins > 0)
    return passed('admins-unknown', count(activeAdmins, 'active admin'), limit)
  const why = organizationId === '' ? 'unnamed' : activeAdmins === 'hidden' ? 'hidden' : 'none'
  const { found, message, fix } = ADMINS_UNKNOWN[why]
  if (isWaived) return waived('admins-unknown', found, limit)
  return refused('admins-unknown', { found, limit, message, fix }, mode)
}

export function guardKeyGiven(hasKey: boolean, mode: string): GuardFinding {
  const limit = 'an API key'
  if (!hasKey && mode === 'plan') return notChecked('key-missing', limit, 'A plan without a key is made offline.')
  return checked('key-missing', hasKey, {
    found: hasKey ? 'a key' : 'no key',
    limit,
    message: `Input "api-key" is empty, and mode "${mode}" needs it. A secret is empty where its name is misspelled, where it belongs to an environment that the job does not name, and in pull requests from forks.`,
    fix: 'Create an organization API key without scopes on admin.atlassian.com, store it as a secret, and write that secret in "api-key: …".',
  })
}

/** @param digest empty for a find, which has none */
export function guardPlanDigest(approved: string, digest: string, mode: string): GuardFinding {
  const isApproved = approved === '' || approved === digest
  const told = { found: digest || 'no digest', limit: approved || 'any plan' }
  const message =
    digest === ''
      ? `A find makes no plan that could be the approved one (${approved}).`
      : `The plan's digest is ${digest}, but ${approved} was approved: the list, the exclusions, the inclusions, the organization or the day's due dates have changed since.`
  const fix =
    digest === ''
      ? 'Set "approved-plan" where the list is applied.'
      : `Review the plan again, then set "approved-plan: ${digest}".`
  return checked('plan-mismatch', isApproved, { ...told, message, fix }, mode)
}

export function guardMaxUsers(changes: number, maxUsers: number, verb: string, mode = ''): GuardFinding {
  const found = count(changes, 'account')
  const limit = `at most ${count(maxUsers, 'account')}`
  const message = `${found} would be ${verb}, more than the ${thousands(maxUsers)} that "max-users" allows.`
  const fix = `If that many are meant, set "max-users: ${changes}".`
  return checked('max-users', changes <= maxUsers, { found, limit, message, fix }, mode)
}

/** Strictly more than the share refuses. `active` is null where the directory was not read. */
export function guardMaxPercent(
  changes: number,
  active: number | null,
  maxPercent: number,
  isWaived: boolean,
  mode = '',
): GuardFinding {
  const limit = `at most ${maxPercent} % of the active managed accounts`
  const why = 'The active managed accounts are only known with "organization-id" and a key.'
  if (active === null) return notChecked('max-percent', limit, why)
  const share = active === 0 ? (changes === 0 ? 0 : 100) : (changes * 100) / active
  // Two digits where one would show the limit itself.
  const digits = Number(share.toFixed(1)) === maxPercent && share !== maxPercent ? 2 : 1
  const found = `${count(changes, 'account')} of ${thousands(active)} (${share.toFixed(digits)} %)`
  const raised = share > 100 || active === 0 ? '' : `set "max-percent: ${Math.ceil(share)}" or `
  const isWithin = changes * 100 <= maxPercent * active
  if (isWaived && !isWithin) return waived('max-percent', found, limit)
  const message = `${found} would be deactivated, more than the ${maxPercent} % of the organization's active managed accounts that "max-percent" allows.`
  const fix = `If that share is meant, ${raised}add "waive: max-percent".`
  return checked('max-percent', isWithin, { found, limit, message, fix }, mode)
}

const KEY_REFUSALS = {
  scoped: {
    guard: 'key-scoped',
    found: 'a key with scopes',
    limit: 'a key without scopes',
    message:
      'Atlassian answered that the API key has an insufficient scope: it is a key with scopes, and the lifecycle calls take only a key without scopes.',
  },
  unauthorized: {
    guard: 'key-rejected',
    found: 'HTTP 401',
    limit: 'a valid organization API key',
    message:
      'Atlassian rejected the API key (HTTP 401); a valid organization API key is needed. This one is mistyped, has expired or was revoked, or it is a personal or site API token instead of an organization API key.',
  },
} as const

export function guardKeyAccepted(why: keyof typeof KEY_REFUSALS, mode = ''): GuardFinding {
  const { guard, ...obstacle } = KEY_REFUSALS[why]
  const fix =
    'To go on, create an organization API key WITHOUT scopes on admin.atlassian.com (Settings, API keys), and store it in the secret that "api-key" reads.'
  return refused(guard, { ...obstacle, fix }, mode)
}

/** What the event and the inputs alone decide. @param aim the mode whose guards count: in a plan of a restore, restore */
export function guardsOfInputs(
  mode: Mode,
  aim: Mode,
  eventName: string,
  { executingUser, organizationId }: { readonly executingUser: string; readonly organizationId: string },
  hasKey: boolean,
  isWaived: boolean,
): readonly GuardFinding[] {
  const isRead = organizationId !== '' && hasKey
  return [
    guardEvent(mode, eventName),
    guardExecutingUser(executingUser, aim),
    ...(isRead ? [] : [guardAdminsKnown(organizationId, null, isWaived, aim)]),
    guardKeyGiven(hasKey, mode),
  ]
}

export function guardDirectoryReadable(why: string): GuardFinding {
  return refused('directory-unreadable', {
    found: why,
    limit: 'a readable directory',
    message: `The directory of the organization in "organization-id" could not be read (${quote(why)}), and without a readable directory its admins cannot be protected.`,
    fix: 'Write in "organization-id" the id from the address admin.atlassian.com/o/…, and pass in "api-key" a key that was created without scopes in that same organization.',
  })
}

export function guardExecutingUserKnown(executingUser: string, why: string): GuardFinding {
  return refused('executing-user-unknown', {
    found: why,
    limit: 'an account that Atlassian knows',
    message: `Input "executing-user" names ${quote(executingUser)}, but ${why}. It must be an account that Atlassian knows: otherwise the owner of the key could not be protected.`,
    fix: 'Write "executing-user: ACCOUNT-ID" with the id of the person who owns the key (it is in the address of the person\'s page on admin.atlassian.com).',
  })
}

export function guardAnyAccountKnown(known: number, looked: number): GuardFinding {
  const limit = 'at least 1 account that can be read'
  return checked('no-account-known', known > 0, {
    found: `${thousands(known)} of ${count(looked, 'account')}`,
    limit,
    message: `Not one of the ${count(looked, 'account')} that were looked at can be read with this key (required: ${limit}): probably the list and the key belong to different organizations.`,
    fix: 'Name in "users-file" an export of the organization in which the API key was created, or pass in "api-key" a key of the organization that the list is from.',
  })
}

export function guardApproval(
  verdict: { approved: true; by: readonly string[] } | { approved: false; why: string; fix: string },
  required: string,
  mode: string,
): GuardFinding {
  if (verdict.approved) return passed('not-approved', `approved by ${verdict.by.join(', ')}`, required)
  const { why: message, fix } = verdict
  return refused('not-approved', { found: 'no valid approval', limit: required, message, fix }, mode)
}

export function guardList(why: string, found: string): GuardFinding {
  return refused('invalid-list', {
    found,
    limit: 'a list that can be parsed whole',
    message: why,
    fix: 'Correct the list that "users-file" or "users-artifact" names, or export it again; one bad row refuses all of it, so that no row is misread.',
  })
}

export function guardResults(why: string): GuardFinding {
  return refused('results-unreadable', {
    found: 'results that cannot be used',
    limit: 'whole results of a trusted run',
    message: why,
    fix: 'Name in "results-artifact" and "results-run-id" a results artifact of this repository that has not expired.',
  })
}

/** @param hidden how many more problems there are than those given */
export function guardInput(problems: readonly string[], hidden = 0): GuardFinding {
  const [found, limit] = [count(problems.length + hidden, 'problem'), 'inputs as action.yml describes them']
  const told = problems.slice(0, MAX_PROBLEMS)
  const rest = problems.length + hidden - told.length
  const message = [...told, ...(rest > 0 ? [`${count(rest, 'more problem')} not listed.`] : [])].join('\n')
  return refused('invalid-input', { found, limit, message, fix: '' })
}
