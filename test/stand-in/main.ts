// Starts the stand-in for a workflow or for trying things by hand:
//   node test/stand-in/main.ts --port 8787 --people 50 --list users.csv
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createOrganization, crowd, person, toDirectoryCsv } from './organization.ts'
import { startStandIn } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    people: { type: 'string', default: '50' },
    list: { type: 'string', default: 'users.csv' },
  },
})
const admin = person({
  id: '557058:ada-admin',
  name: 'Ada Admin',
  email: 'ada.admin@example.com',
  roles: ['atlassian/org-admin'],
})
const people = [admin, ...crowd(Number(values.people))]
const organization = createOrganization({ id: 'acme', people })
const { url } = await startStandIn(organization, Number(values.port))
writeFileSync(values.list, toDirectoryCsv(people))
console.log(`${url} organization-id=${organization.id} executing-user=${admin.email} api-key=${organization.key}`)
