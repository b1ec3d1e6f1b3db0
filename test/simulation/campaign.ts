import { admin } from '../integration/scene.ts'
import { createOrganization, crowd, type Person } from '../stand-in/organization.ts'
import type { Quota } from '../stand-in/quota.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { type SimulatedTime, simulateTime } from './time.ts'

/** An organization with a limit, a list of some of its people, and the time in which one workflow run deals with them. */
export interface Campaign extends AsyncDisposable {
  readonly standIn: StandIn
  readonly time: SimulatedTime
  readonly list: readonly Person[]
  /** For every attempt. */
  readonly inputs: Readonly<Record<string, string>>
}

export interface CampaignOrder {
  readonly people: number
  /** How many of them are listed. */
  readonly listed: number
  readonly quota: Quota
  /** Beyond those that every campaign needs. */
  readonly inputs?: Readonly<Record<string, string>>
}

/** What an answer of Atlassian takes. Milliseconds. */
const LATENCY = 100

export async function openCampaign(order: CampaignOrder): Promise<Campaign> {
  const time = simulateTime()
  const people = crowd(order.people)
  const organization = createOrganization({ people: [admin(), ...people], clock: time.standIn, latency: LATENCY })
  const standIn = await startStandIn(organization)
  standIn.quota.quota = order.quota
  return {
    standIn,
    time,
    list: people.slice(0, order.listed),
    inputs: {
      'organization-id': organization.id,
      waive: '',
      'max-users': String(order.listed),
      'max-percent': '25',
      ...order.inputs,
    },
    [Symbol.asyncDispose]: async () => {
      await standIn.close()
      time[Symbol.dispose]()
    },
  }
}
