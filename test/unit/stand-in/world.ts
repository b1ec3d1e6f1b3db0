import { getResponse } from 'msw'
import { type AtlassianWorld, atlassianHandlers } from '../../stand-in/atlassian-handlers.ts'
import { createFaults } from '../../stand-in/faults.ts'
import { createOrganization, type OrganizationOptions } from '../../stand-in/organization.ts'
import { createQuota } from '../../stand-in/quota.ts'

export const ORIGIN = 'https://api.atlassian.com'
export const USERS = '/admin/v2/orgs/org-1/directories/-/users'

export interface Asking extends AtlassianWorld {
  /** Milliseconds that the organization's clock shows. */
  readonly clock: { time: number; now(): number }
  ask(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body?: object | string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Account status by the profile. */
  statusOf(id: string): Promise<string>
}

/** An organization whose handlers are asked in this process, in the time of its own clock. */
export function openWorld(options: OrganizationOptions): Asking {
  const clock = { time: Date.parse('2026-06-05T05:59:30.500Z'), now: () => clock.time }
  const organization = createOrganization({ clock, ...options })
  const world: AtlassianWorld = { organization, faults: createFaults(), quota: createQuota() }
  const handlers = atlassianHandlers(ORIGIN, world)
  const ask: Asking['ask'] = async (path, init = {}) => {
    const headers = { authorization: `Bearer ${organization.key}`, ...init.headers }
    const response = await getResponse(handlers, new Request(ORIGIN + path, { ...init, headers }))
    if (response === undefined) throw new Error(`Nobody handles ${path}.`)
    return response
  }
  return {
    ...world,
    clock,
    ask,
    post: (path, body, headers = { 'content-type': 'application/json' }) => {
      const text = typeof body === 'object' ? JSON.stringify(body) : body
      return ask(path, { method: 'POST', headers, ...(text === undefined ? {} : { body: text }) })
    },
    statusOf: async (id) => {
      const { account } = (await (await ask(`/users/${id}/manage/profile`)).json()) as {
        account: { account_status: string }
      }
      return account.account_status
    },
  }
}
