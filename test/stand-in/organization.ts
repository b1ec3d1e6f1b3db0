import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from './person.ts'

export { crowd, type Members, type Odd, type Person, person, serviceAccount, toDirectoryCsv } from './person.ts'

export type Route =
  | 'permissions'
  | 'profile'
  | 'disable'
  | 'enable'
  | 'search'
  | 'count'
  | 'stats'
  | 'users'
  | 'api-keys'
  | 'scim-links'
  | 'orgs'
  | 'other'

/** One call to Atlassian's API as it arrived. */
export interface Call {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** With the query, as it was sent. */
  readonly path: string
  readonly route: Route
  /** Percent-decoded; empty where the route names no account. */
  readonly accountId: string
  readonly authorization: string
  readonly contentType: string
  readonly body: string
  /** 0: it was never answered, or its connection was cut. */
  status: number
  /** The account status that a profile showed of the account it was asked for; empty: none. */
  shows: string
}

/** A change of an account that really happened. */
export interface RealChange {
  readonly at: number
  readonly accountId: string
  readonly action: 'disable' | 'enable'
  readonly message: string
  /** A call, or the identity provider's next sync. */
  readonly by: 'call' | 'sync'
}

/** How long the profile goes on to show an account as it was before its change. */
export interface Lag {
  /** Reads. */
  readonly reads?: number
  readonly milliseconds?: number
}

/** How an organization answers; a test may change it at any time. */
export interface Behaviour {
  /** The key was made with scopes that reach everything but the accounts' own calls. */
  scopedKey: boolean
  /** The calls that the scopes of the key reach; null: a key without scopes. */
  reach: ReadonlySet<Route> | null
  /** The list of API keys answers 500 to a call without `pageSize`. */
  keysNeedPageSize: boolean
  /** Organization admins that the figures count and no search names: those through a group. */
  hiddenAdmins: number
  /** What disable answers for an account that is inactive already, and enable for an active one. */
  alreadySo: 204 | 409
  /** What is answered for an account that this organization does not manage. */
  unmanagedStatus: 403 | 404
  /** What is answered for another organization's id. */
  foreignStatus: 403 | 404
  /** The search shows the status as it was this many milliseconds ago. */
  searchLag: number
  /** How the last page of the search says that it is the last. */
  lastPage: 'absent' | 'null'
  /** Origin that the next link of `GET /admin/v1/orgs/:org/users` names; empty: the request's own. */
  nextOrigin: string
  /** Every call takes at least this long. Milliseconds. */
  latency: number
  /** Is told of each call as it arrives. */
  onCall: (call: Call) => void
}

/** A stateful Atlassian organization that keeps its own record of all that is done to it. */
export interface Organization extends Behaviour {
  readonly id: string
  readonly key: string
  readonly people: Map<string, Person>
  readonly apiKeys: { readonly creator: string; readonly expiresAt: string; readonly scopes?: readonly string[] }[]
  /** Calls that arrived, in order. */
  readonly calls: Call[]
  readonly changes: RealChange[]
  /** `Authorization` headers that arrived, by the origin that they were sent to. */
  readonly authorizations: Map<string, Set<string>>
  /** Most calls that were being answered at the same time. */
  maxInFlight: number
  inFlight: number
  /** Milliseconds since the epoch. */
  now(): number
  /** Lets so many milliseconds of its time pass, while a call waits for its answer. */
  sleep(milliseconds: number): Promise<unknown>
  /** The same, while no call waits for it. */
  later(milliseconds: number): Promise<unknown>
  callsTo(route: Route, accountId?: string): readonly Call[]
  /** How often each route was called, and each account. */
  counts(): { readonly byRoute: Readonly<Partial<Record<Route, number>>>; readonly byAccount: Map<string, number> }
  /** Makes the change, and records it. False, and nothing done, where it is so already, or cannot be. */
  setStatus(accountId: string, action: 'disable' | 'enable', message: string): boolean
  /** Has the profile lag behind the change just made. */
  lagProfile(accountId: string, lag: Lag): void
  /** Has a sync make the account active again, after this many milliseconds. */
  comeBack(accountId: string, milliseconds: number): void
  /** Makes what is due by now come true; every call does this first. */
  settle(): void
  /** Account status as the profile shows it. Counts as a read. */
  profiledStatus(person: Person): Person['accountStatus']
  /** Account status as the search shows it. */
  searchedStatus(person: Person): Person['accountStatus']
}

