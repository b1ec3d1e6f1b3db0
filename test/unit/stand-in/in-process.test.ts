import { request } from 'undici'
import { expect, test } from 'vitest'
import { connect } from '../../../src/atlassian/transport.ts'
import { atlassianHandlers } from '../../stand-in/atlassian-handlers.ts'
import { createFaults } from '../../stand-in/faults.ts'
import { serveInProcess } from '../../stand-in/in-process.ts'
import { createOrganization, person } from '../../stand-in/organization.ts'
import { createQuota } from '../../stand-in/quota.ts'

const ORIGIN = 'https://api.atlassian.com'

test('the handlers answer our own transport in this process', async () => {
  const organization = createOrganization({ people: [person({ id: 'ann' })] })
  await using _ = serveInProcess(
    atlassianHandlers(ORIGIN, { organization, faults: createFaults(), quota: createQuota() }),
  )
  const transport = await connect({
    origin: ORIGIN,
    key: organization.key,
    env: {},
    scrub: (text) => text,
    connections: 1,
  })
  const stop = new AbortController().signal
  const answer = await transport.send({ method: 'GET', path: '/users/ann/manage/profile' }, { stop })
  expect(answer).toMatchObject({ kind: 'answer', status: 200 })
  expect(organization.callsTo('profile', 'ann')).toHaveLength(1)
  await transport.close()
})

test('a call of undici that no handler knows is rejected and reaches no network', async () => {
  await using _ = serveInProcess([])
  await expect(request(`${ORIGIN}/nobody/knows/this`)).rejects.toThrow()
})
