// The stand-in of a bench, in its own process: says where it is, and reports what it saw when it is asked.
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import type { StandInFacts, StandInOrder, StandInReport } from './stand-in.ts'

const order = JSON.parse(process.argv[2] ?? '{}') as StandInOrder
const admin = person({
  id: '557058:ada-admin',
  name: 'Ada Admin',
  email: 'ada.admin@example.com',
  roles: ['atlassian/org-admin'],
})
const people = [admin, ...crowd(order.people)]
const { latency = 0, searchLag = 0, addresses = true } = order
const reach = order.reach === undefined ? null : new Set(order.reach)
const organization = createOrganization({ id: 'acme', people, latency, searchLag, reach })
const listed = people.slice(0, 1 + (order.listed ?? order.people))
const standIn = await startStandIn(organization)
standIn.quota.quota = order.quota ?? null

const facts: StandInFacts = {
  url: standIn.url,
  organizationId: organization.id,
  key: organization.key,
  executingUser: admin.email,
  list: toDirectoryCsv(addresses ? listed : listed.map((one) => ({ ...one, email: '' }))),
  artifactEnvironment: artifactEnvironment(standIn.url, '1000'),
}
process.on('message', () => {
  const report: StandInReport = {
    calls: organization.calls.map(({ at, route, status }) => ({ at, route, status })),
    changes: organization.changes.length,
    maxInFlight: organization.maxInFlight,
  }
  process.send?.(report)
})
process.send?.(facts)