export interface OrganizationOptions extends Partial<Behaviour> {
  readonly id?: string
  readonly key?: string
  readonly people: readonly Person[]
  /** Its time; left out, the machine's. */
  readonly clock?: OrganizationClock
}

export interface OrganizationClock {
  now(): number
  /** Left out, latencies and delays take real time. */
  sleep?(milliseconds: number): Promise<unknown>
  /** For what no call waits for; left out, the same. */
  later?(milliseconds: number): Promise<unknown>
}

const MACHINE: OrganizationClock = { now: () => Date.now() }

export function createOrganization(options: OrganizationOptions): Organization {
  const { id = 'org-1', key = 'ATCTT3xFfGN0-stand-in-key', people: given, clock = MACHINE, ...behaviour } = options
  const people = new Map(given.map((person) => [person.id, { ...person }]))
  const calls: Call[] = []
  const changes: RealChange[] = []
  const history = new Map<string, { readonly at: number; readonly before: Person['accountStatus'] }[]>()
  const lags = new Map<string, { readonly until: number; reads: number }>()
  const returns = new Map<string, number>()

  const change = (person: Person, action: RealChange['action'], message: string, by: RealChange['by']): void => {
    const at = clock.now()
    history.set(person.id, [...(history.get(person.id) ?? []), { at, before: person.accountStatus }])
    lags.delete(person.id)
    person.accountStatus = action === 'disable' ? 'inactive' : 'active'
    changes.push({ at, accountId: person.id, action, message, by })
  }

  return {
    id,
    key,
    people,
    calls,
    changes,
    authorizations: new Map(),
    maxInFlight: 0,
    inFlight: 0,
    apiKeys: [],
    scopedKey: false,
    reach: null,
    keysNeedPageSize: false,
    hiddenAdmins: 0,
    alreadySo: 409,
    unmanagedStatus: 403,
    foreignStatus: 403,
    searchLag: 0,
    lastPage: 'absent',
    nextOrigin: '',
    latency: 0,
    onCall: () => undefined,
    ...behaviour,
    now: () => clock.now(),
    sleep: (milliseconds) => (clock.sleep ?? sleep)(milliseconds),
    later: (milliseconds) => (clock.later ?? clock.sleep ?? sleep)(milliseconds),
    callsTo: (route, accountId) =>
      calls.filter((call) => call.route === route && (accountId === undefined || call.accountId === accountId)),
    counts() {
      const byRoute: Partial<Record<Route, number>> = {}
      const byAccount = new Map<string, number>()
      for (const { route, accountId } of calls) {
        byRoute[route] = (byRoute[route] ?? 0) + 1
        if (accountId !== '') byAccount.set(accountId, (byAccount.get(accountId) ?? 0) + 1)
      }
      return { byRoute, byAccount }
    },
    setStatus(accountId, action, message) {
      const person = people.get(accountId)
      if (person === undefined || !canChange(person, action)) return false
      change(person, action, message, 'call')
      return true
    },
    lagProfile: (accountId, { reads = Number.POSITIVE_INFINITY, milliseconds = Number.POSITIVE_INFINITY }) => {
      lags.set(accountId, { until: clock.now() + milliseconds, reads })
    },
    comeBack: (accountId, milliseconds) => {
      returns.set(accountId, clock.now() + milliseconds)
    },
    settle() {
      for (const [accountId, due] of returns) {
        if (clock.now() < due) continue
        returns.delete(accountId)
        const person = people.get(accountId)
        if (person?.accountStatus === 'inactive') change(person, 'enable', '', 'sync')
      }
    },
    profiledStatus(person) {
      const lag = lags.get(person.id)
      const before = history.get(person.id)?.at(-1)?.before
      if (lag === undefined || before === undefined || lag.reads <= 0 || clock.now() >= lag.until)
        return person.accountStatus
      lag.reads--
      return before
    },
    searchedStatus(person) {
      const then = clock.now() - this.searchLag
      return history.get(person.id)?.find(({ at }) => at > then)?.before ?? person.accountStatus
    },
  }
}

/** A closed account stays closed; one that is marked for deletion can be enabled only after that is cancelled. */
function canChange({ accountStatus, forDeletion }: Person, action: 'disable' | 'enable'): boolean {
  return action === 'disable' ? accountStatus === 'active' : accountStatus === 'inactive' && !forDeletion
}
