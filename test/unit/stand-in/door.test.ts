import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { describe, expect, test } from 'vitest'
import { openDoor } from '../../stand-in/door.ts'
import { createOrganization, person } from '../../stand-in/organization.ts'
import { startStandIn } from '../../stand-in/server.ts'

/** A process cannot be stopped and go on there. */
describe.skipIf(process.platform === 'win32')('a door', () => {
  test('that is shut keeps new connections from being made, and lets those go on that are there', async () => {
    await using standIn = await startStandIn(createOrganization({ people: [person({ id: 'ann' })] }))
    const { organization } = standIn
    using door = await openDoor(standIn)
    const agents = [new Agent({ connections: 1 }), new Agent({ connections: 1 })] as const
    const headers = { authorization: `Bearer ${organization.key}` }
    const ask = async (dispatcher: Agent): Promise<number> => {
      const { statusCode, body } = await request(`${door.url}/users/ann/manage/profile`, { dispatcher, headers })
      await body.dump()
      return statusCode
    }
    expect(await ask(agents[0])).toBe(200)
    await door.shut()
    expect(await ask(agents[0])).toBe(200)
    const kept = ask(agents[1])
    expect(await Promise.race([kept, sleep(300, 'kept out')])).toBe('kept out')
    expect(organization.calls).toHaveLength(2)
    door.open()
    expect(await kept).toBe(200)
    await Promise.all(agents.map((agent) => agent.close()))
    expect(standIn.errors).toEqual([])
  })
})
